import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import {
  BalanceSheetDocument,
  ProfitAndLossDocument,
  TrialBalanceDocument,
  type AccountType,
  type BalanceSheetQuery,
  type Comparison,
  type ProfitAndLossQuery,
  type TrialBalanceQuery,
} from '../gql';
import { useGql } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatDate } from '../lib/format';
import { useLang } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { query } from '../ui/entity';
import { ErrorNote, Page } from '../ui/Page';
import { Amount, RecordLink } from '../ui/values';
import { ledger, Opens } from './margin';
import { NothingHere } from './NothingHere';
import { DayPicker, PartPicker, useDay, usePart } from './part';
import { PeriodPicker, usePeriod } from './period';

interface Account {
  id: string;
  code: string;
  name: string;
}

/** An account's own statement: where a figure of the account leads. */
const statement = (account: Account, from: string, to: string, part: { [name: string]: string }): string =>
  `/reports/general-ledger${query({ accountId: account.id, from, to, ...part })}`;

const yearOf = (day: string): string => `${day.slice(0, 4)}-01-01`;
/** Zero is left blank: the eye finds the figures. */
const figure = (value: string, currency: string, to: string): ReactNode =>
  isZero(value) ? null : (
    <Opens to={to}>
      <Amount value={value} currency={currency} />
    </Opens>
  );

export function TrialBalancePage() {
  const { t } = useTranslation();
  const [at] = useDay();
  const { filter } = usePart();
  const answer = useGql(TrialBalanceDocument, { at, dimension: filter }, { keep: true });
  return (
    <Page title={t('nav.trialBalance')} actions={<DayPicker />}>
      <div className="period">
        <PartPicker />
      </div>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <TrialBalanceTable report={answer.data.reports.trialBalance} at={at} part={filter} /> : null}
    </Page>
  );
}

type Trial = TrialBalanceQuery['reports']['trialBalance'];

function TrialBalanceTable({ report, at, part }: { report: Trial; at: string; part: { [name: string]: string } }) {
  const { t } = useTranslation();
  if (report.rows.length === 0) return <p className="muted">{t('statements.nothing')}</p>;
  type Row = Trial['rows'][number];
  const side = (key: 'debit' | 'credit'): Column<Row> => ({
    key,
    label: `${t(`journal.${key}`)}, ${report.currency}`,
    numeric: true,
    cell: (row) => figure(row[key], report.currency, statement(row.account, yearOf(at), at, part)),
  });
  return (
    <DataTable
      dense
      label={t('nav.trialBalance')}
      columns={[
        { key: 'account', label: t('field.account'), cell: (row) => <RecordLink to="/finance/accounts" record={row.account} /> },
        { key: 'type', label: t('accounts.type'), cell: (row) => t(`accountType.${row.account.type}`), wide: true },
        side('debit'),
        side('credit'),
      ]}
      rows={report.rows}
      rowKey={(row) => row.account.id}
      foot={
        <tr>
          <td>{t('reports.total')}</td>
          <td className="wide" />
          <td className="num">
            <Amount value={report.total.debit} currency={report.currency} />
          </td>
          <td className="num">
            <Amount value={report.total.credit} currency={report.currency} />
          </td>
        </tr>
      }
    />
  );
}

const comparisons: Comparison[] = ['PREVIOUS_PERIOD', 'PREVIOUS_YEAR'];

export function ProfitAndLossPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  const { filter } = usePart();
  const [params, setParams] = useSearchParams();
  const compare = comparisons.find((name) => name === params.get('compare')) ?? null;
  const answer = useGql(ProfitAndLossDocument, { from: period.from, to: period.to, compare, dimension: filter }, { keep: true });
  const choose = (next: string | null) =>
    setParams((before) => {
      if (next) before.set('compare', next);
      else before.delete('compare');
      return before;
    });
  return (
    <Page title={t('nav.profitAndLoss')} actions={<PeriodPicker />}>
      <div className="period">
        <Select
          aria-label={t('statements.compare')}
          placeholder={t('statements.compare')}
          data={comparisons.map((value) => ({ value, label: t(`comparison.${value}`) }))}
          value={compare}
          onChange={choose}
          clearable
        />
        <PartPicker />
      </div>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <ResultTable report={answer.data.reports.profitAndLoss} period={period} part={filter} /> : null}
    </Page>
  );
}

type Result = ProfitAndLossQuery['reports']['profitAndLoss'];

