import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import {
  ApplySupplierCreditDocument,
  ArchiveBillDocument,
  BillDocument,
  BillsDocument,
  PostBillDocument,
  RestoreBillDocument,
  SetBillEinvoiceDocument,
  VoidBillDocument,
  type BillOrderField,
  type BillQuery,
  type BillsQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { ApprovalsOf } from '../ui/Approvals';
import { Chain } from '../ui/Chain';
import { DataTable, type Column } from '../ui/DataTable';
import { query } from '../ui/entity';
import { Files } from '../ui/Files';
import { ListPage } from '../ui/ListPage';
import { LinkButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, Quantity, RecordLink, Status, Text } from '../ui/values';
import { warn } from '../ui/warn';
import { Settle } from './allocations';
import { CostCentres } from './costCentreField';
import { hasCostCentre } from './costCentreSplits';
import { Einvoice } from './einvoice';
import { PayOut } from './payOut';
import { Undo, WriteOff } from './writeOff';

type Row = BillsQuery['bills']['nodes'][number];
type Bill = BillQuery['bill'];

function State({ row }: { row: { status: string; overdue: boolean; kind: string } }) {
  return (
    <span className="statuses">
      {row.kind === 'CREDIT_NOTE' ? <Status value="CREDIT_NOTE" /> : null}
      <Status value={row.status} />
      {row.overdue ? <Status value="OVERDUE" /> : null}
    </span>
  );
}

export function BillList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, BillOrderField>[] = [
    { key: 'number', label: t('invoices.number'), cell: (row) => row.number ?? t('invoices.noNumber'), sort: 'NUMBER' },
    { key: 'supplierNumber', label: t('bills.supplierNumber'), cell: (row) => <Text value={row.supplierNumber} /> },
    { key: 'company', label: t('field.supplier'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <State row={row} /> },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'dueDate', label: t('invoices.dueDate'), cell: (row) => <DateText value={row.dueDate} />, sort: 'DUE_DATE' },
    { key: 'total', label: t('invoices.total'), cell: (row) => <Money value={row.total} />, numeric: true, sort: 'TOTAL' },
    { key: 'due', label: t('invoices.due'), cell: (row) => (isZero(row.due.amount) ? null : <Money value={row.due} />), numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.bills')}
      document={BillsDocument}
      select={(answer) => answer.bills}
      columns={columns}
      href={(row) => `/finance/bills/${row.id}`}
      filters={[
        {
          kind: 'enum',
          param: 'status',
          options: ['DRAFT', 'POSTED', 'PARTLY_PAID', 'PAID', 'VOID'],
          label: t('field.status'),
          optionLabel: 'status',
        },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.supplier') },
        { kind: 'enum', param: 'kind', options: ['BILL', 'CREDIT_NOTE'], label: t('bills.kind'), optionLabel: 'billKind' },
        { kind: 'dates', param: 'date', label: t('field.date') },
        { kind: 'dates', param: 'dueDate', label: t('invoices.dueDate') },
        { kind: 'flag', param: 'overdue', label: t('status.OVERDUE') },
      ]}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('bills.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/bills/new', label: t('bills.new') } : null}
      empty={{ title: t('bills.empty'), text: t('bills.emptyText') }}
    />
  );
}

export const billTitle = ({ kind, number, supplierNumber, company }: Bill, t: TFunction): string =>
  t(kind === 'BILL' ? 'bills.title' : 'bills.creditTitle', { number: number ?? supplierNumber ?? company.name });

export function BillPage() {
  const { t } = useTranslation();
  const can = useCan();
  const writes = can('FINANCE_WRITE');
  return (
    <RecordPage
      path="/finance/bills"
      up={t('nav.bills')}
      load={BillDocument}
      select={(answer) => answer.bill}
      title={(bill) => billTitle(bill, t)}
      status={(bill) => <State row={bill} />}
      mayEdit={(bill) => writes && bill.status === 'DRAFT'}
      archive={{ archive: ArchiveBillDocument, restore: RestoreBillDocument }}
      actions={(bill) => (writes ? <Acts bill={bill} /> : null)}
    >
      {(bill) => <Body bill={bill} writes={writes} />}
    </RecordPage>
  );
}

