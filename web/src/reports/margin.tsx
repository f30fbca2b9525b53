import { BarChart } from '@mantine/charts';
import { SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { MarginDocument, type MarginGroup, type MarginQuery } from '../gql';
import { useGql } from '../lib/api';
import { monthEnd, type Period } from '../lib/dates';
import { isNegative } from '../lib/decimal';
import { formatCompact, formatPeriod } from '../lib/format';
import { NONE } from '../lib/listState';
import { useCan, useLang } from '../lib/session';
import { query } from '../ui/entity';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote } from '../ui/Page';
import { Amount, Rate } from '../ui/values';
import { NothingHere } from './NothingHere';

type Report = MarginQuery['reports']['margin'];
type Row = Report['rows'][number];

export const groups: MarginGroup[] = ['COMPANY', 'SERVICE', 'SELLER', 'EMPLOYEE', 'PROJECT', 'DEPARTMENT', 'MONTH'];

/** What a group's rows are: where they open, and how the ledger is cut by them. */
const kinds: Partial<{ [group in MarginGroup]: { path: string; param: string } }> = {
  COMPANY: { path: '/companies', param: 'companyId' },
  SERVICE: { path: '/sales/services', param: 'serviceId' },
  SELLER: { path: '/people/employees', param: 'sellerId' },
  EMPLOYEE: { path: '/people/employees', param: 'employeeId' },
  PROJECT: { path: '/delivery/projects', param: 'projectId' },
  DEPARTMENT: { path: '/people/departments', param: 'departmentId' },
};

export function useGroup(): [MarginGroup, (group: MarginGroup) => void] {
  const [params, setParams] = useSearchParams();
  const given = groups.find((group) => group === params.get('groupBy'));
  const set = (group: MarginGroup) =>
    setParams((before) => {
      before.set('groupBy', group);
      return before;
    });
  return [given ?? 'COMPANY', set];
}

export function GroupPicker() {
  const { t } = useTranslation();
  const [group, setGroup] = useGroup();
  const data = groups.map((value) => ({ value, label: t(`groupBy.${value}`) }));
  return (
    <>
      <SegmentedControl className="only-wide" data={data} value={group} onChange={setGroup} transitionDuration={0} />
      <Select
        className="only-narrow"
        aria-label={t('reports.groupBy')}
        data={data}
        value={group}
        allowDeselect={false}
        onChange={(value) => value && setGroup(value)}
      />
    </>
  );
}

function useLabel(group: MarginGroup): (row: Row) => string {
  const { t } = useTranslation();
  const lang = useLang();
  return (row) => {
    if (row.key === null) return t('reports.unassigned');
    return group === 'MONTH' ? formatPeriod(row.key, lang) : row.label;
  };
}

interface Props {
  period: Period;
  group: MarginGroup;
  /** How many rows; all, when not given. */
  limit?: number;
}