interface ResultProps {
  report: Result;
  period: { from: string; to: string };
  part: { [name: string]: string };
}

function ResultTable({ report, period, part }: ResultProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const { currency } = report;
  if (report.rows.length === 0) return <NothingHere />;
  const compared = report.previousFrom && report.previousTo ? { from: report.previousFrom, to: report.previousTo } : null;
  const head = (dates: { from: string; to: string }) => `${formatDate(dates.from, lang)} – ${formatDate(dates.to, lang)}`;
  const sum = (label: string, total: { amount: string; previous?: string | null }, strong: boolean) => (
    <tr className={strong ? 'result' : 'sum'}>
      <td>{label}</td>
      <td className="num">
        <Amount value={total.amount} currency={currency} />
      </td>
      {compared ? <td className="num">{total.previous ? <Amount value={total.previous} currency={currency} /> : null}</td> : null}
    </tr>
  );
  const section = (type: AccountType) =>
    report.rows
      .filter((row) => row.account.type === type)
      .map((row) => (
        <tr key={row.account.id}>
          <td>
            <RecordLink to="/finance/accounts" record={row.account} />
          </td>
          <td className="num">{figure(row.amount, currency, statement(row.account, period.from, period.to, part))}</td>
          {compared ? (
            <td className="num">{figure(row.previous ?? '0', currency, statement(row.account, compared.from, compared.to, part))}</td>
          ) : null}
        </tr>
      ));
  return (
    <table className="data dense statement" aria-label={t('nav.profitAndLoss')}>
      <thead>
        <tr>
          <th>{currency}</th>
          <th className="num">{head(period)}</th>
          {compared ? <th className="num">{head(compared)}</th> : null}
        </tr>
      </thead>
      <tbody>
        {section('INCOME')}
        {sum(t('statements.income'), report.income, false)}
        {section('EXPENSE')}
        {sum(t('statements.expenses'), report.expenses, false)}
        {sum(t('statements.result'), report.result, true)}
      </tbody>
    </table>
  );
}

export function BalanceSheetPage() {
  const { t } = useTranslation();
  const [at] = useDay();
  const { filter } = usePart();
  const answer = useGql(BalanceSheetDocument, { at, dimension: filter }, { keep: true });
  return (
    <Page title={t('nav.balanceSheet')} actions={<DayPicker />}>
      <div className="period">
        <PartPicker />
      </div>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {answer.data ? <Sheet report={answer.data.reports.balanceSheet} at={at} part={filter} /> : null}
    </Page>
  );
}

type SheetReport = BalanceSheetQuery['reports']['balanceSheet'];

function Sheet({ report, at, part }: { report: SheetReport; at: string; part: { [name: string]: string } }) {
  const { t } = useTranslation();
  const { currency } = report;
  if (report.rows.length === 0) return <p className="muted">{t('statements.nothing')}</p>;
  const section = (name: string, total: string, belongs: (type: AccountType | null) => boolean) => (
    <>
      {report.rows
        .filter((row) => belongs(row.account?.type ?? null))
        .map((row) => (
          <tr key={row.account?.id ?? 'result'}>
            <td>{row.account ? <RecordLink to="/finance/accounts" record={row.account} /> : row.label}</td>
            <td className="num">
              <Opens
                to={
                  row.account
                    ? statement(row.account, yearOf(at), at, part)
                    : ledger({ accountType: 'INCOME,EXPENSE', dateTo: at, ...part })
                }
              >
                <Amount value={row.balance} currency={currency} />
              </Opens>
            </td>
          </tr>
        ))}
      <tr className="sum">
        <td>{name}</td>
        <td className="num">
          <Amount value={total} currency={currency} />
        </td>
      </tr>
    </>
  );
  return (
    <>
      {report.balanced ? null : <p className="note">{t('statements.unbalanced')}</p>}
      <table className="data dense statement" aria-label={t('nav.balanceSheet')}>
        <thead>
          <tr>
            <th>{t('field.account')}</th>
            <th className="num">{currency}</th>
          </tr>
        </thead>
        <tbody>
          {section(t('statements.assets'), report.assets, (type) => type === 'ASSET')}
          {section(t('statements.liabilities'), report.liabilities, (type) => type === 'LIABILITY')}
          {section(t('statements.equity'), report.equity, (type) => type === 'EQUITY' || type === null)}
        </tbody>
      </table>
    </>
  );
}
