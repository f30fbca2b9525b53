import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CostCentreCostsDocument, type CostCentreCostsQuery } from '../gql';
import { useGql } from '../lib/api';
import type { Period } from '../lib/dates';
import { formatCompact } from '../lib/format';
import { NONE } from '../lib/listState';
import { useLang } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote } from '../ui/Page';
import { Amount } from '../ui/values';
import { ledger, Opens } from './margin';

type Report = CostCentreCostsQuery['reports']['costCentres'];
type Row = Report['rows'][number];

export function CostCentreReport({ period, limit }: { period: Period; limit?: number }) {
  const { t } = useTranslation();
  const lang = useLang();
  const answer = useGql(CostCentreCostsDocument, { from: period.from, to: period.to }, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const report = answer.data?.reports.costCentres;
  if (!report) return <p className="muted">{t('ui.loading')}</p>;
  if (report.rows.length === 0) return <p className="muted">{t('reports.noCosts')}</p>;
  const inTree = report.rows.some((row) => row.depth > 0);
  const label = (row: Row) => (row.key === null ? t('reports.unassigned') : row.label);
  const rows = limit === undefined ? report.rows : report.rows.slice(0, limit);
  const cut = (row: Row) => ledger({ accountType: 'EXPENSE', costCentreId: row.key ?? NONE, dateFrom: period.from, dateTo: period.to });
  const columns: Column<Row>[] = [
    {
      key: 'label',
      label: t('field.costCentre'),
      cell: (row) => (
        <span style={{ paddingInlineStart: row.depth * 20 }}>
          {row.key ? <Link to={`/finance/cost-centres/${row.key}`}>{label(row)}</Link> : label(row)}
        </span>
      ),
    },
    {
      key: 'cost',
      label: `${t('reports.cost')}, ${report.currency}`,
      numeric: true,
      cell: (row) => (
        <Opens to={cut(row)}>
          <Amount value={row.cost} currency={report.currency} />
        </Opens>
      ),
    },
    ...(inTree
      ? [
          {
            key: 'totalCost',
            label: t('reports.withParts'),
            numeric: true,
            cell: (row: Row) => <Amount value={row.totalCost} currency={report.currency} />,
          },
        ]
      : []),
  ];
  return (
    <div className="report">
      <BarChart
        h={Math.max(140, rows.filter((row) => row.depth === 0).length * 34 + 30)}
        data={rows.filter((row) => row.depth === 0).map((row) => ({ label: label(row), cost: Number(row.totalCost) }))}
        dataKey="label"
        orientation="vertical"
        series={[{ name: 'cost', label: t('reports.cost'), color: 'gray.5' }]}
        tickLine="none"
        gridAxis="y"
        yAxisProps={{ width: 130, interval: 0 }}
        valueFormatter={(value) => formatCompact(value, lang)}
        barProps={{ isAnimationActive: false }}
        tooltipAnimationDuration={0}
        aria-label={t('reports.costCentreChart')}
      />
      <DataTable
        dense
        label={t('nav.costCentresReport')}
        columns={columns}
        rows={rows}
        rowKey={(row, index) => row.key ?? `none-${index}`}
        foot={
          <tr>
            <td>{t('reports.total')}</td>
            <td className="num">
              <Opens to={ledger({ accountType: 'EXPENSE', dateFrom: period.from, dateTo: period.to })}>
                <Amount value={report.total.cost} currency={report.currency} />
              </Opens>
            </td>
            {inTree ? <td /> : null}
          </tr>
        }
      />
    </div>
  );
}
