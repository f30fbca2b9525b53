import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  BankLineDocument,
  BankLinesDocument,
  BookBankLineDocument,
  ConfirmBankMatchDocument,
  IgnoreBankLineDocument,
  OpenBillsDocument,
  OpenInvoicesDocument,
  UnmatchBankLineDocument,
  type BankLineQuery,
  type BookBankLineInput,
  type ConfirmBankMatchInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { fromMicros, normaliseDecimal, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { RefSelect } from '../ui/RefSelect';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { warn } from '../ui/warn';
import { Confirm, Told, useProposals, type Proposal } from './bankProposals';

type Line = BankLineQuery['bankStatementLine'];
type Match = Line['matches'][number];

export function BankLineList() {
  const { t } = useTranslation();
  return (
    <ListPage
      title={t('nav.bankLines')}
      document={BankLinesDocument}
      select={(answer) => answer.bankStatementLines}
      columns={[
        { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
        {
          key: 'account',
          label: t('bank.bankAccount'),
          cell: (row) => <RecordLink to="/finance/bank" record={row.bankAccount} />,
          wide: true,
        },
        { key: 'who', label: t('bank.counterparty'), cell: (row) => <Text value={row.counterparty} /> },
        { key: 'what', label: t('field.description'), cell: (row) => <Text value={row.description ?? row.reference} />, wide: true },
        { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
        { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
      ]}
      href={(row) => `/finance/bank-lines/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: ['OPEN', 'MATCHED', 'IGNORED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'bankAccountId', ref: 'bankAccount', label: t('bank.bankAccount') },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('bank.searchLines')}
      empty={{ title: t('bank.noLines'), text: t('bank.noLinesText') }}
    />
  );
}

export function BankLinePage() {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <RecordPage
      path="/finance/bank-lines"
      up={t('nav.bankLines')}
      load={BankLineDocument}
      select={(answer) => answer.bankStatementLine}
      title={(line) => `${formatMoney(line.amount, lang)} · ${line.counterparty ?? line.description ?? t('bank.line')}`}
      status={(line) => <Status value={line.status} />}
      actions={(line) => <LineActs line={line} />}
    >
      {(line) => <LineBody line={line} />}
    </RecordPage>
  );
}

function LineActs({ line }: { line: Line }) {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const book = useAct(BookBankLineDocument);
  const ignore = useAct(IgnoreBankLineDocument);
  const unmatch = useAct(UnmatchBankLineDocument);
  if (!can('FINANCE_WRITE')) return null;
  if (line.status !== 'OPEN') {
    return (
      <Act
        label={t('bank.unmatch')}
        text={t('bank.unmatchText')}
        fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
        defaults={{ date: today }}
        run={(input) => unmatch.mutateAsync({ input: { ...input, lineId: line.id } })}
        danger
      />
    );
  }
  return (
    <>
      <Act
        label={t('bank.book')}
        text={t('bank.bookText')}
        fields={[
          { name: 'accountId', label: t('bank.bookTo'), kind: 'ref', ref: 'account', required: true },
          { name: 'costCentreId', label: t('field.costCentre'), kind: 'ref', ref: 'costCentre', half: true },
          { name: 'projectId', label: t('field.project'), kind: 'ref', ref: 'project', half: true },
          { name: 'description', label: t('field.description'), kind: 'text' },
        ]}
        defaults={{ description: line.description ?? line.counterparty ?? '' }}
        run={async (input) =>
          warn((await book.mutateAsync({ input: { ...input, lineId: line.id } as unknown as BookBankLineInput })).bookBankLine.warnings)
        }
      />
      <Act
        label={t('bank.ignore')}
        text={t('bank.ignoreText')}
        fields={[{ name: 'note', label: t('bank.why'), kind: 'text' }]}
        run={(input) => ignore.mutateAsync({ input: { ...input, lineId: line.id } })}
      />
    </>
  );
}

function LineBody({ line }: { line: Line }) {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <>
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={line.amount} />, figure: true },
          { label: t('field.date'), value: <DateText value={line.date} /> },
          { label: t('bank.bankAccount'), value: <RecordLink to="/finance/bank" record={line.bankAccount} /> },
          { label: t('bank.counterparty'), value: <Text value={line.counterparty} /> },
          { label: t('bank.iban'), value: <Text value={line.iban} /> },
          { label: t('field.taxNumber'), value: <Text value={line.taxNumber} /> },
          { label: t('field.description'), value: <Text value={line.description} /> },
          { label: t('payments.reference'), value: <Text value={line.reference ?? line.endToEndId} /> },
          { label: t('bank.bankReference'), value: <Text value={line.bankReference} /> },
          line.note ? { label: t('bank.why'), value: line.note } : null,
        ]}
      />
      {line.status === 'MATCHED' ? <Matches matches={line.matches} /> : null}
      {line.status === 'OPEN' ? <Proposals line={line} /> : null}
      {line.status === 'OPEN' && can('FINANCE_WRITE') ? <Split line={line} /> : null}
    </>
  );
}

function Matches({ matches }: { matches: Match[] }) {
  const { t } = useTranslation();
  const columns: Column<Match>[] = [
    { key: 'entry', label: t('bank.isEntry'), cell: (row) => t('journal.entry', { seq: row.journalEntry.seq }) },
    { key: 'what', label: t('field.description'), cell: (row) => row.journalEntry.description },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.journalEntry.date} /> },
    { key: 'made', label: t('bank.recordedBy'), cell: (row) => (row.recorded ? t('bank.byMatch') : t('bank.before')), wide: true },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
  ];
  return (
    <Section title={t('bank.inLedger')}>
      <DataTable
        label={t('bank.inLedger')}
        columns={columns}
        rows={matches}
        rowKey={(row) => row.journalEntry.id}
        rowHref={(row) => (row.payment ? `/finance/payments/${row.payment.id}` : `/finance/journal/${row.journalEntry.id}`)}
      />
    </Section>
  );
}

function Proposals({ line }: { line: Line }) {
  const { t } = useTranslation();
  const can = useCan();
  const proposals = useProposals([line.id]);
  const found = proposals.of(line.id);
  const columns: Column<Proposal>[] = [
    { key: 'what', label: t('bank.proposal'), cell: (row) => <Told proposal={row} /> },
    { key: 'sure', label: t('bank.sure'), cell: (row) => row.score, numeric: true },
    {
      key: 'confirm',
      label: '',
      cell: (row) => (can('FINANCE_WRITE') ? <Confirm lineId={line.id} proposal={row} primary={row === found[0]} /> : null),
    },
  ];
  return (
    <Section title={t('bank.proposals')}>
      {found.length > 0 ? (
        <DataTable label={t('bank.proposals')} columns={columns} rows={found} rowKey={(_, index) => String(index)} />
      ) : (
        <p className="muted">{proposals.isPending ? t('ui.loading') : t('bank.noProposalText')}</p>
      )}
    </Section>
  );
}

interface Open {
  id: string;
  number?: string | null;
  dueDate: string;
  currency: string;
  due: { amount: string; currency: string };
}

/** Who paid or was paid, and which of their documents; the rest stays to their credit. */
function Split({ line }: { line: Line }) {
  const { t } = useTranslation();
  const lang = useLang();
  const [companyId, setCompanyId] = useState('');
  const [typed, setTyped] = useState<{ [id: string]: string }>({});
  const confirm = useAct(ConfirmBankMatchDocument);
  const comesIn = !line.amount.amount.startsWith('-');
  const currency = line.bankAccount.currency;
  const invoices = useGql(OpenInvoicesDocument, { companyId }, { enabled: companyId !== '' && comesIn });
  const bills = useGql(OpenBillsDocument, { companyId }, { enabled: companyId !== '' && !comesIn });
  const open: Open[] = (comesIn ? invoices.data?.invoices.nodes : bills.data?.bills.nodes) ?? [];
  const payable = open.filter((document) => document.currency === currency);
  const parts = payable.flatMap((document) => {
    const amount = normaliseDecimal(typed[document.id] ?? '', lang);
    return amount === null ? [] : [{ [comesIn ? 'invoiceId' : 'billId']: document.id, amount }];
  });
  const split = fromMicros(sum(parts.map((part) => toMicros(part.amount))), currencyDigits(currency));
  const columns: Column<Open>[] = [
    { key: 'number', label: t('invoices.number'), cell: (row) => <Text value={row.number} /> },
    { key: 'due', label: t('invoices.dueDate'), cell: (row) => <DateText value={row.dueDate} /> },
    { key: 'open', label: t('invoices.due'), cell: (row) => <Money value={row.due} />, numeric: true },
    {
      key: 'amount',
      label: t('payments.applied'),
      numeric: true,
      cell: (row) => (
        <TextInput
          aria-label={t('payments.applyTo', { number: row.number ?? '' })}
          value={typed[row.id] ?? ''}
          onChange={(event) => setTyped({ ...typed, [row.id]: event.currentTarget.value })}
          inputMode="decimal"
          className="num"
        />
      ),
    },
  ];
  const go = () => {
    const input = { lineIds: [line.id], allocations: parts, companyId } as unknown as ConfirmBankMatchInput;
    confirm.mutate({ input });
  };
  return (
    <Section title={t('bank.split')}>
      <RefSelect kind="company" value={companyId} onChange={setCompanyId} label={comesIn ? t('bank.from') : t('bank.to')} />
      {companyId !== '' && payable.length > 0 ? (
        <DataTable label={t('bank.split')} columns={columns} rows={payable} rowKey={(row) => row.id} />
      ) : null}
      {companyId === '' ? null : (
        <div className="form-foot">
          <p>
            {t(comesIn ? 'bank.splitSum' : 'bank.splitSumOut', {
              amount: formatMoney({ amount: split, currency }, lang),
              total: formatMoney(line.amount, lang),
            })}
          </p>
          <Button onClick={go} loading={confirm.isPending}>
            {t('bank.confirm')}
          </Button>
        </div>
      )}
      {confirm.error ? <ErrorNote error={confirm.error} /> : null}
    </Section>
  );
}
