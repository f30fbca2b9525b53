import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LedgerSpanDocument } from '../gql';
import { useGql } from '../lib/api';
import { formatDate } from '../lib/format';
import { useCan, useLang } from '../lib/session';
import { usePeriod } from './period';

/** An empty period says where the entries are, and goes there. */
export function NothingHere() {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const { set } = usePeriod();
  const span = useGql(LedgerSpanDocument, {}, { enabled: can('FINANCE_READ') });
  const from = span.data?.first.nodes[0]?.date;
  const to = span.data?.last.nodes[0]?.date;
  return (
    <div className="empty">
      <p className="empty-title">{t('reports.nothing')}</p>
      {from && to ? (
        <>
          <p>{t('reports.entriesSpan', { from: formatDate(from, lang), to: formatDate(to, lang) })}</p>
          <Button variant="default" onClick={() => set({ from, to })}>
            {t('reports.showAll')}
          </Button>
        </>
      ) : null}
    </div>
  );
}
