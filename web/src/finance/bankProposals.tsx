import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { BankMatchesDocument, ConfirmBankMatchDocument, MatchBankLineDocument, type BankLinesQuery, type BankMatchesQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote } from '../ui/Page';
import { DateText, Money, Text } from '../ui/values';

type Line = BankLinesQuery['bankStatementLines']['nodes'][number];
export type Proposal = BankMatchesQuery['bankMatches'][number]['proposals'][number];
type Part = Proposal['parts'][number];

const inputs = { INVOICE: 'invoiceId', BILL: 'billId', EXPENSE: 'expenseId' } as const;

const paths: Record<Part['kind'], (id: string) => string> = {
  INVOICE: (id) => `/finance/invoices/${id}`,
  BILL: (id) => `/finance/bills/${id}`,
  EXPENSE: (id) => `/finance/expenses/${id}`,
  JOURNAL_ENTRY: (id) => `/finance/journal/${id}`,
};

/** What lines may be, by the ids of the lines. */
export function useProposals(lineIds: string[]) {
  const matches = useGql(BankMatchesDocument, { lineIds }, { enabled: lineIds.length > 0, keep: true });
  const byLine = new Map(matches.data?.bankMatches.map((match) => [match.line.id, match.proposals]));
  return { ...matches, of: (id: string) => byLine.get(id) ?? [] };
}

/** One click: records what the proposal says, or ties the line to what is in the ledger already. */
export function Confirm({ lineId, proposal, primary = false }: { lineId: string; proposal: Proposal; primary?: boolean }) {
  const { t } = useTranslation();
  const confirm = useAct(ConfirmBankMatchDocument);
  const match = useAct(MatchBankLineDocument);
  const entries = proposal.parts.filter((part) => part.kind === 'JOURNAL_ENTRY').map((part) => part.id);
  const allocations = proposal.parts.flatMap((part) =>
    part.kind === 'JOURNAL_ENTRY' ? [] : [{ [inputs[part.kind]]: part.id, amount: part.amount.amount }],
  );
  const lineIds = proposal.lines.map((line) => line.id);
  const go = () => {
    if (entries.length > 0) match.mutate({ input: { lineId, entryIds: entries } });
    else confirm.mutate({ input: { lineIds, allocations } });
  };
  const error = confirm.error ?? match.error;
  return (
    <>
      <Button
        size="compact-sm"
        variant={primary ? 'filled' : 'default'}
        loading={confirm.isPending || match.isPending}
        onClick={go}
        data-testid="confirm-match"
      >
        {lineIds.length > 1 ? t('bank.confirmLines', { count: lineIds.length }) : t('bank.confirm')}
      </Button>
      {error ? <ErrorNote error={error} /> : null}
    </>
  );
}

/** What is paid, and why that is proposed. */
export function Told({ proposal }: { proposal: Proposal }) {
  const { t } = useTranslation();
  return (
    <div className="proposal">
      {proposal.parts.map((part) => (
        <div key={part.id} className="proposal-part">
          <Link to={paths[part.kind](part.id)}>{part.number ?? t(`bank.kind.${part.kind}`)}</Link> {part.name} ·{' '}
          <Money value={part.amount} />
        </div>
      ))}
      <div className="muted proposal-reasons">{proposal.reasons.join(' ')}</div>
    </div>
  );
}

/** Lines that are open, each with what it likeliest is. */
export function OpenBankLines({ lines, loading }: { lines: readonly Line[]; loading: boolean }) {
  const { t } = useTranslation();
  const can = useCan();
  const proposals = useProposals(lines.map((line) => line.id));
  const columns: Column<Line>[] = [
    { key: 'date', label: t('field.date'), cell: (line) => <DateText value={line.date} /> },
    {
      key: 'who',
      label: t('bank.counterparty'),
      cell: (line) => (
        <>
          <Text value={line.counterparty} />
          <div className="muted">{line.description ?? line.reference}</div>
        </>
      ),
    },
    { key: 'amount', label: t('field.amount'), cell: (line) => <Money value={line.amount} />, numeric: true },
    {
      key: 'proposal',
      label: t('bank.proposal'),
      cell: (line) => {
        const best = proposals.of(line.id)[0];
        return best ? <Told proposal={best} /> : <span className="muted">{proposals.isPending ? '' : t('bank.noProposal')}</span>;
      },
    },
    {
      key: 'sure',
      label: t('bank.sure'),
      cell: (line) => proposals.of(line.id)[0]?.score ?? '',
      numeric: true,
      wide: true,
    },
    {
      key: 'confirm',
      label: '',
      cell: (line) => {
        const best = proposals.of(line.id)[0];
        return best && can('FINANCE_WRITE') ? <Confirm lineId={line.id} proposal={best} primary={best.score >= 90} /> : null;
      },
    },
  ];
  if (loading) return <p className="muted">{t('ui.loading')}</p>;
  if (lines.length === 0) return <p className="muted">{t('bank.nothingOpen')}</p>;
  return (
    <DataTable
      label={t('bank.openLines')}
      columns={columns}
      rows={lines}
      rowKey={(line) => line.id}
      rowHref={(line) => `/finance/bank-lines/${line.id}`}
    />
  );
}
