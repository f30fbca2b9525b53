import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { InvoiceQuery } from '../gql';
import { useInvoiceColumns } from '../ui/columns';
import { DataTable, type Column } from '../ui/DataTable';
import { Section } from '../ui/Page';
import { DateText, Money, Text } from '../ui/values';
import { Undo } from './writeOff';

type Bill = InvoiceQuery['invoice'];

type Settles = { payment: { id: string } | null; creditNote: { id: string } | null };

/** The page of what settles an invoice; a write-off has none. */
export function settledBy({ payment, creditNote }: Settles): string | null {
  if (payment) return `/finance/payments/${payment.id}`;
  return creditNote ? `/finance/invoices/${creditNote.id}` : null;
}

/** What settles an invoice, or pays a credit note back. */
export function Payments({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  const { payments } = invoice;
  type Allocation = NonNullable<Bill['payments']>[number];
  const columns: Column<Allocation>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    {
      key: 'by',
      label: t('invoices.settledBy'),
      cell: (row) =>
        row.creditNote
          ? t('invoices.byCreditNote', { number: row.creditNote.number })
          : row.writeOff
            ? `${t('writeOffs.one')}: ${row.writeOff.reason}`
            : t('invoices.byPayment'),
    },
    { key: 'reference', label: t('payments.reference'), cell: (row) => <Text value={row.payment?.reference ?? null} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'undo', label: '', cell: (row) => <Undo part={row} text={t('invoices.undoText')} /> },
  ];
  if (invoice.status === 'DRAFT' || !payments) return null;
  // Nothing need be paid back of a credit note.
  if (invoice.kind === 'CREDIT_NOTE' && payments.length === 0) return null;
  return (
    <Section title={t('nav.payments')}>
      {payments.length > 0 ? (
        <DataTable label={t('nav.payments')} columns={columns} rows={payments} rowKey={(row) => row.id} rowHref={settledBy} />
      ) : (
        <p className="muted">
          {t('payments.noneHere')} <Link to={`/companies/${invoice.company.id}`}>{invoice.company.name}</Link>
        </p>
      )}
    </Section>
  );
}

/** What a credit note settles. */
export function Applied({ note }: { note: Bill }) {
  const { t } = useTranslation();
  const { applied } = note;
  type Part = NonNullable<Bill['applied']>[number];
  const columns: Column<Part>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    { key: 'number', label: t('invoices.number'), cell: (row) => <Text value={row.invoice?.number} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'undo', label: '', cell: (row) => <Undo part={row} text={t('invoices.undoText')} /> },
  ];
  if (!applied || applied.length === 0) return null;
  return (
    <Section title={t('bills.applied')}>
      <DataTable
        label={t('bills.applied')}
        columns={columns}
        rows={applied}
        rowKey={(row) => row.id}
        rowHref={(row) => (row.invoice ? `/finance/invoices/${row.invoice.id}` : null)}
      />
    </Section>
  );
}

/** The credit notes that take an invoice back. */
export function CreditNotes({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  const columns = useInvoiceColumns().filter(({ key }) => key !== 'dueDate');
  if (invoice.creditNotes.length === 0) return null;
  return (
    <Section title={t('bills.creditNotes')}>
      <DataTable
        label={t('bills.creditNotes')}
        columns={columns}
        rows={invoice.creditNotes}
        rowKey={(row) => row.id}
        rowHref={(row) => `/finance/invoices/${row.id}`}
      />
    </Section>
  );
}
