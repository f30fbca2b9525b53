import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import {
  OpenInvoicesDocument,
  PaymentDocument,
  PaymentsDocument,
  RecordPaymentDocument,
  ReversePaymentDocument,
  UndoAllocationDocument,
  type PaymentOrderField,
  type OpenInvoicesQuery,
  type PaymentQuery,
  type PaymentsQuery,
  type RecordPaymentInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { fromMicros, normaliseDecimal, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import { useCan, useLang, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { Chain } from '../ui/Chain';
import { StillOpen } from '../ui/columns';
import { DataTable, type Column } from '../ui/DataTable';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ListPage } from '../ui/ListPage';
import { Page, PdfButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { useForm } from '../ui/useForm';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { useRateField } from './rate';

type Row = PaymentsQuery['payments']['nodes'][number];
type Record = PaymentQuery['payment'];
type Open = OpenInvoicesQuery['invoices']['nodes'][number];

export function PaymentList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, PaymentOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'company', label: t('payments.party'), cell: (row) => <Party payment={row} /> },
    { key: 'direction', label: t('payments.direction'), cell: (row) => t(`paymentDirection.${row.direction}`) },
    { key: 'reference', label: t('payments.reference'), cell: (row) => <Text value={row.reference} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    {
      key: 'unallocated',
      label: t('payments.unallocated'),
      cell: (row) => <StillOpen value={row.unallocated} />,
      numeric: true,
      wide: true,
    },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
  ];
  return (
    <ListPage
      title={t('nav.payments')}
      document={PaymentsDocument}
      select={(answer) => answer.payments}
      columns={columns}
      href={(row) => `/finance/payments/${row.id}`}
      filters={[
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'enum', param: 'direction', options: ['IN', 'OUT'], label: t('payments.direction'), optionLabel: 'paymentDirection' },
        { kind: 'enum', param: 'status', options: ['POSTED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('payments.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/payments/new', label: t('payments.new') } : null}
      empty={{ title: t('payments.empty'), text: t('payments.emptyText') }}
    />
  );
}

export function PaymentPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const today = useToday();
  const reverse = useAct(ReversePaymentDocument);
  return (
    <RecordPage
      path="/finance/payments"
      up={t('nav.payments')}
      load={PaymentDocument}
      select={(answer) => answer.payment}
      title={(payment) =>
        t(payment.direction === 'IN' ? 'payments.title' : 'payments.titleOut', {
          amount: formatMoney(payment.amount, lang),
          company: payment.company?.name ?? payment.employee?.name ?? '',
        })
      }
      status={(payment) => <Status value={payment.status} />}
      actions={(payment) => (
        <>
          {can('FINANCE_WRITE') && payment.status === 'POSTED' ? (
            <Act
              label={t('ui.reverse')}
              text={t('payments.reverseText')}
              fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
              defaults={{ date: today }}
              run={(input) => reverse.mutateAsync({ input: { ...input, id: payment.id } })}
              danger
            />
          ) : null}
          <PdfButton href={payment.pdfUrl} />
        </>
      )}
    >
      {(payment) => <PaymentBody payment={payment} />}
    </RecordPage>
  );
}

/** Whom the money came from, or went to. */
function Party({ payment }: { payment: Pick<Row, 'company' | 'employee'> }) {
  return payment.employee ? (
    <RecordLink to="/people/employees" record={payment.employee} />
  ) : (
    <RecordLink to="/companies" record={payment.company} />
  );
}

type Part = Record['allocations'][number];

/** What a part of a payment settles: an invoice, a bill, a credit note of either, an expense, or another payment that is paid back. */
function settled({ invoice, bill, expense, refundedPayment }: Part) {
  if (invoice) {
    return {
      ...invoice,
      link: 'invoice' as const,
      kind: `invoiceKind.${invoice.kind}`,
      name: invoice.number,
      to: `/finance/invoices/${invoice.id}`,
    };
  }
  if (bill) return { ...bill, link: 'bill' as const, kind: `billKind.${bill.kind}`, name: bill.number, to: `/finance/bills/${bill.id}` };
  if (expense) {
    const { id, description: name, date, status, amount: total } = expense;
    return { link: 'expense' as const, kind: 'approvalKind.EXPENSE', name, date, status, total, to: `/finance/expenses/${id}` };
  }
  if (!refundedPayment) return null;
  const { id, reference: name, date, status, amount: total } = refundedPayment;
  return { link: 'payment' as const, kind: 'chain.payment', name, date, status, total, to: `/finance/payments/${id}` };
}

function PaymentBody({ payment }: { payment: Record }) {
  const { t } = useTranslation();
  const undo = useAct(UndoAllocationDocument);
  const writes = useCan()('FINANCE_WRITE') && payment.status === 'POSTED';
  const [first, second] = payment.allocations;
  const only = first && !second ? settled(first) : null;
  const rows = payment.allocations.map((part) => ({ part, what: settled(part) }));
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'number', label: t('payments.document'), cell: ({ what }) => what?.name ?? t('invoices.noNumber') },
    { key: 'kind', label: t('invoices.what'), cell: ({ what }) => (what ? t(what.kind) : null) },
    { key: 'date', label: t('field.date'), cell: ({ what }) => <DateText value={what?.date} /> },
    { key: 'status', label: t('field.status'), cell: ({ what }) => (what ? <Status value={what.status} /> : null) },
    { key: 'total', label: t('invoices.total'), cell: ({ what }) => <Money value={what?.total} />, numeric: true },
    { key: 'amount', label: t('payments.applied'), cell: ({ part }) => <Money value={part.amount} />, numeric: true },
    {
      key: 'undo',
      label: '',
      cell: ({ part }) =>
        writes ? (
          <Act label={t('bills.undo')} text={t('payments.undoText')} run={() => undo.mutateAsync({ input: { id: part.id } })} compact />
        ) : null,
    },
  ];
  return (
    <>
      <Chain
        steps={[
          ...(payment.company ? [{ link: 'company' as const, to: `/companies/${payment.company.id}`, label: payment.company.name }] : []),
          ...(only && only.link !== 'payment'
            ? [{ link: only.link, to: only.to, label: only.name }]
            : payment.direction === 'IN'
              ? [{ link: 'invoice' as const }]
              : []),
          { link: 'payment', here: true },
          {
            link: 'ledger',
            to: payment.journalEntry ? `/finance/journal/${payment.journalEntry.id}` : null,
            label: payment.journalEntry ? t('journal.entry', { seq: payment.journalEntry.seq }) : null,
          },
        ]}
      />
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={payment.amount} />, figure: true },
          { label: t('payments.unallocated'), value: <Money value={payment.unallocated} />, figure: true },
          ...(payment.withholdingTaxCode
            ? [
                { label: t('payments.withheld'), value: <Money value={payment.withheld} />, figure: true },
                { label: t('payments.moved'), value: <Money value={payment.moved} />, figure: true },
                { label: t('payments.withholding'), value: payment.withholdingTaxCode.name },
              ]
            : []),
          { label: t(payment.employee ? 'field.employee' : 'field.company'), value: <Party payment={payment} /> },
          { label: t('field.date'), value: <DateText value={payment.date} /> },
          {
            label: t(payment.direction === 'IN' ? 'payments.account' : 'expenses.paidFrom'),
            value: <RecordLink to="/finance/accounts" record={payment.account} />,
          },
          { label: t('payments.reference'), value: <Text value={payment.reference} /> },
        ]}
      />
      <Section title={t('payments.pays')}>
        {rows.length > 0 ? (
          <DataTable
            label={t('payments.pays')}
            columns={columns}
            rows={rows}
            rowKey={({ part }) => part.id}
            rowHref={({ what }) => what?.to ?? null}
          />
        ) : (
          <p className="muted">{t('payments.paysNone')}</p>
        )}
      </Section>
    </>
  );
}

