import { useTranslation } from 'react-i18next';
import { NumberSeriesDocument, StartNumberSeriesDocument, type NumberSeriesQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, Section } from '../ui/Page';

type Series = NumberSeriesQuery['numberSeries'][number];

/** How documents are numbered. */
export function NumberSeriesSection() {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  const answer = useGql(NumberSeriesDocument, {});
  const columns: Column<Series>[] = [
    { key: 'kind', label: t('numbers.kind'), cell: (row) => t(`numberSeries.${row.kind}`) },
    { key: 'next', label: t('numbers.next'), cell: (row) => row.next },
    { key: 'act', label: '', cell: (row) => (writes ? <Change series={row} /> : null) },
  ];
  return (
    <Section title={t('numbers.title')}>
      <p className="muted">{t('numbers.text')}</p>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? (
        <DataTable label={t('numbers.title')} columns={columns} rows={answer.data.numberSeries} rowKey={(row) => row.id} />
      ) : null}
    </Section>
  );
}

function Change({ series }: { series: Series }) {
  const { t } = useTranslation();
  const start = useAct(StartNumberSeriesDocument);
  return (
    <Act
      label={t('numbers.change')}
      text={t('numbers.changeText', { next: series.next })}
      confirm={t('ui.save')}
      fields={[
        { name: 'prefix', label: t('numbers.prefix'), kind: 'text', required: true, hint: t('numbers.prefixHint') },
        { name: 'first', label: t('numbers.first'), kind: 'integer', hint: t('numbers.firstHint') },
      ]}
      defaults={{ prefix: series.prefix }}
      run={(input) =>
        start.mutateAsync({
          input: { kind: series.kind, prefix: String(input.prefix), first: typeof input.first === 'number' ? input.first : null },
        })
      }
      compact
    />
  );
}
