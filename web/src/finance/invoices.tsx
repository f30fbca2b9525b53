import type { TFunction } from 'i18next';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import {
  ArchiveInvoiceDocument,
  InvoiceDocument,
  InvoicesDocument,
  RestoreInvoiceDocument,
  type InvoiceOrderField,
  type InvoiceQuery,
  type InvoicesQuery,
} from '../gql';
import { isZero } from '../lib/decimal';
import { useCan } from '../lib/session';
import { ApprovalsOf } from '../ui/Approvals';
import { Chain } from '../ui/Chain';
import { InvoiceState, StillOpen } from '../ui/columns';
import { DataTable, type Column } from '../ui/DataTable';
import { query } from '../ui/entity';
import { ListPage } from '../ui/ListPage';
import { PdfButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, None, Quantity, Rate, RecordLink } from '../ui/values';
import { CostCentres } from './costCentreField';
import { hasCostCentre } from './costCentreSplits';
import { Instalments } from './instalments';
import { Acts } from './invoiceActs';
import { Applied, CreditNotes, Payments, settledBy } from './invoiceSettled';

type Row = InvoicesQuery['invoices']['nodes'][number];
type Bill = InvoiceQuery['invoice'];

export function InvoiceList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, InvoiceOrderField>[] = [
    { key: 'number', label: t('invoices.number'), cell: (row) => row.number ?? t('invoices.noNumber'), sort: 'NUMBER' },
    { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <InvoiceState row={row} /> },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'dueDate', label: t('invoices.dueDate'), cell: (row) => <DateText value={row.dueDate} />, sort: 'DUE_DATE' },
    { key: 'total', label: t('invoices.total'), cell: (row) => <Money value={row.total} />, numeric: true, sort: 'TOTAL' },
    { key: 'due', label: t('invoices.due'), cell: (row) => <StillOpen value={row.due} />, numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.invoices')}
      document={InvoicesDocument}
      select={(answer) => answer.invoices}
      columns={columns}
      href={(row) => `/finance/invoices/${row.id}`}
      filters={[
        {
          kind: 'enum',
          param: 'status',
          options: ['DRAFT', 'ISSUED', 'PARTLY_PAID', 'PAID', 'VOID'],
          label: t('field.status'),
          optionLabel: 'status',
        },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'enum', param: 'kind', options: ['INVOICE', 'CREDIT_NOTE'], label: t('bills.kind'), optionLabel: 'invoiceKind' },
        { kind: 'ref', param: 'dealId', ref: 'deal', label: t('field.deal') },
        { kind: 'ref', param: 'sellerId', ref: 'employee', label: t('invoices.seller') },
        { kind: 'ref', param: 'recurringInvoiceId', ref: 'recurringInvoice', label: t('recurring.one') },
        { kind: 'dates', param: 'date', label: t('field.date') },
        { kind: 'dates', param: 'dueDate', label: t('invoices.dueDate') },
        { kind: 'flag', param: 'overdue', label: t('status.OVERDUE') },
      ]}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('invoices.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/invoices/new', label: t('invoices.new') } : null}
      empty={{ title: t('invoices.empty'), text: t('invoices.emptyText') }}
    />
  );
}

export function invoiceTitle({ kind, number, company }: Bill, t: TFunction): string {
  const credit = kind === 'CREDIT_NOTE';
  return number
    ? t(credit ? 'invoices.creditTitle' : 'invoices.title', { number })
    : t(credit ? 'invoices.creditDraftFor' : 'invoices.draftFor', { company: company.name });
}

export function InvoicePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/invoices"
      up={t('nav.invoices')}
      load={InvoiceDocument}
      select={(answer) => answer.invoice}
      title={(invoice) => invoiceTitle(invoice, t)}
      status={(invoice) => <InvoiceState row={invoice} />}
      mayEdit={(invoice) => can('FINANCE_WRITE') && invoice.status === 'DRAFT' && invoice.kind === 'INVOICE'}
      mayArchive={(invoice) => can('FINANCE_WRITE') && invoice.status === 'DRAFT'}
      archive={{ archive: ArchiveInvoiceDocument, restore: RestoreInvoiceDocument }}
      actions={(invoice) => (
        <>
          {can('FINANCE_WRITE') ? <Acts invoice={invoice} /> : null}
          <PdfButton href={invoice.pdfUrl} />
        </>
      )}
    >
      {(invoice) => <InvoiceBody invoice={invoice} />}
    </RecordPage>
  );
}