/** A payment and the open invoices it pays. Coming from an invoice, both are filled in. */
export function PaymentForm() {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const { tenant } = useMe();
  const [params] = useSearchParams();
  const record = useAct(RecordPaymentDocument);
  const rate = useRateField();
  const [typed, setTyped] = useState<{ [invoiceId: string]: string }>({});
  const fields: FieldDef[] = [
    { name: 'companyId', label: t('field.company'), kind: 'ref', ref: 'company', required: true, half: true },
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'amount', label: t('field.amount'), kind: 'decimal', half: true, hint: t('payments.amountHint') },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    {
      name: 'accountId',
      label: t('payments.account'),
      kind: 'ref',
      ref: 'account',
      base: () => ({ role: { in: ['CASH', 'BANK'] } }),
      half: true,
      hint: t('payments.accountHint'),
    },
    { name: 'reference', label: t('payments.reference'), kind: 'text', half: true },
  ];
  const form = useForm(fields, {
    companyId: params.get('companyId') ?? '',
    date: today,
    amount: '',
    currency: tenant.baseCurrency,
    rate: '',
    accountId: '',
    reference: '',
  });
  const companyId = String(form.values.companyId);
  const open = useGql(OpenInvoicesDocument, { companyId }, { enabled: companyId !== '' });
  const nodes = open.data?.invoices.nodes ?? [];
  const from = nodes.find((invoice) => invoice.id === params.get('invoiceId'));
  const [currency, invoices] = [from && !form.changed('currency') ? from.currency : String(form.values.currency), nodes];
  const values = { ...form.values, currency };
  const payable = invoices.filter((invoice) => invoice.currency === currency);
  const value = (invoice: Open) => typed[invoice.id] ?? (invoice.id === from?.id ? invoice.due.amount : '');
  const parts = payable.flatMap((invoice) => {
    const amount = normaliseDecimal(value(invoice), lang);
    return amount === null ? [] : [{ invoiceId: invoice.id, amount }];
  });
  const allocated = fromMicros(sum(parts.map((part) => toMicros(part.amount))), currencyDigits(currency));
  const save = async () => {
    const input = { ...toInput(values, fields, lang), allocations: parts } as unknown as RecordPaymentInput;
    let id = '';
    const done = await form.submit(async () => {
      id = (await record.mutateAsync({ input: { ...input, amount: form.values.amount === '' ? allocated : input.amount } })).recordPayment
        .payment.id;
    }, values);
    if (done) void navigate(from ? `/finance/invoices/${from.id}` : `/finance/payments/${id}`, { replace: true });
  };
  return (
    <Page title={t('payments.new')} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('payments.record')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty}
      >
        <Fields fields={fields} form={{ ...form, values }} />
        {companyId === '' ? null : (
          <Allocations
            invoices={payable}
            value={value}
            onType={(id, text) => setTyped({ ...typed, [id]: text })}
            allocated={formatMoney({ amount: allocated, currency }, lang)}
            loading={open.isPending}
          />
        )}
      </FormShell>
    </Page>
  );
}

