import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import {
  JournalEntriesDocument,
  JournalEntryDocument,
  JournalLinesDocument,
  ReverseJournalEntryDocument,
  type JournalEntriesQuery,
  type JournalEntryOrderField,
  type JournalLineFilter,
  type JournalLineOrderField,
  type JournalEntryQuery,
  type JournalLinesQuery,
  type SourceKind,
} from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import type { FilterDef } from '../lib/listState';
import { useCan, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ListPage } from '../ui/ListPage';
import { Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { roles } from './accounts';
import { Amount, DateText, Money, RecordLink, Text } from '../ui/values';

type Row = JournalEntriesQuery['journalEntries']['nodes'][number];
type Record = JournalEntryQuery['journalEntry'];
type Line = Record['lines'][number];
type LedgerLine = JournalLinesQuery['journalLines']['nodes'][number];

const paths: Partial<{ [kind in SourceKind]: string }> = {
  INVOICE: '/finance/invoices',
  PAYMENT: '/finance/payments',
  EXPENSE: '/finance/expenses',
  TIME_ENTRY: '/delivery/time',
  RECOGNITION: '/finance/invoices',
};
const sourceKinds: SourceKind[] = ['MANUAL', 'INVOICE', 'PAYMENT', 'EXPENSE', 'TIME_ENTRY', 'RECOGNITION'];

function Source({ kind, id }: { kind: SourceKind; id: string | null | undefined }) {
  const { t } = useTranslation();
  const path = paths[kind];
  const name = t(`source.${kind}`);
  return path && id ? <Link to={`${path}/${id}`}>{name}</Link> : <>{name}</>;
}

export function JournalList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, JournalEntryOrderField>[] = [
    { key: 'seq', label: t('journal.seq'), cell: (row) => row.seq, sort: 'SEQ' },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    { key: 'source', label: t('journal.source'), cell: (row) => <Source kind={row.sourceKind} id={row.sourceId} /> },
    { key: 'total', label: t('field.amount'), cell: (row) => <Money value={row.total} />, numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.journal')}
      document={JournalEntriesDocument}
      select={(answer) => answer.journalEntries}
      columns={columns}
      href={(row) => `/finance/journal/${row.id}`}
      filters={[
        { kind: 'enum', param: 'sourceKind', options: sourceKinds, label: t('journal.source'), optionLabel: 'source' },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'SEQ', direction: 'DESC' }}
      create={can('FINANCE_WRITE') ? { to: '/finance/journal/new', label: t('journal.new') } : null}
      empty={{ title: t('journal.empty'), text: t('journal.emptyText') }}
    />
  );
}

export function JournalPage() {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const navigate = useNavigate();
  const reverse = useAct(ReverseJournalEntryDocument);
  const run = async (id: string, input: { [name: string]: unknown }) => {
    const answer = await reverse.mutateAsync({ input: { ...input, id } });
    void navigate(`/finance/journal/${answer.reverseJournalEntry.journalEntry.id}`);
  };
  return (
    <RecordPage
      path="/finance/journal"
      up={t('nav.journal')}
      load={JournalEntryDocument}
      select={(answer) => answer.journalEntry}
      title={(entry) => t('journal.entry', { seq: entry.seq })}
      actions={(entry) =>
        can('FINANCE_WRITE') && entry.sourceKind === 'MANUAL' && !entry.reversedBy && !entry.reverses ? (
          <Act
            label={t('ui.reverse')}
            text={t('journal.reverseText')}
            fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
            defaults={{ date: today }}
            run={(input) => run(entry.id, input)}
            danger
          />
        ) : null
      }
    >
      {(entry) => <EntryBody entry={entry} />}
    </RecordPage>
  );
}

function EntryBody({ entry }: { entry: Record }) {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const side = (value: string) => (isZero(value) ? null : <Amount value={value} currency={tenant.baseCurrency} />);
  const columns: Column<Line>[] = [
    { key: 'account', label: t('field.account'), cell: (line) => <RecordLink to="/finance/accounts" record={line.account} /> },
    { key: 'description', label: t('field.description'), cell: (line) => <Text value={line.description} />, wide: true },
    { key: 'party', label: t('ledger.party'), cell: (line) => <RecordLink to="/companies" record={line.party} /> },
    { key: 'dimensions', label: t('journal.dimensions'), cell: (line) => <Dimensions line={line} /> },
    {
      key: 'amount',
      label: t('journal.transaction'),
      cell: (line) => (line.amount.currency === tenant.baseCurrency ? null : <Money value={line.amount} />),
      numeric: true,
      wide: true,
    },
    { key: 'debit', label: t('journal.debit'), cell: (line) => side(line.debit), numeric: true },
    { key: 'credit', label: t('journal.credit'), cell: (line) => side(line.credit), numeric: true },
  ];
  // Columns that no line fills only take room.
  const shown = columns.filter(({ key }) => key !== 'party' || entry.lines.some((line) => line.party));
  return (
    <>
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={entry.total} />, figure: true },
          { label: t('field.date'), value: <DateText value={entry.date} /> },
          entry.serviceDate === entry.date ? null : { label: t('journal.serviceDate'), value: <DateText value={entry.serviceDate} /> },
          { label: t('field.description'), value: <Text value={entry.description} /> },
          entry.closing ? { label: t('journal.closing'), value: t('journal.closingText') } : null,
          { label: t('journal.source'), value: <Source kind={entry.sourceKind} id={entry.sourceId} /> },
          entry.createdBy ? { label: t('journal.by'), value: entry.createdBy.name } : null,
          entry.reverses
            ? {
                label: t('journal.reverses'),
                value: <Link to={`/finance/journal/${entry.reverses.id}`}>{t('journal.entry', { seq: entry.reverses.seq })}</Link>,
              }
            : null,
          entry.reversedBy
            ? {
                label: t('journal.reversedBy'),
                value: <Link to={`/finance/journal/${entry.reversedBy.id}`}>{t('journal.entry', { seq: entry.reversedBy.seq })}</Link>,
              }
            : null,
        ]}
      />
      <Section title={t('ledger.lines')} aside={<span className="muted">{tenant.baseCurrency}</span>}>
        <DataTable label={t('ledger.lines')} columns={shown} rows={entry.lines} rowKey={(line) => line.id} />
      </Section>
    </>
  );
}

