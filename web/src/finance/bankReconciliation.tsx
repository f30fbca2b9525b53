import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { BankReconciliationDocument, type BankReconciliationQuery } from '../gql';
import { useGql } from '../lib/api';
import { formatDate } from '../lib/format';
import { useLang, useToday } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { ErrorNote, Page, Section } from '../ui/Page';
import { DateText, Money, Status, Text } from '../ui/values';

type Reconciliation = BankReconciliationQuery['bankReconciliation'];
type Line = Reconciliation['openLines'][number];
type LedgerLine = Reconciliation['ledgerLines'][number];

/** Whether the bank and the ledger say the same, and every line that makes the difference. */
export function BankReconciliationPage() {
  const { t } = useTranslation();
  const today = useToday();
  const [params, setParams] = useSearchParams();
  const id = params.get('id') ?? '';
  const at = params.get('at') ?? today;
  const answer = useGql(BankReconciliationDocument, { id, at }, { keep: true });
  const state = answer.data?.bankReconciliation;
  return (
    <Page
      title={t('bank.reconciliation')}
      up={{ to: `/finance/bank/${id}`, label: state?.bankAccount.name ?? t('nav.bankAccounts') }}
      aside={state ? <Status value={state.reconciled ? 'RECONCILED' : 'OPEN'} /> : null}
      actions={<DateField label={t('bank.at')} value={at} onChange={(date) => setParams({ id, at: date }, { replace: true })} />}
    >
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {state ? <Told state={state} at={at} /> : null}
      {answer.isPending ? <p className="muted">{t('ui.loading')}</p> : null}
    </Page>
  );
}

function Told({ state, at }: { state: Reconciliation; at: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const rows = [
    { label: t('bank.byBank'), value: state.statementBalance },
    { label: t('bank.byLedger'), value: state.ledgerBalance },
    { label: t('bank.difference'), value: state.difference },
    { label: t('bank.openingDifference'), value: state.openingDifference },
    { label: t('bank.openTotal', { count: state.openLineCount }), value: state.openLinesTotal },
    { label: t('bank.ignoredTotal'), value: state.ignoredLinesTotal },
    { label: t('bank.ledgerTotal', { count: state.ledgerLineCount }), value: state.ledgerLinesTotal },
  ];
  return (
    <>
      {state.statedUntil && state.statedUntil < at ? (
        <p className="muted">{t('bank.statedOnlyUntil', { date: formatDate(state.statedUntil, lang) })}</p>
      ) : null}
      <table className="data dense" aria-label={t('bank.reconciliation')}>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <td>{row.label}</td>
              <td className="num">
                <Money value={row.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Lines title={t('bank.openLines')} lines={state.openLines} />
      <Lines title={t('bank.ignoredTotal')} lines={state.ignoredLines} />
      <LedgerLines lines={state.ledgerLines} />
    </>
  );
}

function Lines({ title, lines }: { title: string; lines: Line[] }) {
  const { t } = useTranslation();
  const columns: Column<Line>[] = [
    { key: 'date', label: t('field.date'), cell: (line) => <DateText value={line.date} /> },
    { key: 'who', label: t('bank.counterparty'), cell: (line) => <Text value={line.counterparty} /> },
    { key: 'what', label: t('field.description'), cell: (line) => <Text value={line.description ?? line.reference} />, wide: true },
    { key: 'amount', label: t('field.amount'), cell: (line) => <Money value={line.amount} />, numeric: true },
  ];
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      <DataTable
        label={title}
        columns={columns}
        rows={lines}
        rowKey={(line) => line.id}
        rowHref={(line) => `/finance/bank-lines/${line.id}`}
        dense
      />
    </Section>
  );
}

function LedgerLines({ lines }: { lines: LedgerLine[] }) {
  const { t } = useTranslation();
  const columns: Column<LedgerLine>[] = [
    { key: 'date', label: t('field.date'), cell: (line) => <DateText value={line.date} /> },
    { key: 'what', label: t('field.description'), cell: (line) => line.description ?? line.entry.description },
    { key: 'amount', label: t('field.amount'), cell: (line) => <Money value={line.amount} />, numeric: true },
  ];
  if (lines.length === 0) return null;
  return (
    <Section title={t('bank.onlyInLedger')}>
      <DataTable
        label={t('bank.onlyInLedger')}
        columns={columns}
        rows={lines}
        rowKey={(line) => line.id}
        rowHref={(line) => `/finance/journal/${line.entry.id}`}
        dense
      />
    </Section>
  );
}
