import { useTranslation } from 'react-i18next';
import { RecordPaymentDocument, type AllocationInput, type MoneyFieldsFragment, type SubLedger, type WithholdingInput } from '../gql';
import { useAct } from '../lib/api';
import { useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import type { FieldDef } from '../ui/fields';
import { useRateField } from './rate';

interface Props {
  label: string;
  text: string;
  due: MoneyFieldsFragment;
  /** Whom the money goes to, and what it settles. */
  to: { companyId: string; subLedger?: SubLedger } | { employeeId: string };
  settles: { billId: string } | { expenseId: string } | { invoiceId: string };
}

/** The names are those of the input, so that what the server says of them stands at the field. */
const [withheldBy, withheldOn, withheldAmount] = ['withholding.taxCodeId', 'withholding.base', 'withholding.amount'] as const;

/** The tax that is kept back from a supplier; how much, and of what, follows from its rate and the bill unless it's said. */
function useWithholdingFields(currency: string): FieldDef[] {
  const { t } = useTranslation();
  const when: FieldDef['when'] = (values) => values[withheldBy] !== '';
  return [
    {
      name: withheldBy,
      label: t('payments.withholding'),
      kind: 'ref',
      ref: 'taxCode',
      base: () => ({ kind: { eq: 'WITHHOLDING' } }),
      hint: t('payments.withholdingHint'),
    },
    {
      name: withheldOn,
      label: `${t('payments.withheldOn')}, ${currency}`,
      kind: 'decimal',
      hint: t('payments.withheldOnHint'),
      half: true,
      when,
    },
    {
      name: withheldAmount,
      label: `${t('payments.withheld')}, ${currency}`,
      kind: 'decimal',
      hint: t('payments.withheldHint'),
      half: true,
      when,
    },
  ];
}

function withholding(input: Record<string, unknown>): WithholdingInput | undefined {
  const { [withheldBy]: taxCodeId, [withheldOn]: base, [withheldAmount]: amount } = input as { [name: string]: string | undefined };
  return taxCodeId === undefined ? undefined : { taxCodeId, base: base ?? null, amount: amount ?? null };
}

/** Money paid out for one document: what is due of it, unless less is said. */
export function PayOut({ label, text, due, to, settles }: Props) {
  const { t } = useTranslation();
  const today = useToday();
  const { tenant } = useMe();
  const pay = useAct(RecordPaymentDocument);
  const rate = useRateField();
  const withheld = useWithholdingFields(due.currency);
  const foreign = due.currency !== tenant.baseCurrency;
  return (
    <Act
      label={label}
      text={text}
      fields={[
        { name: 'amount', label: `${t('field.amount')}, ${due.currency}`, kind: 'decimal', required: true, half: true },
        { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
        ...(foreign ? [{ ...rate, label: t('field.rate', { base: tenant.baseCurrency, currency: due.currency }), when: () => true }] : []),
        {
          name: 'accountId',
          label: t('expenses.paidFrom'),
          kind: 'ref',
          ref: 'account',
          base: () => ({ role: { in: ['CASH', 'BANK'] } }),
          half: true,
        },
        { name: 'reference', label: t('payments.reference'), kind: 'text', half: true },
        ...('billId' in settles ? withheld : []),
      ]}
      defaults={{ amount: due.amount, date: today }}
      run={(input) => {
        const amount = String(input.amount);
        const allocations: AllocationInput[] = [{ ...settles, amount }];
        const { date, rate, accountId, reference } = input as { [name: string]: string | undefined };
        const said = { date: date ?? null, rate: rate ?? null, accountId: accountId ?? null, reference: reference ?? null };
        const kept = withholding(input);
        return pay.mutateAsync({
          input: { ...said, ...to, amount, currency: due.currency, direction: 'OUT', allocations, ...(kept ? { withholding: kept } : {}) },
        });
      }}
      primary
    />
  );
}
