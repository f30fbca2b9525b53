import { useTranslation } from 'react-i18next';
import { DeferredRevenueDocument, type DeferredRevenueQuery } from '../gql';
import { useGql } from '../lib/api';
import { isZero } from '../lib/decimal';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, Page } from '../ui/Page';
import { Amount, DateText, RecordLink } from '../ui/values';
import { ledger, Opens } from './margin';
import { DayPicker, useDay } from './part';

type Report = DeferredRevenueQuery['reports']['deferredRevenue'];
type Row = Report['rows'][number];

/** What is billed and not earned, and what is earned and not billed, as the ledger has it. */
export function DeferredRevenuePage() {
  const { t } = useTranslation();
  const [at] = useDay();
  const answer = useGql(DeferredRevenueDocument, { at }, { keep: true });
  return (
    <Page title={t('nav.deferredRevenue')} actions={<DayPicker />}>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <Table report={answer.data.reports.deferredRevenue} at={at} /> : null}
    </Page>
  );
}

function Table({ report, at }: { report: Report; at: string }) {
  const { t } = useTranslation();
  const { currency } = report;
  if (report.rows.length === 0) return <p className="muted">{t('deferredRevenue.empty')}</p>;
  const figure = (key: 'deferred' | 'unbilled', accountRole: string): Column<Row> => ({
    key,
    label: t(`deferredRevenue.${key}`),
    numeric: true,
    cell: (row) =>
      isZero(row[key]) ? null : (
        <Opens to={ledger({ accountRole, sourceId: row.invoice?.id ?? null, dateTo: at })}>
          <Amount value={row[key]} currency={currency} />
        </Opens>
      ),
  });
  const columns: Column<Row>[] = [
    {
      key: 'invoice',
      label: t('chain.invoice'),
      cell: ({ invoice }) =>
        invoice ? (
          <RecordLink to="/finance/invoices" record={{ id: invoice.id, name: invoice.number ?? t('invoices.noNumber') }} />
        ) : (
          t('deferredRevenue.byHand')
        ),
    },
    { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    { key: 'until', label: t('deferredRevenue.until'), cell: (row) => <DateText value={row.until} />, wide: true },
    figure('deferred', 'DEFERRED_REVENUE'),
    figure('unbilled', 'UNBILLED_REVENUE'),
  ];
  return (
    <>
      <p className="muted">{t('deferredRevenue.hint', { currency })}</p>
      <DataTable
        dense
        label={t('nav.deferredRevenue')}
        columns={columns}
        rows={report.rows}
        rowKey={(row) => row.invoice?.id ?? 'none'}
        foot={
          <tr>
            <td colSpan={2}>{t('reports.total')}</td>
            <td className="wide" />
            <td className="num">
              <Amount value={report.deferred} currency={currency} />
            </td>
            <td className="num">
              <Amount value={report.unbilled} currency={currency} />
            </td>
          </tr>
        }
      />
      <p className="muted" role="status">
        {report.tied ? t('deferredRevenue.tied') : t('deferredRevenue.untied')}
      </p>
    </>
  );
}
