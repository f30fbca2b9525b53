import { useTranslation } from 'react-i18next';
import {
  AllocatePaymentDocument,
  PaymentDocument,
  PaymentsDocument,
  ReversePaymentDocument,
  UndoAllocationDocument,
  type PaymentOrderField,
  type PaymentQuery,
  type PaymentsQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { ApprovalsOf } from '../ui/Approvals';
import { Chain } from '../ui/Chain';
import { StillOpen } from '../ui/columns';
import { DataTable, type Column } from '../ui/DataTable';
import { ListPage } from '../ui/ListPage';
import { PdfButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { Settle } from './allocations';
import { PayOut } from './payOut';
import { Undo, WriteOff } from './writeOff';

type Row = PaymentsQuery['payments']['nodes'][number];
type Record = PaymentQuery['payment'];

function State({ payment }: { payment: Pick<Row, 'status' | 'advance'> }) {
  return (
    <span className="statuses">
      {payment.advance ? <Status value="ADVANCE" /> : null}
      <Status value={payment.status} />
    </span>
  );
}

export function PaymentList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, PaymentOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'company', label: t('payments.party'), cell: (row) => <Party payment={row} /> },
    { key: 'direction', label: t('payments.direction'), cell: (row) => t(`paymentDirection.${row.direction}`) },
    { key: 'reference', label: t('payments.reference'), cell: (row) => <Text value={row.reference} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <State payment={row} /> },
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
        { kind: 'flag', param: 'advance', label: t('payments.advances') },
        { kind: 'flag', param: 'unallocated', label: t('payments.unallocated') },
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
      status={(payment) => <State payment={payment} />}
      actions={(payment) => (
        <>
          {can('FINANCE_WRITE') && payment.status === 'POSTED' ? <Acts payment={payment} /> : null}
          <PdfButton href={payment.pdfUrl} />
        </>
      )}
    >
      {(payment) => <PaymentBody payment={payment} />}
    </RecordPage>
  );
}

/** What is left of a payment is put on what is open, or goes back; the whole of it can be reversed, unless opening balances brought it. */
function Acts({ payment }: { payment: Record }) {
  const { t } = useTranslation();
  const lang = useLang();
  const today = useToday();
  const [allocate, reverse] = [useAct(AllocatePaymentDocument), useAct(ReversePaymentDocument)];
  const { id, direction, subLedger, unallocated, company, employee } = payment;
  const party = employee ?? company;
  const came = direction === 'IN';
  // An advance to an employee is settled by expenses; the tax of an advance goes with its money.
  const mayLapse = company && isZero(payment.tax.amount);
  return (
    <>
      {party && !isZero(unallocated.amount) ? (
        <>
          <Settle
            side={{ partyId: party.id, subLedger, direction }}
            party={party.name}
            left={unallocated}
            run={(input) => allocate.mutateAsync({ input: { ...input, id } })}
          />
          <PayOut
            label={t(came ? 'invoices.refund' : 'payments.takeBack')}
            text={t(came ? 'payments.refundText' : 'payments.takeBackText', { party: party.name, left: formatMoney(unallocated, lang) })}
            due={unallocated}
            to={employee ? { employeeId: party.id } : { companyId: party.id, subLedger }}
            settles={{ paymentId: id }}
            back={!came}
            primary={false}
          />
          {mayLapse ? <WriteOff of={{ paymentId: id }} due={unallocated} gain={came} /> : null}
        </>
      ) : null}
      {payment.journalEntry ? (
        <Act
          label={t('ui.reverse')}
          text={t('payments.reverseText')}
          fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
          defaults={{ date: today }}
          run={(input) => reverse.mutateAsync({ input: { ...input, id } })}
          danger
        />
      ) : null}
    </>
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
  const { currency } = payment.amount;
  const foreign = payment.allocations.some((part) => part.amount.currency !== currency);
  const paid: Column<(typeof rows)[number]> = {
    key: 'paid',
    label: t('payments.paidAmount', { currency }),
    cell: ({ part }) => <Money value={part.paidAmount} />,
    numeric: true,
  };
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'number', label: t('payments.document'), cell: ({ what }) => what?.name ?? t('invoices.noNumber') },
    { key: 'kind', label: t('invoices.what'), cell: ({ what }) => (what ? t(what.kind) : null) },
    { key: 'date', label: t('field.date'), cell: ({ what }) => <DateText value={what?.date} /> },
    { key: 'status', label: t('field.status'), cell: ({ what }) => (what ? <Status value={what.status} /> : null) },
    { key: 'total', label: t('invoices.total'), cell: ({ what }) => <Money value={what?.total} />, numeric: true },
    { key: 'amount', label: t('payments.applied'), cell: ({ part }) => <Money value={part.amount} />, numeric: true },
    ...(foreign ? [paid] : []),
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
          payment.advance &&
            !isZero(payment.tax.amount) && { label: t('payments.advanceTax'), value: <Money value={payment.tax} />, figure: true },
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
      <Rest payment={payment} />
      <ApprovalsOf subjectId={payment.id} />
    </>
  );
}

/** What of a payment was paid back, or written off. */
function Rest({ payment }: { payment: Record }) {
  const { t } = useTranslation();
  const { refunds } = payment;
  type Refund = Record['refunds'][number];
  const columns: Column<Refund>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    {
      key: 'what',
      label: t('invoices.what'),
      cell: ({ payment: by, writeOff }) =>
        by ? (
          <RecordLink to="/finance/payments" record={{ id: by.id, name: by.reference ?? t('chain.payment') }} />
        ) : (
          `${t('writeOffs.one')}: ${writeOff?.reason ?? ''}`
        ),
    },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'undo', label: '', cell: (row) => <Undo part={row} text={t('payments.undoText')} /> },
  ];
  if (refunds.length === 0) return null;
  return (
    <Section title={t('payments.rest')}>
      <DataTable label={t('payments.rest')} columns={columns} rows={refunds} rowKey={(row) => row.id} />
    </Section>
  );
}