function Dimensions({ line }: { line: Line }) {
  const links = [
    { name: 'company', to: '/companies', record: line.company },
    { name: 'deal', to: '/sales/deals', record: line.deal },
    { name: 'project', to: '/delivery/projects', record: line.project },
    { name: 'service', to: '/sales/services', record: line.service },
    { name: 'seller', to: '/people/employees', record: line.seller },
    { name: 'employee', to: '/people/employees', record: line.employee?.id === line.seller?.id ? null : line.employee },
    { name: 'department', to: '/people/departments', record: line.department },
    { name: 'costCentre', to: '/finance/cost-centres', record: line.costCentre },
  ].filter(({ record }) => record !== null);
  if (links.length === 0) return <Text value={null} />;
  return (
    <span>
      {links.map(({ name, to, record }, index) => (
        <span key={name}>
          {index > 0 ? ', ' : ''}
          <RecordLink to={to} record={record} />
        </span>
      ))}
    </span>
  );
}

/** The lines that any figure is made of, cut by the address. */
export function LedgerList() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const side = (value: string) => (isZero(value) ? null : <Amount value={value} currency={tenant.baseCurrency} />);
  const columns: Column<LedgerLine, JournalLineOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (line) => <DateText value={line.entry.date} />, sort: 'DATE' },
    { key: 'seq', label: t('journal.seq'), cell: (line) => line.entry.seq, sort: 'SEQ', wide: true },
    { key: 'account', label: t('field.account'), cell: (line) => <RecordLink to="/finance/accounts" record={line.account} /> },
    { key: 'source', label: t('journal.source'), cell: (line) => <Source kind={line.entry.sourceKind} id={line.entry.sourceId} /> },
    { key: 'what', label: t('field.description'), cell: (line) => <Text value={line.description ?? line.entry.description} /> },
    { key: 'company', label: t('field.company'), cell: (line) => <RecordLink to="/companies" record={line.company} /> },
    {
      key: 'costCentre',
      label: t('field.costCentre'),
      cell: (line) => <RecordLink to="/finance/cost-centres" record={line.costCentre} />,
      wide: true,
    },
    { key: 'debit', label: t('journal.debit'), cell: (line) => side(line.debit), numeric: true },
    { key: 'credit', label: t('journal.credit'), cell: (line) => side(line.credit), numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.ledger')}
      document={JournalLinesDocument}
      select={(answer) => answer.journalLines}
      columns={columns}
      href={(line) => `/finance/journal/${line.entry.id}`}
      filters={useLedgerFilters()}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      empty={{ title: t('ledger.empty'), text: t('ledger.emptyText') }}
    />
  );
}

function useLedgerFilters(): FilterDef<keyof JournalLineFilter>[] {
  const { t } = useTranslation();
  return [
    { kind: 'dates', param: 'date', label: t('field.date') },
    { kind: 'ref', param: 'accountId', ref: 'account', label: t('field.account') },
    {
      kind: 'enum',
      param: 'accountType',
      options: ['ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE'],
      label: t('accounts.type'),
      optionLabel: 'accountType',
    },
    { kind: 'enum', param: 'accountRole', options: roles, label: t('accounts.role'), optionLabel: 'accountRole' },
    { kind: 'ref', param: 'sourceId', ref: 'invoice', label: t('ledger.document') },
    { kind: 'ref', param: 'taxCodeId', ref: 'taxCode', label: t('field.taxCode') },
    { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
    { kind: 'ref', param: 'partyId', ref: 'company', label: t('ledger.party') },
    { kind: 'ref', param: 'serviceId', ref: 'service', label: t('field.service') },
    { kind: 'ref', param: 'projectId', ref: 'project', label: t('field.project') },
    { kind: 'ref', param: 'dealId', ref: 'deal', label: t('field.deal') },
    { kind: 'ref', param: 'sellerId', ref: 'employee', label: t('invoices.seller') },
    { kind: 'ref', param: 'employeeId', ref: 'employee', label: t('field.employee') },
    { kind: 'ref', param: 'departmentId', ref: 'department', label: t('field.department') },
    { kind: 'ref', param: 'costCentreId', ref: 'costCentre', label: t('field.costCentre') },
  ];
}
