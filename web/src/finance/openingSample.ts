/** What rows may be, in the order in which the help tells them. */
export const kinds = [
  'account',
  'invoice',
  'credit_note',
  'payment',
  'advance',
  'bill',
  'supplier_credit',
  'supplier_payment',
  'supplier_advance',
  'expense',
  'employee_payment',
  'difference',
] as const;

/** A file with a row of every kind, which balances. */
export const sample = `kind,account,company,employee,number,date,due_date,currency,rate,tax_code,amount
account,1210,,,,,,,,,5000.00
account,1410,,,,,,,,,1390.00
account,1480,,,,,,,,,236.00
account,3110,,,,,,,,,-600.00
account,3120,,,,,,,,,-100.00
account,3160,,,,,,,,,-35.00
invoice,,Vake Clinic,,A-17,2025-11-03,2025-12-03,,,,1000.00
invoice,,Vake Clinic,,A-18,2025-12-01,2025-12-31,USD,2.7,,200.00
credit_note,,Vake Clinic,,CN-3,2025-12-05,,,,,100.00
payment,,Vake Clinic,,R-1,2025-12-10,,,,,50.00
advance,,Vake Clinic,,AV-1,2025-11-20,,,,VAT18,118.00
bill,,Office Ltd,,OF-4,2025-12-01,2025-12-31,,,,700.00
supplier_credit,,Office Ltd,,OC-1,2025-12-20,,,,,70.00
supplier_payment,,Office Ltd,,P-8,2025-12-21,,,,,30.00
supplier_advance,,Office Ltd,,SA-1,2025-12-22,,,,,236.00
expense,,,Nino Beridze,Taxi to Kutaisi,2025-12-15,,,,,60.00
employee_payment,,,Nino Beridze,For petrol,2025-12-16,,,,,25.00
difference,,,,,,,,,,
`;
