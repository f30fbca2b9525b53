import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ReverseWriteOffDocument, WriteOffsDocument } from '../gql';
import { useAct } from '../lib/api';
import { useCan } from '../lib/session';
import { Act } from '../ui/Act';
import { ListPage } from '../ui/ListPage';
import { DateText, Money, None, RecordLink, Status } from '../ui/values';

/** What clients won't pay any more. It's written off on the invoice's own page. */
export function WriteOffList() {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  return (
    <ListPage
      title={t('nav.writeOffs')}
      document={WriteOffsDocument}
      select={(answer) => answer.writeOffs}
      columns={[
        { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
        { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
        { key: 'reason', label: t('invoices.reason'), cell: (row) => row.reason },
        {
          key: 'account',
          label: t('field.account'),
          cell: (row) => <RecordLink to="/finance/accounts" record={row.account} />,
          wide: true,
        },
        { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
        {
          key: 'entry',
          label: t('nav.journal'),
          cell: ({ journalEntry }) =>
            journalEntry ? <Link to={`/finance/journal/${journalEntry.id}`}>{journalEntry.seq}</Link> : <None />,
          wide: true,
        },
        { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
        { key: 'reverse', label: '', cell: (row) => (writes && row.status === 'POSTED' ? <Reverse id={row.id} /> : null) },
      ]}
      filters={[
        { kind: 'enum', param: 'status', options: ['POSTED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      empty={{ title: t('invoices.noWriteOffs'), text: t('invoices.noWriteOffsText') }}
    />
  );
}

function Reverse({ id }: { id: string }) {
  const { t } = useTranslation();
  const reverse = useAct(ReverseWriteOffDocument);
  return (
    <Act label={t('ui.reverse')} text={t('invoices.undoWriteOffText')} run={() => reverse.mutateAsync({ input: { id } })} compact danger />
  );
}
