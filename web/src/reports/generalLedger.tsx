import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { GeneralLedgerDocument, type GeneralLedgerQuery } from '../gql';
import { useGql } from '../lib/api';
import { isZero } from '../lib/decimal';
import { DataTable, type Column } from '../ui/DataTable';
import { Empty, ErrorNote, Page } from '../ui/Page';
import { RefSelect } from '../ui/RefSelect';
import { Facts } from '../ui/RecordPage';
import { Amount, DateText, RecordLink } from '../ui/values';
import { PartPicker, usePart } from './part';
import { PeriodPicker, usePeriod } from './period';

type Report = GeneralLedgerQuery['reports']['generalLedger'];
type Row = Report['lines']['nodes'][number];

export function GeneralLedgerPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const { period } = usePeriod();
  const { filter } = usePart();
  const accountId = params.get('accountId') ?? '';
  const cursors = params.getAll('after');
  const after = cursors[cursors.length - 1] ?? null;
  const answer = useGql(
    GeneralLedgerDocument,
    { accountId, from: period.from, to: period.to, dimension: filter, after },
    { keep: true, enabled: accountId !== '' },
  );
  const choose = (id: string) =>
    setParams((before) => {
      before.set('accountId', id);
      before.delete('after');
      return before;
    });
  const turn = (next: string | null) =>
    setParams((before) => {
      const kept = next === null ? cursors.slice(0, -1) : [...cursors, next];
      before.delete('after');
      for (const cursor of kept) before.append('after', cursor);
      return before;
    });
  const report = accountId === '' ? undefined : answer.data?.reports.generalLedger;
  return (
    <Page title={t('nav.generalLedger')} actions={<PeriodPicker />}>
      <div className="period">
        <RefSelect kind="account" value={accountId} onChange={choose} ariaLabel={t('field.account')} placeholder={t('field.account')} />
        <PartPicker />
      </div>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {accountId === '' ? <Empty title={t('statements.chooseAccount')} text={t('statements.chooseAccountText')} /> : null}
      {report ? <Lines report={report} /> : null}
      {report ? (
        <Group className="form-foot">
          <Button variant="default" disabled={cursors.length === 0} onClick={() => turn(null)}>
            {t('ui.previous')}
          </Button>
          <Button
            variant="default"
            disabled={!report.lines.pageInfo.hasNextPage}
            onClick={() => turn(report.lines.pageInfo.endCursor ?? null)}
          >
            {t('ui.next')}
          </Button>
        </Group>
      ) : null}
    </Page>
  );
}

function Lines({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { currency } = report;
  const side = (value: string) => (isZero(value) ? null : <Amount value={value} currency={currency} />);
  const columns: Column<Row>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.line.date} /> },
    {
      key: 'entry',
      label: t('field.description'),
      cell: (row) => (
        <Link to={`/finance/journal/${row.line.entry.id}`}>
          {row.line.entry.seq} {row.line.description ?? row.line.entry.description}
        </Link>
      ),
    },
    { key: 'party', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.line.party} />, wide: true },
    { key: 'debit', label: t('journal.debit'), cell: (row) => side(row.line.debit), numeric: true },
    { key: 'credit', label: t('journal.credit'), cell: (row) => side(row.line.credit), numeric: true },
    { key: 'balance', label: t('reports.balance'), cell: (row) => <Amount value={row.balance} currency={currency} />, numeric: true },
  ];
  const amount = (value: string) => <Amount value={value} currency={currency} />;
  return (
    <>
      <Facts
        facts={[
          { label: t('statements.opening'), value: amount(report.opening), figure: true },
          { label: t('journal.debit'), value: amount(report.debit) },
          { label: t('journal.credit'), value: amount(report.credit) },
          { label: `${t('statements.closing')}, ${currency}`, value: amount(report.closing), figure: true },
        ]}
      />
      {report.lines.nodes.length === 0 ? (
        <p className="muted">{t('statements.noLines')}</p>
      ) : (
        <DataTable dense label={t('nav.generalLedger')} columns={columns} rows={report.lines.nodes} rowKey={(row) => row.line.id} />
      )}
    </>
  );
}
