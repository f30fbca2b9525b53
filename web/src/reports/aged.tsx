import { useTranslation } from 'react-i18next';
import { AgedPayablesDocument, AgedReceivablesDocument, type AgedFieldsFragment } from '../gql';
import { useGql } from '../lib/api';
import { isZero } from '../lib/decimal';
import { NONE } from '../lib/listState';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, Page } from '../ui/Page';
import { Amount, RecordLink } from '../ui/values';
import { ledger, Opens } from './margin';
import { DayPicker, useDay } from './part';

const buckets = ['current', 'days1To30', 'days31To60', 'days61To90', 'over90', 'total'] as const;
type Row = AgedFieldsFragment['rows'][number];

export function AgedReceivablesPage() {
  const { t } = useTranslation();
  const [at] = useDay();
  const answer = useGql(AgedReceivablesDocument, { at }, { keep: true });
  return (
    <Page title={t('nav.agedReceivables')} actions={<DayPicker />}>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <AgedTable report={answer.data.reports.agedReceivables} at={at} role="RECEIVABLE" /> : null}
    </Page>
  );
}

export function AgedPayablesPage() {
  const { t } = useTranslation();
  const [at] = useDay();
  const answer = useGql(AgedPayablesDocument, { at }, { keep: true });
  return (
    <Page title={t('nav.agedPayables')} actions={<DayPicker />}>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <AgedTable report={answer.data.reports.agedPayables} at={at} role="PAYABLE" /> : null}
    </Page>
  );
}

function AgedTable({ report, at, role }: { report: AgedFieldsFragment; at: string; role: string }) {
  const { t } = useTranslation();
  if (report.rows.length === 0) return <p className="muted">{t('statements.nothingOpen')}</p>;
  const figure = (key: (typeof buckets)[number]): Column<Row> => ({
    key,
    label: t(`aged.${key}`),
    numeric: true,
    wide: key !== 'total' && key !== 'over90',
    cell: (row) =>
      isZero(row[key]) ? null : (
        <Opens to={ledger({ accountRole: role, partyId: row.company?.id ?? NONE, dateTo: at })}>
          <Amount value={row[key]} currency={report.currency} />
        </Opens>
      ),
  });
  return (
    <>
      <p className="muted">{t('aged.hint', { currency: report.currency })}</p>
      <DataTable
        dense
        label={t('aged.label')}
        columns={[
          {
            key: 'company',
            label: t('field.company'),
            cell: (row) => (row.company ? <RecordLink to="/companies" record={row.company} /> : row.label),
          },
          ...buckets.map(figure),
        ]}
        rows={report.rows}
        rowKey={(row) => row.company?.id ?? 'none'}
        foot={
          <tr>
            <td>{t('reports.total')}</td>
            {buckets.map((key) => (
              <td key={key} className={key === 'total' || key === 'over90' ? 'num' : 'num wide'}>
                <Amount value={report.total[key]} currency={report.currency} />
              </td>
            ))}
          </tr>
        }
      />
    </>
  );
}
