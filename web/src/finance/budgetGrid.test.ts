import { describe, expect, it } from 'vitest';
import { monthsOf, rowsOf } from './budgetGrid';

describe('the grid of a budget', () => {
  it('has a column for each month', () => {
    expect(monthsOf('2026-11-01', '2027-02-28')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']);
    expect(monthsOf('2026-05-01', '2026-05-31')).toEqual(['2026-05-01']);
  });

  it('has a row for each account, cost centre and department', () => {
    const account = { id: 'a', code: '7400', name: 'Rent' };
    const costCentre = { id: 'c', code: null, name: 'Office' };
    const line = (month: string, amount: string, of: typeof costCentre | null) => ({
      account,
      costCentre: of,
      department: null,
      month,
      amount: { amount, currency: 'GEL' },
    });
    const rows = rowsOf([line('2026-01-01', '5.00', null), line('2026-01-01', '7.00', costCentre), line('2026-02-01', '6.00', null)]);
    expect(rows.map((row) => [row.label, row.detail, row.amounts])).toEqual([
      ['7400 Rent', '', { '2026-01-01': '5.00', '2026-02-01': '6.00' }],
      ['7400 Rent', 'Office', { '2026-01-01': '7.00' }],
    ]);
  });
});