export function MarginReport({ period, group, limit }: Props) {
  const { t } = useTranslation();
  const answer = useGql(MarginDocument, { from: period.from, to: period.to, groupBy: group }, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const report = answer.data?.reports.margin;
  if (!report) return <p className="muted">{t('ui.loading')}</p>;
  if (report.rows.length === 0) return <NothingHere />;
  return (
    <>
      {report.hasCostOfGoods ? null : <p className="note">{t('reports.noCostOfGoods')}</p>}
      <MarginFigures report={report} period={period} />
      <div className="report">
        <MarginChart report={report} group={group} />
        <MarginTable report={report} group={group} period={period} limit={limit} />
      </div>
    </>
  );
}

function MarginFigures({ report, period }: { report: Report; period: Period }) {
  const { t } = useTranslation();
  const { currency, total } = report;
  const figures = [
    { key: 'revenue', type: 'INCOME', value: total.revenue },
    { key: 'cost', type: 'EXPENSE', value: total.cost },
    { key: 'margin', type: 'INCOME,EXPENSE', value: total.margin },
  ];
  return (
    <dl className="figures">
      {figures.map(({ key, type, value }) => (
        <div key={key}>
          <dt>{t(`reports.${key}`)}</dt>
          <dd>
            <Opens to={ledger({ accountType: type, dateFrom: period.from, dateTo: period.to })}>
              <Amount value={value} currency={currency} /> <small className="muted">{currency}</small>
            </Opens>
          </dd>
        </div>
      ))}
      <div>
        <dt>{t('reports.marginRate')}</dt>
        <dd>
          <Rate value={total.marginRate} digits={1} />
        </dd>
      </div>
    </dl>
  );
}

/** A figure that opens the lines it's made of, for whom may see the books. */
export function Opens({ to, children }: { to: string; children: React.ReactNode }) {
  const can = useCan();
  return can('FINANCE_READ') ? (
    <Link to={to} className="opens-figure">
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}

export const ledger = (params: { [name: string]: string | null }): string => `/finance/ledger${query(params)}`;

function MarginChart({ report, group }: { report: Report; group: MarginGroup }) {
  const { t } = useTranslation();
  const lang = useLang();
  const label = useLabel(group);
  const byMonth = group === 'MONTH';
  const rows = byMonth ? report.rows : report.rows.slice(0, 10);
  const data = rows.map((row) => ({ label: label(row), revenue: Number(row.revenue), cost: Number(row.cost) }));
  return (
    <BarChart
      h={byMonth ? 300 : Math.max(180, rows.length * 34 + 50)}
      data={data}
      dataKey="label"
      orientation={byMonth ? 'horizontal' : 'vertical'}
      series={[
        { name: 'revenue', label: t('reports.revenue'), color: 'arch.7' },
        { name: 'cost', label: t('reports.cost'), color: 'gray.5' },
      ]}
      withLegend
      legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
      tickLine="none"
      gridAxis={byMonth ? 'x' : 'y'}
      yAxisProps={byMonth ? { width: 78 } : { width: 130, interval: 0, tickFormatter: shorten }}
      valueFormatter={(value) => formatCompact(value, lang)}
      barProps={{ isAnimationActive: false }}
      tooltipAnimationDuration={0}
      aria-label={t('reports.marginChart')}
    />
  );
}

const shorten = (label: string): string => (label.length > 20 ? `${label.slice(0, 19)}…` : label);

function MarginTable({ report, group, period, limit }: { report: Report; limit: number | undefined } & Props) {
  const { t } = useTranslation();
  const label = useLabel(group);
  const { currency } = report;
  const kind = kinds[group];
  const cut = (row: Row, type: string): string => {
    const dates =
      group === 'MONTH' && row.key
        ? { dateFrom: later(`${row.key.slice(0, 7)}-01`, period.from), dateTo: earlier(monthEnd(`${row.key.slice(0, 7)}-01`), period.to) }
        : { dateFrom: period.from, dateTo: period.to };
    return ledger({ accountType: type, ...dates, ...(kind ? { [kind.param]: row.key ?? NONE } : {}) });
  };
  const figure = (key: 'revenue' | 'cost' | 'margin', type: string): Column<Row> => ({
    key,
    label: t(`reports.${key}`),
    numeric: true,
    wide: key !== 'margin',
    cell: (row) => (
      <Opens to={cut(row, type)}>
        <Amount value={row[key]} currency={currency} />
        {key === 'margin' && isNegative(row.margin) ? <span className="word"> {t('reports.loss')}</span> : null}
      </Opens>
    ),
  });
  const columns: Column<Row>[] = [
    {
      key: 'label',
      label: t(`groupBy.${group}`),
      cell: (row) => (kind && row.key ? <Link to={`${kind.path}/${row.key}`}>{label(row)}</Link> : label(row)),
    },
    figure('revenue', 'INCOME'),
    figure('cost', 'EXPENSE'),
    figure('margin', 'INCOME,EXPENSE'),
    { key: 'rate', label: t('reports.marginRate'), numeric: true, cell: (row) => <Rate value={row.marginRate} digits={1} /> },
  ];
  const rows = limit === undefined ? report.rows : report.rows.slice(0, limit);
  return (
    <div>
      <DataTable
        dense
        label={t('reports.margin')}
        columns={columns}
        rows={rows}
        rowKey={(row, index) => row.key ?? `none-${index}`}
        foot={<Total report={report} />}
      />
      {rows.length < report.rows.length ? (
        <p>
          <Link to={`/reports/margin${query({ from: period.from, to: period.to, groupBy: group })}`}>
            {t('ui.seeAll', { total: report.rows.length })}
          </Link>
        </p>
      ) : null}
    </div>
  );
}

function Total({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { total, currency } = report;
  return (
    <tr>
      <td>{t('reports.total')}</td>
      <td className="num wide">
        <Amount value={total.revenue} currency={currency} />
      </td>
      <td className="num wide">
        <Amount value={total.cost} currency={currency} />
      </td>
      <td className="num">
        <Amount value={total.margin} currency={currency} />
      </td>
      <td className="num">
        <Rate value={total.marginRate} digits={1} />
      </td>
    </tr>
  );
}

const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);