function Acts({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  const lang = useLang();
  const today = useToday();
  const [post, cancel] = [useAct(PostBillDocument), useAct(VoidBillDocument)];
  const total = formatMoney(bill.total, lang);
  if (bill.status === 'DRAFT') {
    return (
      <Act
        label={t('bills.post')}
        text={t('bills.postText', { total })}
        run={async () => warn((await post.mutateAsync({ input: { id: bill.id, version: bill.version } })).postBill.warnings)}
        primary
      />
    );
  }
  if (bill.status === 'VOID') return null;
  return (
    <>
      {bill.kind === 'BILL' && !isZero(bill.due.amount) ? (
        <PayOut
          label={t('bills.pay')}
          text={t('bills.payText', { company: bill.company.name, due: formatMoney(bill.due, lang) })}
          due={bill.due}
          to={{ companyId: bill.company.id }}
          settles={{ billId: bill.id }}
        />
      ) : null}
      {bill.kind === 'CREDIT_NOTE' && !isZero(bill.due.amount) ? <UseUp note={bill} /> : null}
      {bill.kind === 'BILL' ? <LinkButton to={`/finance/bills/new${query({ creditsId: bill.id })}`}>{t('bills.credit')}</LinkButton> : null}
      <WriteOff of={{ billId: bill.id }} due={bill.due} gain={bill.kind === 'BILL'} />
      {bill.journalEntry && isZero(bill.paid.amount) ? (
        <Act
          label={t('invoices.void')}
          text={t('bills.voidText', { number: bill.number, total })}
          fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
          defaults={{ date: today }}
          run={(input) => cancel.mutateAsync({ input: { ...input, id: bill.id } })}
          danger
        />
      ) : null}
      <Einvoice record={bill} document={SetBillEinvoiceDocument} />
    </>
  );
}

/** What is left of a supplier's credit note settles other bills, or is paid back to us. */
function UseUp({ note }: { note: Bill }) {
  const { t } = useTranslation();
  const lang = useLang();
  const apply = useAct(ApplySupplierCreditDocument);
  const { id, company, due } = note;
  return (
    <>
      <Settle
        side={{ partyId: company.id, subLedger: 'PAYABLE', direction: 'OUT' }}
        party={company.name}
        left={due}
        run={(input) => apply.mutateAsync({ input: { ...input, id } })}
      />
      <PayOut
        label={t('payments.takeBack')}
        text={t('payments.takeBackText', { party: company.name, left: formatMoney(due, lang) })}
        due={due}
        to={{ companyId: company.id, subLedger: 'PAYABLE' }}
        settles={{ billId: id }}
        back
        primary={false}
      />
    </>
  );
}

function Body({ bill, writes }: { bill: Bill; writes: boolean }) {
  const { t } = useTranslation();
  const project = bill.lines.find((line) => line.project)?.project;
  return (
    <>
      <Chain
        steps={[
          { link: 'project', to: project ? `/delivery/projects/${project.id}` : null, label: project?.name },
          { link: 'bill', here: true, label: bill.number ?? t('invoices.noNumber') },
          {
            link: 'ledger',
            to: bill.journalEntry ? `/finance/journal/${bill.journalEntry.id}` : null,
            label: bill.journalEntry ? t('journal.entry', { seq: bill.journalEntry.seq }) : null,
          },
        ]}
      />
      <Facts
        facts={[
          { label: t('invoices.total'), value: <Money value={bill.total} />, figure: true },
          { label: t('invoices.due'), value: <Money value={bill.due} />, figure: true },
          { label: t('field.supplier'), value: <RecordLink to="/companies" record={bill.company} /> },
          { label: t('bills.supplierNumber'), value: <Text value={bill.supplierNumber} /> },
          { label: t('field.date'), value: <DateText value={bill.date} /> },
          bill.kind === 'BILL' ? { label: t('invoices.dueDate'), value: <DateText value={bill.dueDate} /> } : null,
          bill.credits
            ? {
                label: t('bills.credits'),
                value: <RecordLink to="/finance/bills" record={{ id: bill.credits.id, name: bill.credits.number ?? '' }} />,
              }
            : null,
          { label: t('field.department'), value: <RecordLink to="/people/departments" record={bill.department} /> },
          bill.einvoiceNumber
            ? {
                label: t('invoices.einvoice'),
                value: [bill.einvoiceNumber, bill.einvoiceStatus && t(`einvoiceState.${bill.einvoiceStatus}`)].filter(Boolean).join(', '),
              }
            : null,
          bill.note ? { label: t('field.note'), value: bill.note } : null,
        ]}
      />
      <ApprovalsOf subjectId={bill.id} />
      <Lines bill={bill} />
      <Settled bill={bill} />
      <CreditNotes bill={bill} />
      <Files title={t('files.ofBill')} subject="BILL" id={bill.id} files={bill.files} mayChange={writes && !bill.archivedAt} />
    </>
  );
}

function Lines({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  type Line = Bill['lines'][number];
  const columns: Column<Line>[] = [
    { key: 'what', label: t('invoices.what'), cell: (line) => line.description },
    { key: 'account', label: t('field.account'), cell: (line) => <RecordLink to="/finance/accounts" record={line.account} /> },
    { key: 'project', label: t('field.project'), cell: (line) => <RecordLink to="/delivery/projects" record={line.project} /> },
    { key: 'client', label: t('expenses.forClient'), cell: (line) => <RecordLink to="/companies" record={line.client} />, wide: true },
    {
      key: 'costCentre',
      label: t('field.costCentre'),
      cell: (line) => <CostCentres of={line} />,
      wide: true,
    },
    { key: 'quantity', label: t('invoices.quantity'), cell: (line) => <Quantity value={line.quantity} />, numeric: true },
    {
      key: 'unitPrice',
      label: t('services.unitPrice'),
      cell: (line) => <Money value={{ amount: line.unitPrice, currency: bill.currency }} bare />,
      numeric: true,
    },
    { key: 'taxCode', label: t('field.taxCode'), cell: (line) => <TaxCodes of={line} />, wide: true },
    { key: 'tax', label: t('invoices.tax'), cell: (line) => <Money value={line.tax} bare />, numeric: true },
    { key: 'net', label: t('invoices.net'), cell: (line) => <Money value={line.net} bare />, numeric: true },
  ];
  // Columns that no line fills only take room.
  const filled: Partial<Record<string, boolean>> = {
    project: bill.lines.some((line) => line.project),
    client: bill.lines.some((line) => line.client),
    costCentre: bill.lines.some(hasCostCentre),
    taxCode: bill.lines.some((line) => line.taxes.length > 0),
    tax: !isZero(bill.tax.amount),
  };
  return (
    <Section title={t('invoices.lines')} aside={<span className="muted">{bill.currency}</span>}>
      <DataTable
        label={t('invoices.lines')}
        columns={columns.filter(({ key }) => filled[key] ?? true)}
        rows={bill.lines}
        rowKey={(line) => line.id}
      />
      <dl className="totals">
        <dt>{t('invoices.net')}</dt>
        <dd>
          <Money value={bill.net} />
        </dd>
        <dt>{t('invoices.tax')}</dt>
        <dd>
          <Money value={bill.tax} />
        </dd>
        <dt className="grand">{t('invoices.total')}</dt>
        <dd className="grand">
          <Money value={bill.total} />
        </dd>
      </dl>
    </Section>
  );
}

function TaxCodes({ of: { taxes } }: { of: Bill['lines'][number] }) {
  return taxes.map(({ taxCode }, index) => (
    <span key={taxCode.id}>
      {index > 0 ? ', ' : null}
      <RecordLink to="/finance/tax-codes" record={taxCode} />
    </span>
  ));
}

type Part = Bill['payments'][number];

/** The payment or the document that a part of a bill, or of a credit note, is settled with. */
function settles({ payment, supplierCredit, bill: settled }: Part, { kind }: Bill, t: TFunction) {
  if (payment) return { to: '/finance/payments', record: { id: payment.id, name: payment.reference ?? t('chain.payment') } };
  return { to: '/finance/bills', record: named(kind === 'BILL' ? supplierCredit : settled) };
}

/** What settles a bill, or what a credit note settles. */
function Settled({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  const columns: Column<Part>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    {
      key: 'what',
      label: t('invoices.what'),
      cell: (row) => (row.writeOff ? `${t('writeOffs.one')}: ${row.writeOff.reason}` : <RecordLink {...settles(row, bill, t)} />),
    },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'undo', label: '', cell: (row) => (row.payment ? null : <Undo part={row} text={t('bills.undoText')} />) },
  ];
  const parts = [...bill.payments, ...bill.applied];
  if (parts.length === 0) return null;
  const title = t(bill.kind === 'BILL' ? 'nav.payments' : 'bills.applied');
  return (
    <Section title={title}>
      <DataTable label={title} columns={columns} rows={parts} rowKey={(row) => row.id} />
    </Section>
  );
}

const named = (bill: { id: string; number: string | null } | null) => bill && { id: bill.id, name: bill.number ?? '' };

function CreditNotes({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  type Note = Bill['creditNotes'][number];
  const columns: Column<Note>[] = [
    { key: 'number', label: t('invoices.number'), cell: (row) => row.number ?? t('invoices.noNumber') },
    { key: 'supplierNumber', label: t('bills.supplierNumber'), cell: (row) => <Text value={row.supplierNumber} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    { key: 'total', label: t('invoices.total'), cell: (row) => <Money value={row.total} />, numeric: true },
  ];
  if (bill.creditNotes.length === 0) return null;
  return (
    <Section title={t('bills.creditNotes')}>
      <DataTable
        label={t('bills.creditNotes')}
        columns={columns}
        rows={bill.creditNotes}
        rowKey={(row) => row.id}
        rowHref={(row) => `/finance/bills/${row.id}`}
      />
    </Section>
  );
}
