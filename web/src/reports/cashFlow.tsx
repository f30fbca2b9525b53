import { CompositeChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CashFlowDocument, type CashFlowQuery, type Interval } from '../gql';
import { useGql } from '../lib/api';
import { addMonths, monthEnd, type Period } from '../lib/dates';
import { isNegative, isZero } from '../lib/decimal';
import { formatCompact, formatDate, formatPeriod } from '../lib/format';
import { useCan, useLang } from '../lib/session';
import { query } from '../ui/entity';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote } from '../ui/Page';
import { Amount } from '../ui/values';

type Report = CashFlowQuery['reports']['cashFlow'];
type Row = Report['rows'][number];

/** Cash looks ahead: a period that reaches today goes on to the end of the month after next. */
export function cashPeriod(period: Period, today: string): Period {
  return period.to < today ? period : { from: period.from, to: [period.to, monthEnd(addMonths(today, 2))].sort()[1] ?? period.to };
}

export const intervals: Interval[] = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'];

/** As fine as still fits a page. */
export function usualInterval(period: Period): Interval {
  if (addMonths(period.from, 18) >= period.to) return 'MONTH';
  return addMonths(period.from, 72) >= period.to ? 'QUARTER' : 'YEAR';
}

export function CashFlowReport({ period, interval = usualInterval(period) }: { period: Period; interval?: Interval }) {
  const { t } = useTranslation();
  const lang = useLang();
  const answer = useGql(CashFlowDocument, { from: period.from, to: period.to, interval }, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const whole = answer.data?.reports.cashFlow;
  // Nothing overdue needs no row.
  const report = whole && {
    ...whole,
    rows: whole.rows.filter((row) => row.kind !== 'OVERDUE' || !isZero(row.inflow) || !isZero(row.outflow)),
  };
  if (!report) return <p className="muted">{t('ui.loading')}</p>;
  const now = report.rows.filter((row) => row.kind === 'ACTUAL').at(-1)?.balance ?? report.opening;
  const overdue = report.rows.find((row) => row.kind === 'OVERDUE');
  const last = report.rows.at(-1);
  return (
    <>
      <dl className="figures">
        <CashFigure
          label={report.today <= period.to ? t('reports.cashNow') : t('reports.cashAt', { date: formatDate(period.to, lang) })}
          value={now}
          currency={report.currency}
        />
        {overdue ? <CashFigure label={t('reports.overdueNet')} value={overdue.net} currency={report.currency} /> : null}
        {last && last.kind !== 'ACTUAL' ? (
          <CashFigure
            label={t('reports.cashAhead', { date: formatDate(period.to, lang) })}
            value={last.balance}
            currency={report.currency}
          />
        ) : null}
      </dl>
      {report.rows.length === 0 ? (
        <p className="muted">{t('reports.noCash')}</p>
      ) : (
        <div className="report">
          <CashChart report={report} />
          <CashTable report={report} />
        </div>
      )}
    </>
  );
}

function CashFigure({ label, value, currency }: { label: string; value: string; currency: string }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Amount value={value} currency={currency} /> <small className="muted">{currency}</small>
        {isNegative(value) ? <span className="word"> {t('reports.short')}</span> : null}
      </dd>
    </div>
  );
}

function usePeriodLabel(): (row: Row) => string {
  const { t } = useTranslation();
  const lang = useLang();
  return (row) => {
    if (row.kind === 'OVERDUE') return t('reports.overdue');
    const period = formatPeriod(row.period, lang);
    return row.kind === 'FORECAST' ? t('reports.ahead', { period }) : period;
  };
}

function CashChart({ report }: { report: Report }) {
  const { t } = useTranslation();
  const lang = useLang();
  const label = usePeriodLabel();
  const data = report.rows.map((row) => ({
    label: label(row),
    inflow: Number(row.inflow),
    outflow: -Number(row.outflow),
    balance: Number(row.balance),
  }));
  return (
    <CompositeChart
      h={320}
      data={data}
      dataKey="label"
      series={[
        { name: 'inflow', label: t('reports.inflow'), color: 'arch.4', type: 'bar' },
        { name: 'outflow', label: t('reports.outflow'), color: 'gray.5', type: 'bar' },
        { name: 'balance', label: t('reports.balance'), color: 'arch.8', type: 'line' },
      ]}
      withLegend
      legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
      curveType="linear"
      tickLine="none"
      yAxisProps={{ width: 78 }}
      valueFormatter={(value) => formatCompact(value, lang)}
      barProps={{ isAnimationActive: false, stackId: 'flow' }}
      lineProps={{ isAnimationActive: false }}
      composedChartProps={{ stackOffset: 'sign' }}
      tooltipAnimationDuration={0}
      aria-label={t('reports.cashChart')}
    />
  );
}

function CashTable({ report }: { report: Report }) {
  const { t } = useTranslation();
  const can = useCan();
  const label = usePeriodLabel();
  const opens = (row: Row): string | null => {
    if (!can('FINANCE_READ')) return null;
    if (row.kind === 'OVERDUE') return '/finance/invoices?overdue=1';
    if (!row.from || !row.to) return null;
    return row.kind === 'FORECAST'
      ? `/finance/invoices${query({ status: 'ISSUED,PARTLY_PAID', dueDateFrom: row.from, dueDateTo: row.to })}`
      : `/finance/ledger${query({ accountRole: 'CASH,BANK', dateFrom: row.from, dateTo: row.to })}`;
  };
  const figure = (key: 'inflow' | 'outflow' | 'net' | 'balance'): Column<Row> => ({
    key,
    label: t(`reports.${key}`),
    numeric: true,
    wide: key === 'inflow' || key === 'outflow',
    cell: (row) => <Amount value={row[key]} currency={report.currency} />,
  });
  const columns: Column<Row>[] = [
    {
      key: 'period',
      label: t('reports.period'),
      cell: (row) => <span className="nowrap">{opens(row) ? <Link to={opens(row) ?? ''}>{label(row)}</Link> : label(row)}</span>,
    },
    figure('inflow'),
    figure('outflow'),
    figure('net'),
    figure('balance'),
  ];
  return (
    <DataTable
      dense
      label={t('nav.cashFlow')}
      columns={columns}
      rows={report.rows}
      rowKey={(row) => `${row.kind}-${row.period}`}
      foot={
        <tr>
          <td>{t('reports.total')}</td>
          {(['inflow', 'outflow', 'net', 'balance'] as const).map((key) => (
            <td key={key} className={key === 'inflow' || key === 'outflow' ? 'num wide' : 'num'}>
              <Amount value={report.total[key]} currency={report.currency} />
            </td>
          ))}
        </tr>
      }
    />
  );
}
