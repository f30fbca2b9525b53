import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { RecordPaymentDocument, type TaxCodeFilter } from '../gql';
import { useAct } from '../lib/api';
import { useLang, useMe, useToday } from '../lib/session';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef, type Values } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { Page } from '../ui/Page';
import { useForm } from '../ui/useForm';
import { Allocations, useAllocations } from './allocations';
import { useOpenItems } from './openItems';
import { paymentInput, taxOfAdvance } from './paymentInput';
import { useRateField } from './rate';
import { useWithholdingFields } from './withholdingFields';

const isOut = ({ direction }: Values): boolean => direction === 'OUT';
const isAdvance = ({ advance }: Values): boolean => advance === true;

/** Taxes that may be in an advance: it holds none that is reversed or withheld. */
const taxesOfAdvances = { kind: { in: ['STANDARD', 'EXEMPT'] } } satisfies TaxCodeFilter;

function usePaymentFields(): FieldDef[] {
  const { t } = useTranslation();
  const rate = useRateField();
  const amount: FieldDef = { name: 'amount', label: t('field.amount'), kind: 'decimal', half: true };
  const withheld = useWithholdingFields(({ currency }) => String(currency), isOut);
  return [
    {
      name: 'direction',
      label: t('payments.direction'),
      kind: 'enum',
      options: ['IN', 'OUT'],
      optionLabel: 'payments.way',
      required: true,
      half: true,
    },
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    {
      name: 'companyId',
      label: (values) => t(isOut(values) ? 'field.supplier' : 'field.company'),
      kind: 'ref',
      ref: 'company',
      required: true,
    },
    { ...amount, hint: t('payments.amountHint'), when: (values) => !isAdvance(values) },
    { ...amount, required: true, when: isAdvance },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    {
      name: 'accountId',
      label: (values) => t(isOut(values) ? 'expenses.paidFrom' : 'payments.account'),
      kind: 'ref',
      ref: 'account',
      base: () => ({ role: { in: ['CASH', 'BANK'] } }),
      half: true,
      hint: t('payments.accountHint'),
    },
    { name: 'reference', label: t('payments.reference'), kind: 'text', half: true },
    ...withheld,
    { name: 'advance', label: t('payments.isAdvance'), kind: 'check' },
    {
      name: taxOfAdvance,
      label: t('payments.advanceTaxCode'),
      kind: 'ref',
      ref: 'taxCode',
      base: () => taxesOfAdvances,
      hint: t('payments.advanceTaxCodeHint'),
      when: isAdvance,
    },
  ];
}

/** A payment and what it settles of what is open. Coming from an invoice, both are filled in. */
export function PaymentForm() {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const { tenant } = useMe();
  const [params] = useSearchParams();
  const record = useAct(RecordPaymentDocument);
  const fields = usePaymentFields();
  const initial = {
    ...Object.fromEntries(fields.map(({ name }) => [name, ''])),
    direction: params.get('direction') === 'OUT' ? 'OUT' : 'IN',
    companyId: params.get('companyId') ?? '',
    date: today,
    currency: tenant.baseCurrency,
    advance: false,
  };
  const form = useForm(fields, initial);
  const out = isOut(form.values);
  const partyId = String(form.values.companyId);
  const open = useOpenItems({ partyId, subLedger: out ? 'PAYABLE' : 'RECEIVABLE', direction: out ? 'OUT' : 'IN' });
  const from = open.items.find((item) => item.id === params.get('invoiceId'));
  const currency = from && !form.changed('currency') ? from.due.currency : String(form.values.currency);
  const values = { ...form.values, currency };
  const parts = useAllocations(open.items, currency, from ? { [from.id]: { amount: from.due.amount, paid: '' } } : {});
  const advance = isAdvance(values);
  const save = async () => {
    if (!advance && !parts.ready()) return;
    const input = paymentInput(toInput(values, fields, lang), parts.input, parts.applied);
    let id = '';
    const run = async () => (id = (await record.mutateAsync({ input })).recordPayment.payment.id);
    if (await form.submit(run, values, parts.names))
      void navigate(from && !advance ? `/finance/invoices/${from.id}` : `/finance/payments/${id}`, { replace: true });
  };
  return (
    <Page title={t('payments.new')} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('payments.record')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || (parts.touched && !form.saved)}
      >
        <Fields fields={fields} form={{ ...form, values }} />
        {partyId === '' || advance ? null : <Allocations open={open} parts={parts} currency={currency} errors={form.errors} />}
      </FormShell>
    </Page>
  );
}
