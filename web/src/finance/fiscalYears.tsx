import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  CloseFiscalYearDocument,
  ClosePeriodDocument,
  CreateFiscalYearDocument,
  FiscalYearsDocument,
  LockPeriodDocument,
  ReopenFiscalYearDocument,
  ReopenPeriodDocument,
  SetLockDatesDocument,
  type FiscalYearsQuery,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { formatPeriod } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable } from '../ui/DataTable';
import type { FieldDef } from '../ui/fields';
import { Empty, ErrorNote, Page, Section } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { DateText, Status } from '../ui/values';

type Year = FiscalYearsQuery['fiscalYears']['nodes'][number];
type Period = Year['periods'][number];
type Locks = FiscalYearsQuery['lockDates'];

export function FiscalYearsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const create = useAct(CreateFiscalYearDocument);
  const answer = useGql(FiscalYearsDocument, {}, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const years = answer.data?.fiscalYears.nodes;
  const add = can('FINANCE_WRITE') ? (
    <Act
      label={t('fiscal.new')}
      text={t('fiscal.newText')}
      fields={[
        { name: 'name', label: t('field.name'), kind: 'text' },
        { name: 'startDate', label: t('fiscal.start'), kind: 'date', half: true },
        { name: 'endDate', label: t('fiscal.end'), kind: 'date', half: true },
      ]}
      run={(input) => create.mutateAsync({ input })}
      primary
    />
  ) : null;
  return (
    <Page title={t('nav.fiscalYears')} actions={add}>
      <p className="muted">
        <Link to="/finance/recognition">{t('fiscal.recogniseFirst')}</Link>,{' '}
        <Link to="/finance/revaluation">{t('fiscal.revalueFirst')}</Link>
      </p>
      {answer.data ? <LockDates locks={answer.data.lockDates} /> : null}
      {years?.length === 0 ? <Empty title={t('fiscal.empty')} text={t('fiscal.emptyText')} /> : null}
      {years?.map((year) => (
        <YearSection key={year.id} year={year} />
      ))}
    </Page>
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const reason = (label: string): FieldDef => ({ name: 'reason', label, kind: 'text', required: true });

function LockDates({ locks }: { locks: Locks }) {
  const { t } = useTranslation();
  const can = useCan();
  const set = useAct(SetLockDatesDocument);
  const fields: FieldDef[] = [
    { name: 'ledger', label: t('fiscal.ledgerUntil'), kind: 'date' },
    { name: 'tax', label: t('fiscal.taxUntil'), kind: 'date' },
    { name: 'subLedgers', label: t('fiscal.subLedgersUntil'), kind: 'date' },
    { name: 'reason', label: t('fiscal.reason'), kind: 'text', hint: t('fiscal.reasonHint') },
  ];
  const run = ({ reason: why, ...dates }: Record<string, unknown>) => {
    // An emptied date opens: it's told as null, not left out.
    const all = { ledger: null, tax: null, subLedgers: null, ...dates };
    return set.mutateAsync({ input: { ...all, ...(why ? { reason: text(why) } : {}) } });
  };
  return (
    <Section
      title={t('fiscal.lockDates')}
      aside={
        can('FINANCE_WRITE') ? (
          <Act
            label={t('fiscal.setLockDates')}
            text={t('fiscal.setLockDatesText')}
            fields={fields}
            defaults={{ ledger: locks.ledger ?? '', tax: locks.tax ?? '', subLedgers: locks.subLedgers ?? '' }}
            run={run}
            compact
          />
        ) : null
      }
    >
      <Facts
        facts={[
          { label: t('fiscal.ledgerUntil'), value: <DateText value={locks.ledger} /> },
          { label: t('fiscal.taxUntil'), value: <DateText value={locks.tax} /> },
          { label: t('fiscal.subLedgersUntil'), value: <DateText value={locks.subLedgers} /> },
          { label: t('fiscal.lockedUntil'), value: <DateText value={locks.locked} /> },
        ]}
      />
    </Section>
  );
}

function YearSection({ year }: { year: Year }) {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  return (
    <Section
      title={
        <>
          {year.name} <Status value={year.status} />
        </>
      }
      aside={can('FINANCE_WRITE') ? <YearAct year={year} /> : null}
    >
      {year.closingEntry ? (
        <p>
          <Link to={`/finance/journal/${year.closingEntry.id}`}>{t('fiscal.closingEntry', { seq: year.closingEntry.seq })}</Link>
        </p>
      ) : null}
      <DataTable
        dense
        label={t('fiscal.periods', { year: year.name })}
        columns={[
          { key: 'period', label: t('reports.period'), cell: (period) => formatPeriod(period.startDate.slice(0, 7), lang) },
          { key: 'to', label: t('fiscal.end'), cell: (period) => <DateText value={period.endDate} />, wide: true },
          { key: 'status', label: t('field.status'), cell: (period) => <Status value={period.status} /> },
          {
            key: 'act',
            label: '',
            cell: (period) => (can('FINANCE_WRITE') ? <PeriodAct year={year} period={period} /> : null),
            numeric: true,
          },
        ]}
        rows={year.periods}
        rowKey={(period) => String(period.number)}
      />
    </Section>
  );
}

function YearAct({ year }: { year: Year }) {
  const { t } = useTranslation();
  const today = useToday();
  const [close, reopen] = [useAct(CloseFiscalYearDocument), useAct(ReopenFiscalYearDocument)];
  if (year.status === 'CLOSED') {
    if (year.periods.every((period) => period.status === 'LOCKED')) return null;
    return (
      <Act
        label={t('fiscal.reopenYear')}
        text={t('fiscal.reopenYearText')}
        fields={[reason(t('fiscal.reason'))]}
        run={(input) => reopen.mutateAsync({ input: { id: year.id, reason: text(input.reason) } })}
        compact
      />
    );
  }
  if (year.endDate > today) return null;
  return (
    <Act
      label={t('fiscal.closeYear')}
      text={t('fiscal.closeYearText', { year: year.name })}
      run={() => close.mutateAsync({ input: { id: year.id } })}
      compact
    />
  );
}

/** The one act that a period's place in the order allows; the others would be refused. */
function PeriodAct({ year, period }: { year: Year; period: Period }) {
  const { t } = useTranslation();
  const lang = useLang();
  const today = useToday();
  const [close, reopen, lock] = [useAct(ClosePeriodDocument), useAct(ReopenPeriodDocument), useAct(LockPeriodDocument)];
  const input = { fiscalYearId: year.id, number: period.number };
  const name = formatPeriod(period.startDate.slice(0, 7), lang);
  const before = year.periods.find((other) => other.number === period.number - 1);
  const after = year.periods.find((other) => other.number === period.number + 1);
  if (period.status === 'OPEN') {
    if (period.endDate > today || before?.status === 'OPEN') return null;
    return (
      <Act
        label={t('fiscal.closePeriod')}
        text={t('fiscal.closePeriodText', { period: name })}
        run={() => close.mutateAsync({ input })}
        compact
      />
    );
  }
  if (period.status === 'LOCKED' || (after && after.status !== 'OPEN')) return null;
  return (
    <span className="acts">
      {year.status === 'OPEN' ? (
        <Act
          label={t('fiscal.reopenPeriod')}
          text={t('fiscal.reopenPeriodText', { period: name })}
          fields={[reason(t('fiscal.reason'))]}
          run={(values) => reopen.mutateAsync({ input: { ...input, reason: text(values.reason) } })}
          compact
        />
      ) : null}
      <Act
        label={t('fiscal.lockPeriod')}
        text={t('fiscal.lockPeriodText', { period: name })}
        run={() => lock.mutateAsync({ input })}
        danger
        compact
      />
    </span>
  );
}
