import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  ExchangeRatesDocument,
  ImportExchangeRatesDocument,
  RevalueCurrenciesDocument,
  SetExchangeRateDocument,
  type RevalueCurrenciesMutation,
} from '../gql';
import { useAct } from '../lib/api';
import { useCan, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ListPage } from '../ui/ListPage';
import { Page, Section } from '../ui/Page';
import { SmallForm } from '../ui/SmallForm';
import { DateText, Money, Quantity, RecordLink } from '../ui/values';

export function ExchangeRateList() {
  const { t } = useTranslation();
  const can = useCan();
  const base = useMe().tenant.baseCurrency;
  return (
    <ListPage
      title={t('nav.exchangeRates')}
      document={ExchangeRatesDocument}
      select={(answer) => answer.exchangeRates}
      columns={[
        { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
        { key: 'currency', label: t('field.currency'), cell: (row) => row.currency, sort: 'CURRENCY' },
        { key: 'rate', label: t('exchangeRates.rate', { base }), cell: (row) => <Quantity value={row.rate} />, numeric: true },
      ]}
      filters={[{ kind: 'dates', param: 'date', label: t('field.date') }]}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('exchangeRates.search')}
      withArchived={false}
      actions={can('FINANCE_WRITE') ? <Acts base={base} /> : null}
      empty={{ title: t('exchangeRates.empty'), text: t('exchangeRates.emptyText') }}
    />
  );
}

/** Of a file of rates, as the API wants them. */
const rateColumns = 'date,currency,rate';

function Acts({ base }: { base: string }) {
  const { t } = useTranslation();
  const today = useToday();
  const [set, load] = [useAct(SetExchangeRateDocument), useAct(ImportExchangeRatesDocument)];
  return (
    <>
      <Act
        label={t('exchangeRates.import')}
        text={t('exchangeRates.importText', { columns: rateColumns })}
        fields={[{ name: 'csv', label: t('exchangeRates.csv'), kind: 'long', required: true, placeholder: rateColumns }]}
        run={(input) => load.mutateAsync({ input: { csv: String(input.csv) } })}
      />
      <Act
        label={t('exchangeRates.set')}
        text={t('exchangeRates.setText')}
        fields={[
          { name: 'currency', label: t('field.currency'), kind: 'currency', required: true },
          { name: 'date', label: t('field.date'), kind: 'date', required: true },
          { name: 'rate', label: t('exchangeRates.rate', { base }), kind: 'decimal', required: true },
        ]}
        defaults={{ date: today }}
        run={(input) =>
          set.mutateAsync({ input: { currency: String(input.currency), date: String(input.date), rate: String(input.rate) } })
        }
        primary
      />
    </>
  );
}

type Done = RevalueCurrenciesMutation['revalueCurrencies'];

export function RevaluationPage() {
  const { t } = useTranslation();
  const run = useAct(RevalueCurrenciesDocument);
  const [done, setDone] = useState<Done | null>(null);
  return (
    <Page title={t('nav.revaluation')}>
      <p className="muted">{t('revaluation.text')}</p>
      <SmallForm
        fields={[{ name: 'date', label: t('revaluation.date'), kind: 'date', required: true, half: true }]}
        submitLabel={t('revaluation.run')}
        doneText=""
        run={async (input) => setDone((await run.mutateAsync({ input: { date: String(input.date) } })).revalueCurrencies)}
      />
      {done ? <Result done={done} /> : null}
    </Page>
  );
}

function Result({ done }: { done: Done }) {
  const { t } = useTranslation();
  if (done.positions.length === 0) return <p>{t('revaluation.nothing')}</p>;
  const columns: Column<Done['positions'][number]>[] = [
    {
      key: 'account',
      label: t('field.account'),
      cell: ({ account }) => <Link to={`/finance/accounts/${account.id}`}>{`${account.code} ${account.name}`}</Link>,
    },
    { key: 'party', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.party} /> },
    { key: 'amount', label: t('revaluation.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'rate', label: t('revaluation.rate'), cell: (row) => <Quantity value={row.rate} />, numeric: true },
    { key: 'before', label: t('revaluation.before'), cell: (row) => <Money value={row.posted} bare />, numeric: true },
    { key: 'after', label: t('revaluation.after'), cell: (row) => <Money value={row.revalued} bare />, numeric: true },
    { key: 'difference', label: t('revaluation.difference'), cell: (row) => <Money value={row.difference} bare />, numeric: true },
  ];
  return (
    <Section title={t('revaluation.posted')}>
      {done.entry && done.reversal ? (
        <p>
          <Link to={`/finance/journal/${done.entry.id}`}>{t('journal.entry', { seq: done.entry.seq })}</Link>, {t('revaluation.takenBack')}{' '}
          <Link to={`/finance/journal/${done.reversal.id}`}>{t('journal.entry', { seq: done.reversal.seq })}</Link>
        </p>
      ) : (
        <p>{t('revaluation.unchanged')}</p>
      )}
      <DataTable label={t('nav.revaluation')} columns={columns} rows={done.positions} rowKey={(_, index) => String(index)} />
    </Section>
  );
}
