import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { WriteOffsDocument, type WriteOffsQuery } from '../gql';
import { ListPage } from '../ui/ListPage';
import { DateText, Money, None, RecordLink, Status } from '../ui/values';
import { ReverseWriteOff } from './writeOff';

type Row = WriteOffsQuery['writeOffs']['nodes'][number];

/** What nobody will pay, or ask for. It’s written off on the document’s own page. */
export function WriteOffList() {
  const { t } = useTranslation();
  return (
    <ListPage
      title={t('nav.writeOffs')}
      document={WriteOffsDocument}
      select={(answer) => answer.writeOffs}
      columns={[
        { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
        { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
        { key: 'document', label: t('payments.document'), cell: (row) => <Document of={row} /> },
        { key: 'reason', label: t('writeOffs.reason'), cell: (row) => row.reason },
        {
          key: 'account',
          label: t('field.account'),
          cell: (row) => <RecordLink to="/finance/accounts" record={row.account} />,
          wide: true,
        },
        { key: 'result', label: t('writeOffs.result'), cell: (row) => t(row.isGain ? 'writeOffs.gain' : 'writeOffs.loss') },
        { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
        {
          key: 'entry',
          label: t('nav.journal'),
          cell: ({ journalEntry }) =>
            journalEntry ? <Link to={`/finance/journal/${journalEntry.id}`}>{journalEntry.seq}</Link> : <None />,
          wide: true,
        },
        { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
        {
          key: 'reverse',
          label: '',
          cell: (row) => (row.status === 'POSTED' ? <ReverseWriteOff id={row.id} /> : null),
        },
      ]}
      filters={[
        { kind: 'enum', param: 'status', options: ['POSTED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      empty={{ title: t('writeOffs.empty'), text: t('writeOffs.emptyText') }}
    />
  );
}

/** What it’s of. */
function Document({ of: { invoice, bill, payment } }: { of: Row }) {
  const { t } = useTranslation();
  if (invoice) return <RecordLink to="/finance/invoices" record={{ id: invoice.id, name: invoice.number ?? t('invoices.noNumber') }} />;
  if (bill) return <RecordLink to="/finance/bills" record={{ id: bill.id, name: bill.number ?? t('invoices.noNumber') }} />;
  if (!payment) return <None />;
  return <RecordLink to="/finance/payments" record={{ id: payment.id, name: payment.reference ?? t('chain.payment') }} />;
}
