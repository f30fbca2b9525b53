import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import {
  RecogniseRevenueDocument,
  RevenueRecognitionDocument,
  type RecognitionFieldsFragment,
  type RecogniseRevenueMutation,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { addMonths, isDate, monthEnd } from '../lib/dates';
import { isZero } from '../lib/decimal';
import { formatDate, formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { query } from '../ui/entity';
import { Empty, ErrorNote, Page, Section } from '../ui/Page';
import { Money, RecordLink } from '../ui/values';

type Row = RecognitionFieldsFragment['rows'][number];
type Done = RecogniseRevenueMutation['recogniseRevenue']['recognition'];

/** The day at whose end revenue is recognised, kept in the address: the last month's end unless chosen. */
function useRunDay(): [string, (day: string) => void] {
  const [params, setParams] = useSearchParams();
  const today = useToday();
  const given = params.get('at');
  const set = (day: string) =>
    setParams((before) => {
      before.set('at', day);
      return before;
    });
  return [isDate(given) ? given : monthEnd(addMonths(today, -1)), set];
}

export function RecognitionPage() {
  const { t } = useTranslation();
  const [day, set] = useRunDay();
  const [done, setDone] = useState<Done | null>(null);
  const answer = useGql(RevenueRecognitionDocument, { date: day }, { keep: true });
  const plan = answer.data?.revenueRecognition;
  const choose = (next: string) => {
    if (next === '') return;
    setDone(null);
    set(next);
  };
  return (
    <Page title={t('nav.recognition')} actions={plan ? <Post plan={plan} onDone={setDone} /> : null}>
      <p className="muted">{t('recognition.text')}</p>
      <div className="period">
        <DateField ariaLabel={t('recognition.date')} value={day} onChange={choose} required />
      </div>
      {done ? <Posted done={done} /> : null}
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {plan ? <Plan plan={plan} /> : null}
    </Page>
  );
}

const changes = (rows: Row[]): Row[] => rows.filter((row) => row.entry != null || !isZero(row.change.amount));

function Post({ plan, onDone }: { plan: RecognitionFieldsFragment; onDone: (done: Done) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const run = useAct(RecogniseRevenueDocument);
  const documents = changes(plan.rows).length;
  if (!can('FINANCE_WRITE') || documents === 0) return null;
  return (
    <Act
      label={t('recognition.run')}
      text={t('recognition.runText', { documents, date: formatDate(plan.date, lang), change: formatMoney(plan.change, lang) })}
      run={async () => onDone((await run.mutateAsync({ input: { date: plan.date } })).recogniseRevenue.recognition)}
      primary
    />
  );
}

/** What waits at the end of the day, and what a run would change. */
function Plan({ plan }: { plan: RecognitionFieldsFragment }) {
  const { t } = useTranslation();
  if (plan.rows.length === 0) return <Empty title={t('recognition.empty')} text={t('recognition.emptyText')} />;
  const columns: Column<Row>[] = [
    { key: 'invoice', label: t('chain.invoice'), cell: (row) => <InvoiceLink row={row} /> },
    { key: 'company', label: t('field.company'), cell: ({ invoice }) => <RecordLink to="/companies" record={invoice.company} /> },
    {
      key: 'deferred',
      label: t('recognition.deferred'),
      numeric: true,
      cell: (row) => figure(row, row.deferred, 'DEFERRED_REVENUE', plan.date),
    },
    {
      key: 'unbilled',
      label: t('recognition.unbilled'),
      numeric: true,
      cell: (row) => figure(row, row.unbilled, 'UNBILLED_REVENUE', plan.date),
    },
    {
      key: 'change',
      label: t('recognition.change'),
      numeric: true,
      cell: (row) =>
        isZero(row.change.amount) ? <span className="muted">{t('recognition.booked')}</span> : <Money value={row.change} bare />,
    },
  ];
  return (
    <Section title={t('recognition.plan')} aside={<span className="muted">{plan.change.currency}</span>}>
      <DataTable
        label={t('recognition.plan')}
        columns={columns}
        rows={plan.rows}
        rowKey={(row) => row.invoice.id}
        foot={
          <tr>
            <td colSpan={2}>{t('reports.total')}</td>
            {[plan.deferred, plan.unbilled, plan.change].map((value, index) => (
              <td key={index} className="num">
                <Money value={value} bare />
              </td>
            ))}
          </tr>
        }
      />
    </Section>
  );
}

/** What is in the ledger already opens into its lines. */
function figure(row: Row, value: Row['deferred'], accountRole: string, dateTo: string) {
  if (isZero(value.amount)) return null;
  if (!isZero(row.change.amount)) return <Money value={value} bare />;
  return (
    <Link to={`/finance/ledger${query({ sourceId: row.invoice.id, accountRole, dateTo })}`} className="opens-figure">
      <Money value={value} bare />
    </Link>
  );
}

function InvoiceLink({ row: { invoice } }: { row: Row }) {
  const { t } = useTranslation();
  return <Link to={`/finance/invoices/${invoice.id}`}>{invoice.number ?? t('invoices.noNumber')}</Link>;
}

function Posted({ done }: { done: Done }) {
  const { t } = useTranslation();
  const rows = changes(done.rows);
  const columns: Column<Row>[] = [
    { key: 'invoice', label: t('chain.invoice'), cell: (row) => <InvoiceLink row={row} /> },
    { key: 'change', label: t('recognition.change'), cell: (row) => <Money value={row.change} bare />, numeric: true },
    { key: 'entry', label: t('recognition.entry'), cell: (row) => <Entries row={row} /> },
  ];
  return (
    <Section title={t('recognition.posted')} aside={<span className="muted">{done.change.currency}</span>}>
      <DataTable label={t('recognition.posted')} columns={columns} rows={rows} rowKey={(row) => row.invoice.id} />
    </Section>
  );
}

function Entries({ row }: { row: Row }) {
  const { t } = useTranslation();
  if (!row.entry) return null;
  return (
    <>
      <Link to={`/finance/journal/${row.entry.id}`}>{t('journal.entry', { seq: row.entry.seq })}</Link>
      {row.reversal ? (
        <>
          , {t('revaluation.takenBack')}{' '}
          <Link to={`/finance/journal/${row.reversal.id}`}>{t('journal.entry', { seq: row.reversal.seq })}</Link>
        </>
      ) : null}
    </>
  );
}
