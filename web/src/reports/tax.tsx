import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { TaxReportDocument, type TaxReportQuery } from '../gql';
import { useGql } from '../lib/api';
import type { Period } from '../lib/dates';
import { NONE } from '../lib/listState';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote } from '../ui/Page';
import { Amount } from '../ui/values';
import { ledger, Opens } from './margin';

type Report = TaxReportQuery['reports']['taxReport'];
type Row = Report['rows'][number];

/** What each tax comes to in a period: the VAT return of a month, and that the ledger says the same. */
export function TaxReport({ period }: { period: Period }) {
  const { t } = useTranslation();
  const answer = useGql(TaxReportDocument, { from: period.from, to: period.to }, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const report = answer.data?.reports.taxReport;
  if (!report) return <p className="muted">{t('ui.loading')}</p>;
  if (report.rows.length === 0) return <p className="muted">{t('taxReport.empty')}</p>;
  const { currency } = report;
  const cut = (row: Row) =>
    ledger({ accountId: row.account.id, taxCodeId: row.taxCode?.id ?? NONE, dateFrom: period.from, dateTo: period.to });
  const columns: Column<Row>[] = [
    { key: 'direction', label: '', cell: (row) => t(`taxReport.${row.direction}`) },
    {
      key: 'code',
      label: t('taxReport.code'),
      cell: ({ taxCode }) =>
        taxCode ? <Link to={`/finance/tax-codes/${taxCode.id}`}>{`${taxCode.code} ${taxCode.name}`}</Link> : t('taxReport.uncodedRow'),
    },
    { key: 'account', label: t('field.account'), cell: ({ account }) => `${account.code} ${account.name}`, wide: true },
    {
      key: 'base',
      label: `${t('taxReport.base')}, ${currency}`,
      numeric: true,
      cell: (row) => <Amount value={row.base} currency={currency} />,
    },
    {
      key: 'tax',
      label: `${t('taxReport.tax')}, ${currency}`,
      numeric: true,
      cell: (row) => (
        <Opens to={cut(row)}>
          <Amount value={row.tax} currency={currency} />
        </Opens>
      ),
    },
  ];
  return (
    <div className="report">
      <DataTable dense label={t('nav.taxReport')} columns={columns} rows={report.rows} rowKey={(_, index) => String(index)} />
      <Sums report={report} />
    </div>
  );
}

function Sums({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { currency } = report;
  const comesBack = report.payable.startsWith('-');
  const row = (label: string, value: string, grand = false) => (
    <>
      <dt className={grand ? 'grand' : ''}>{label}</dt>
      <dd className={grand ? 'grand' : ''}>
        <Amount value={value} currency={currency} />
      </dd>
    </>
  );
  return (
    <>
      <dl className="totals">
        {row(t('taxReport.output'), report.output)}
        {row(t('taxReport.input'), report.input)}
        {row(comesBack ? t('taxReport.reclaim') : t('taxReport.payable'), report.payable, true)}
        {Number(report.withheld) === 0 ? null : row(t('taxReport.withheld'), report.withheld)}
        {Number(report.uncoded) === 0 ? null : row(t('taxReport.uncoded'), report.uncoded)}
        {row(t('taxReport.movement'), report.movement)}
      </dl>
      <p className="muted" role="status">
        {report.tied ? t('taxReport.tied') : t('taxReport.untied')}
      </p>
    </>
  );
}