interface AllocationsProps {
  invoices: Open[];
  value: (invoice: Open) => string;
  onType: (id: string, text: string) => void;
  allocated: string;
  loading: boolean;
}

function Allocations({ invoices, value, onType, allocated, loading }: AllocationsProps) {
  const { t } = useTranslation();
  const columns: Column<Open>[] = [
    { key: 'number', label: t('invoices.number'), cell: (invoice) => invoice.number },
    { key: 'dueDate', label: t('invoices.dueDate'), cell: (invoice) => <DateText value={invoice.dueDate} /> },
    { key: 'due', label: t('invoices.due'), cell: (invoice) => <Money value={invoice.due} />, numeric: true },
    {
      key: 'amount',
      label: t('payments.applied'),
      numeric: true,
      cell: (invoice) => (
        <TextInput
          aria-label={t('payments.applyTo', { number: invoice.number })}
          value={value(invoice)}
          inputMode="decimal"
          classNames={{ input: 'num-input' }}
          onChange={(event) => onType(invoice.id, event.currentTarget.value)}
        />
      ),
    },
  ];
  if (loading) return <p className="muted">{t('ui.loading')}</p>;
  return (
    <Section title={t('payments.pays')} aside={<span className="muted figure">{t('payments.allocated', { amount: allocated })}</span>}>
      {invoices.length > 0 ? (
        <DataTable label={t('payments.pays')} columns={columns} rows={invoices} rowKey={(row) => row.id} />
      ) : (
        <p className="muted">{t('payments.nothingOpen')}</p>
      )}
    </Section>
  );
}
