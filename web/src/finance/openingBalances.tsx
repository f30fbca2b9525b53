import { Button, FileInput, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ImportOpeningBalancesDocument, type ImportOpeningBalancesMutation } from '../gql';
import { useAct } from '../lib/api';
import { useToday } from '../lib/session';
import { DateField } from '../ui/DateField';
import { ErrorNote, Page } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { Money } from '../ui/values';

type Opened = ImportOpeningBalancesMutation['importOpeningBalances'];

const example = `kind,account,company,number,date,due_date,currency,rate,amount
account,1210,,,,,,,5000.00
account,1410,,,,,,,1000.00
invoice,,Vake Clinic,A-17,2025-11-03,2025-12-03,,,1000.00
difference,,,,,,,,`;

export function OpeningBalancesPage() {
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
    <Page title={t('opening.title')} up={{ to: '/finance/accounts', label: t('nav.accounts') }} narrow>
      <p>{t('opening.text')}</p>
      <pre className="example">{example}</pre>
      <ul>
        <li>{t('opening.accounts')}</li>
        <li>{t('opening.documents')}</li>
        <li>{t('opening.difference')}</li>
      </ul>
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
    </Page>
  );
}

function Found({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        {opened.journalEntry ? <Link to={`/finance/journal/${opened.journalEntry.id}`}>{t('opening.done')}</Link> : t('opening.checked')}
      </p>
      <Facts
        facts={[
          { label: t('reports.total'), value: <Money value={opened.total} />, figure: true },
          { label: t('nav.accounts'), value: opened.accounts },
          { label: t('nav.invoices'), value: opened.invoices },
          { label: t('opening.bills'), value: opened.bills },
          { label: t('opening.left'), value: <Money value={opened.difference} /> },
        ]}
      />
    </>
  );
}
