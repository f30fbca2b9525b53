import { useTranslation } from 'react-i18next';
import { RecordPaymentDocument, type AllocationInput, type MoneyFieldsFragment, type SubLedger } from '../gql';
import { useAct } from '../lib/api';
import { useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { useRateField } from './rate';

interface Props {
  label: string;
  text: string;
  due: MoneyFieldsFragment;
  /** Whom the money goes to, and what it settles. */
  to: { companyId: string; subLedger?: SubLedger } | { employeeId: string };
  settles: { billId: string } | { expenseId: string } | { invoiceId: string };
}

/** Money paid out for one document: what is due of it, unless less is said. */
export function PayOut({ label, text, due, to, settles }: Props) {
  const { t } = useTranslation();
  const today = useToday();
  const { tenant } = useMe();
  const pay = useAct(RecordPaymentDocument);
  const rate = useRateField();
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
      ]}
      defaults={{ amount: due.amount, date: today }}
      run={(input) => {
        const amount = String(input.amount);
        const allocations: AllocationInput[] = [{ ...settles, amount }];
        return pay.mutateAsync({ input: { ...input, ...to, amount, currency: due.currency, direction: 'OUT', allocations } });
      }}
      primary
    />
  );
}