function InvoiceBody({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  return (
    <>
      <InvoiceChain invoice={invoice} />
      <Facts
        facts={[
          { label: t('invoices.total'), value: <Money value={invoice.total} />, figure: true },
          {
            label: t(invoice.kind === 'INVOICE' ? 'invoices.due' : 'invoices.creditLeft'),
            value: <Money value={invoice.due} />,
            figure: true,
          },
          { label: t('field.company'), value: <RecordLink to="/companies" record={invoice.company} /> },
          { label: t('field.date'), value: <DateText value={invoice.date} /> },
          invoice.kind === 'INVOICE' ? { label: t('invoices.dueDate'), value: <DateText value={invoice.dueDate} /> } : null,
          invoice.credits
            ? {
                label: t('bills.credits'),
                value: <RecordLink to="/finance/invoices" record={{ id: invoice.credits.id, name: invoice.credits.number ?? '' }} />,
              }
            : null,
          invoice.recurringInvoice
            ? {
                label: t('recurring.madeBy'),
                value: (
                  <RecordLink to="/finance/recurring-invoices" record={{ id: invoice.recurringInvoice.id, name: t('recurring.one') }} />
                ),
              }
            : null,
          { label: t('invoices.seller'), value: <RecordLink to="/people/employees" record={invoice.seller} /> },
          { label: t('field.deal'), value: <RecordLink to="/sales/deals" record={invoice.deal} /> },
          { label: t('field.department'), value: <RecordLink to="/people/departments" record={invoice.department} /> },
          invoice.einvoiceNumber
            ? {
                label: t('invoices.einvoice'),
                value: [invoice.einvoiceNumber, invoice.einvoiceStatus && t(`einvoiceState.${invoice.einvoiceStatus}`)]
                  .filter(Boolean)
                  .join(', '),
              }
            : null,
          invoice.note ? { label: t('field.note'), value: invoice.note } : null,
        ]}
      />
      <ApprovalsOf subjectId={invoice.id} />
      <Lines invoice={invoice} />
      <Instalments invoice={invoice} />
      <Applied note={invoice} />
      <Payments invoice={invoice} />
      <CreditNotes invoice={invoice} />
    </>
  );
}

function InvoiceChain({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  const project = invoice.lines.find((line) => line.project)?.project;
  const payments = invoice.payments ?? [];
  const [first, second] = payments;
  const { deal } = invoice;
  return (
    <Chain
      steps={[
        { link: 'lead', to: deal?.lead ? `/sales/leads/${deal.lead.id}` : null, label: deal?.lead?.name },
        { link: 'deal', to: deal ? `/sales/deals/${deal.id}` : null, label: deal?.name },
        { link: 'project', to: project ? `/delivery/projects/${project.id}` : null, label: project?.name },
        { link: 'invoice', here: true, label: invoice.number ?? t('invoices.noNumber') },
        {
          link: 'payment',
          to: first ? (second ? `/finance/payments${query({ companyId: invoice.company.id })}` : settledBy(first)) : null,
          label: t('chain.count', { count: payments.length }),
        },
        {
          link: 'ledger',
          to: invoice.journalEntry ? `/finance/journal/${invoice.journalEntry.id}` : null,
          label: invoice.journalEntry ? t('journal.entry', { seq: invoice.journalEntry.seq }) : null,
        },
      ]}
    />
  );
}

function Lines({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  type Line = Bill['lines'][number];
  const columns: Column<Line>[] = [
    {
      key: 'what',
      label: t('invoices.what'),
      cell: (line) => (
        <>
          {line.service ? <RecordLink to="/sales/services" record={line.service} /> : null}
          {line.service && line.description && line.description !== line.service.name ? ', ' : ''}
          {line.description === line.service?.name ? '' : line.description}
        </>
      ),
    },
    { key: 'project', label: t('field.project'), cell: (line) => <RecordLink to="/delivery/projects" record={line.project} /> },
    {
      key: 'costCentre',
      label: t('field.costCentre'),
      cell: (line) => <CostCentres of={line} />,
      wide: true,
    },
    {
      key: 'service',
      label: t('invoices.service'),
      cell: (line) =>
        line.serviceFrom ? (
          <span>
            <DateText value={line.serviceFrom} /> – <DateText value={line.serviceTo} />
          </span>
        ) : (
          <None />
        ),
    },
    { key: 'quantity', label: t('invoices.quantity'), cell: (line) => <Quantity value={line.quantity} />, numeric: true },
    {
      key: 'unitPrice',
      label: t('services.unitPrice'),
      cell: (line) => <Money value={{ amount: line.unitPrice, currency: invoice.currency }} bare />,
      numeric: true,
    },
    { key: 'discount', label: t('invoices.discount'), cell: (line) => <Money value={line.discount} bare />, numeric: true, wide: true },
    { key: 'tax', label: t('invoices.tax'), cell: (line) => <Money value={line.tax} bare />, numeric: true },
    { key: 'net', label: t('invoices.net'), cell: (line) => <Money value={line.net} bare />, numeric: true },
  ];
  // Columns that no line fills only take room.
  const filled: Partial<Record<string, boolean>> = {
    project: invoice.lines.some((line) => line.project),
    costCentre: invoice.lines.some(hasCostCentre),
    service: invoice.lines.some((line) => line.serviceFrom),
    discount: !isZero(invoice.discount.amount),
    tax: !isZero(invoice.tax.amount),
  };
  const shown = columns.filter(({ key }) => filled[key] ?? true);
  return (
    <Section title={t('invoices.lines')} aside={<span className="muted">{invoice.currency}</span>}>
      <DataTable label={t('invoices.lines')} columns={shown} rows={invoice.lines} rowKey={(line) => line.id} />
      <dl className="totals">
        {isZero(invoice.discount.amount) ? null : (
          <>
            <dt>{t('invoices.discount')}</dt>
            <dd>
              <Money value={invoice.discount} />
            </dd>
          </>
        )}
        <dt>{t('invoices.net')}</dt>
        <dd>
          <Money value={invoice.net} />
        </dd>
        {invoice.taxes.map((tax) => (
          <Fragment key={`${tax.taxCode.id}-${tax.rate}`}>
            <dt>
              {tax.taxCode.name}{' '}
              <span className="muted">
                (<Rate value={tax.rate} />, <Money value={tax.base} bare />)
              </span>
            </dt>
            <dd>
              <Money value={tax.tax} />
            </dd>
          </Fragment>
        ))}
        <dt className="grand">{t('invoices.total')}</dt>
        <dd className="grand">
          <Money value={invoice.total} />
        </dd>
      </dl>
    </Section>
  );
}
