import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  BankTransfersDocument,
  ReverseTransferDocument,
  TransfersOfAccountDocument,
  type BankTransferFieldsFragment,
  type BankTransferOrderField,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, LinkButton, Section } from '../ui/Page';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';

type Transfer = BankTransferFieldsFragment;

function useColumns(): Column<Transfer, BankTransferOrderField>[] {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  return [
    { key: 'date', label: t('field.date'), cell: (row) => <Days transfer={row} />, sort: 'DATE' },
    { key: 'from', label: t('bank.transferFrom'), cell: (row) => <RecordLink to="/finance/bank" record={row.from} /> },
    { key: 'to', label: t('bank.transferTo'), cell: (row) => <RecordLink to="/finance/bank" record={row.to} /> },
    { key: 'reference', label: t('payments.reference'), cell: (row) => <Text value={row.reference} />, wide: true },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'entries', label: t('nav.journal'), cell: (row) => <Entries entries={row.journalEntries} />, wide: true },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    {
      key: 'arrived',
      label: t('bank.arrives'),
      cell: (row) => (row.arrived.currency === row.amount.currency ? null : <Money value={row.arrived} />),
      numeric: true,
    },
    { key: 'reverse', label: '', cell: (row) => (writes && row.status === 'POSTED' ? <Reverse transfer={row} /> : null) },
  ];
}

/** When it left, and when it arrived where that was another day. */
function Days({ transfer }: { transfer: Transfer }) {
  const left = <DateText value={transfer.date} />;
  if (transfer.arrivalDate === transfer.date) return left;
  return (
    <>
      {left} – <DateText value={transfer.arrivalDate} />
    </>
  );
}

/** What both sides posted, and what took it back. */
function Entries({ entries }: { entries: Transfer['journalEntries'] }) {
  return (
    <span>
      {entries.map((entry, index) => (
        <span key={entry.id}>
          {index > 0 ? ', ' : ''}
          <Link to={`/finance/journal/${entry.id}`}>{entry.seq}</Link>
        </span>
      ))}
    </span>
  );
}

function Reverse({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation();
  const today = useToday();
  const reverse = useAct(ReverseTransferDocument);
  return (
    <Act
      label={t('ui.reverse')}
      text={t('bank.reverseTransferText')}
      fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
      defaults={{ date: transfer.arrivalDate > today ? transfer.arrivalDate : today }}
      run={(input) => reverse.mutateAsync({ input: { ...input, id: transfer.id } })}
      compact
      danger
    />
  );
}

export function BankTransferList() {
  const { t } = useTranslation();
  return (
    <ListPage
      title={t('nav.bankTransfers')}
      document={BankTransfersDocument}
      select={(answer) => answer.bankTransfers}
      columns={useColumns()}
      filters={[
        { kind: 'enum', param: 'status', options: ['POSTED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'fromId', ref: 'bankAccount', label: t('bank.transferFrom') },
        { kind: 'ref', param: 'toId', ref: 'bankAccount', label: t('bank.transferTo') },
        { kind: 'dates', param: 'date', label: t('bank.leavesOn') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      empty={{ title: t('bank.noTransfers'), text: t('bank.noTransfersText') }}
    />
  );
}

const FEW = 10;

/** The last transfers from and to an account. */
export function TransfersOf({ bankAccountId }: { bankAccountId: string }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const answer = useGql(TransfersOfAccountDocument, { id: bankAccountId, first: FEW });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const both = answer.data ? [...answer.data.left.nodes, ...answer.data.came.nodes] : [];
  const last = both.sort((a, b) => b.date.localeCompare(a.date)).slice(0, FEW);
  if (last.length === 0) return null;
  return (
    <Section title={t('nav.bankTransfers')} aside={<LinkButton to="/finance/bank-transfers">{t('bank.allTransfers')}</LinkButton>}>
      <DataTable label={t('nav.bankTransfers')} columns={columns} rows={last} rowKey={(row) => row.id} />
    </Section>
  );
}
