import { useTranslation } from 'react-i18next';
import { RecordPaymentDocument, type AllocationInput, type MoneyFieldsFragment, type SubLedger } from '../gql';
import { useAct } from '../lib/api';
import { useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { withholding } from './paymentInput';
import { useRateField } from './rate';
import { useWithholdingFields } from './withholdingFields';

interface Props {
  label: string;
  text: string;
  due: MoneyFieldsFragment;
  /** Whom the money goes to, and what it settles. */
  to: { companyId: string; subLedger?: SubLedger } | { employeeId: string };
  settles: { billId: string } | { expenseId: string } | { invoiceId: string } | { paymentId: string };
  /** It comes in instead: what was paid too much, or is credited, comes back. */
  back?: boolean;
  /** Whether it's what is mostly done next. */
  primary?: boolean;
}

/** Money paid out for one document: what is due of it, unless less is said. */
export function PayOut({ label, text, due, to, settles, back = false, primary = true }: Props) {
  const { t } = useTranslation();
  const today = useToday();
  const { tenant } = useMe();
  const pay = useAct(RecordPaymentDocument);
  const rate = useRateField();
  const withheld = useWithholdingFields(() => due.currency);
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
          label: t(back ? 'payments.account' : 'expenses.paidFrom'),
          kind: 'ref',
          ref: 'account',
          base: () => ({ role: { in: ['CASH', 'BANK'] } }),
          half: true,
        },
        { name: 'reference', label: t('payments.reference'), kind: 'text', half: true },
        ...('billId' in settles && !back ? withheld : []),
      ]}
      defaults={{ amount: due.amount, date: today }}
      run={(input) => {
        const amount = String(input.amount);
        const allocations: AllocationInput[] = [{ ...settles, amount }];
        const { date, rate, accountId, reference } = input as { [name: string]: string | undefined };
        const said = { date: date ?? null, rate: rate ?? null, accountId: accountId ?? null, reference: reference ?? null };
        const direction = back ? 'IN' : 'OUT';
        return pay.mutateAsync({
          input: { ...said, ...to, amount, currency: due.currency, direction, allocations, ...withholding(input) },
        });
      }}
      primary={primary}
    />
  );
}
