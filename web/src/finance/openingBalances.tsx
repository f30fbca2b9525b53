import { Button, FileInput, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import {
  ImportOpeningBalancesDocument,
  OpeningImportsDocument,
  ReverseOpeningBalancesDocument,
  type ImportOpeningBalancesMutation,
  type OpeningCountFieldsFragment,
  type OpeningImportsQuery,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { formatDate } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { ErrorNote, Page, Section } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { DateText, Money } from '../ui/values';
import { kinds, sample } from './openingSample';

type Opened = ImportOpeningBalancesMutation['importOpeningBalances'];
type Import = OpeningImportsQuery['openingImports']['nodes'][number];

export function OpeningBalancesPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('opening.title')} up={{ to: '/finance/accounts', label: t('nav.accounts') }}>
      <p>{t('opening.text')}</p>
      <Standing />
      {useCan()('FINANCE_WRITE') ? <ImportForm /> : null}
      <Help />
    </Page>
  );
}

/** What stands, and how it goes. */
function Standing() {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  const answer = useGql(OpeningImportsDocument, {}, { keep: true });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const imports = answer.data?.openingImports.nodes;
  if (!imports || imports.length === 0) return null;
  return (
    <Section title={t('opening.standing')}>
      <DataTable
        label={t('opening.standing')}
        columns={[
          { key: 'date', label: t('opening.date'), cell: (row) => <DateText value={row.date} /> },
          {
            key: 'entry',
            label: t('nav.journal'),
            cell: ({ journalEntry }) => <Link to={`/finance/journal/${journalEntry.id}`}>{journalEntry.seq}</Link>,
          },
          { key: 'by', label: t('opening.importedBy'), cell: (row) => row.createdBy?.name ?? '' },
          { key: 'brought', label: t('opening.brought'), cell: (row) => <Counts counts={row.counts} /> },
          { key: 'left', label: t('opening.left'), cell: (row) => <Money value={row.difference} />, numeric: true },
          { key: 'act', label: '', cell: (row) => (writes ? <TakeBack row={row} /> : null), numeric: true },
        ]}
        rows={imports}
        rowKey={(row) => row.journalEntry.id}
      />
    </Section>
  );
}

function TakeBack({ row }: { row: Import }) {
  const { t } = useTranslation();
  const lang = useLang();
  const reverse = useAct(ReverseOpeningBalancesDocument);
  return (
    <Act
      label={t('opening.takeBack')}
      text={t('opening.takeBackText', { date: formatDate(row.date, lang) })}
      fields={[{ name: 'reason', label: t('opening.reason'), kind: 'text', required: true }]}
      run={({ reason }) =>
        reverse.mutateAsync({ input: { entryId: row.journalEntry.id, reason: typeof reason === 'string' ? reason : '' } })
      }
      compact
      danger
    />
  );
}

/** How many of what, those of which there is none left out. */
function useCounts(counts: OpeningCountFieldsFragment) {
  const { t } = useTranslation();
  const all = [
    { label: t('opening.accounts'), value: counts.accounts },
    { label: t('nav.invoices'), value: counts.invoices },
    { label: t('bills.creditNotes'), value: counts.creditNotes },
    { label: t('opening.bills'), value: counts.bills },
    { label: t('opening.supplierCredits'), value: counts.supplierCredits },
    { label: t('nav.payments'), value: counts.payments },
    { label: t('payments.advances'), value: counts.advances },
    { label: t('nav.expenses'), value: counts.expenses },
  ];
  return all.filter((count) => count.value > 0);
}

function Counts({ counts }: { counts: OpeningCountFieldsFragment }) {
  return (
    <>
      {useCounts(counts)
        .map(({ label, value }) => `${label}: ${String(value)}`)
        .join(' · ')}
    </>
  );
}

function ImportForm() {
  const { t } = useTranslation();
  const today = useToday();
  const [date, setDate] = useState(`${Number(today.slice(0, 4)) - 1}-12-31`);
  const [file, setFile] = useState<File | null>(null);
  const run = useAct(ImportOpeningBalancesDocument);
  const send = async (dryRun: boolean) => {
    if (file) run.mutate({ input: { date, csv: await file.text(), dryRun } });
  };
  const done = run.data?.importOpeningBalances;
  return (
    <Section title={t('opening.import')}>
      <Stack maw={560} gap="sm">
        <DateField label={t('opening.date')} value={date} onChange={setDate} required />
        <FileInput
          label={t('opening.file')}
          placeholder={t('opening.choose')}
          accept=".csv,text/csv"
          value={file}
          onChange={(next) => {
            setFile(next);
            run.reset();
          }}
          required
        />
        {run.error ? <ErrorNote error={run.error} /> : null}
        {done ? <Found opened={done} /> : null}
        <Group className="form-foot">
          <Button variant="default" disabled={!file || date === ''} loading={run.isPending} onClick={() => void send(true)}>
            {t('opening.check')}
          </Button>
          <Button
            disabled={!done || done.journalEntry !== null || run.error !== null}
            loading={run.isPending}
            onClick={() => void send(false)}
          >
            {t('opening.import')}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

function Found({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  return (
    <>
      <p role="status">
        {opened.journalEntry ? <Link to={`/finance/journal/${opened.journalEntry.id}`}>{t('opening.done')}</Link> : t('opening.checked')}
      </p>
      <Facts
        facts={[
          { label: t('reports.total'), value: <Money value={opened.total} />, figure: true },
          ...useCounts(opened),
          { label: t('opening.left'), value: <Money value={opened.difference} /> },
        ]}
      />
    </>
  );
}

/** What may be in the file. */
function Help() {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t('opening.kindsLabel')}>
        <DataTable
          dense
          label={t('opening.kindsLabel')}
          columns={[
            { key: 'kind', label: t('opening.kind'), cell: (kind) => <code>{kind}</code> },
            { key: 'means', label: t('opening.means'), cell: (kind) => t(`opening.kinds.${kind}`) },
          ]}
          rows={kinds}
          rowKey={(kind) => kind}
        />
        <ul>
          <li>{t('opening.documents')}</li>
          <li>{t('opening.controls')}</li>
          <li>{t('opening.tax')}</li>
          <li>{t('opening.once')}</li>
        </ul>
      </Section>
      <Section
        title={t('opening.sample')}
        aside={
          <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(sample)}`} download="opening-balances.csv">
            {t('opening.download')}
          </a>
        }
      >
        <pre className="example">{sample}</pre>
      </Section>
    </>
  );
}
