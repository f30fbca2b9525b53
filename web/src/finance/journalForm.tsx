import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CreateJournalEntryDocument } from '../gql';
import { useAct } from '../lib/api';
import { fromMicros, multiply, normaliseDecimal, roundTo, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import { useLang, useMe, useToday } from '../lib/session';
import { Fields } from '../ui/EntityForm';
import type { FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { Page } from '../ui/Page';
import { useForm } from '../ui/useForm';
import { warn } from '../ui/warn';
import { emptyLine, LineEditor, lineInput, lineNames, type Line } from './journalLine';

/** A manual entry: two sides that are equal, or it can't be posted. */
export function JournalForm() {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const create = useAct(CreateJournalEntryDocument);
  const { baseCurrency } = useMe().tenant;
  const [lines, setLines] = useState([emptyLine(baseCurrency), emptyLine(baseCurrency)]);
  const fields: FieldDef[] = [
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'serviceDate', label: t('journal.serviceDate'), kind: 'date', half: true, hint: t('journal.serviceDateHint') },
    { name: 'description', label: t('field.description'), kind: 'text', required: true },
  ];
  const names = lines.flatMap((line, index) => lineNames(line).map((name) => `lines.${index}.${name}`));
  const form = useForm(fields, { date: today, serviceDate: '', description: '' }, names);
  const save = async () => {
    const input = {
      date: String(form.values.date),
      serviceDate: form.values.serviceDate === '' ? null : String(form.values.serviceDate),
      description: String(form.values.description).trim(),
      lines: lines.map((line) => lineInput(line, baseCurrency, lang)),
    };
    const post = async () => {
      const { journalEntry, warnings } = (await create.mutateAsync({ input })).createJournalEntry;
      warn(warnings);
      id = journalEntry.id;
    };
    let id = '';
    if (await form.submit(post)) void navigate(`/finance/journal/${id}`, { replace: true });
  };
  const touched = !form.saved && lines.some((line) => line.accountId !== '' || line.debit !== '' || line.credit !== '');
  return (
    <Page title={t('journal.new')}>
      <p className="muted">{t('journal.newText')}</p>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('journal.post')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || touched}
      >
        <Fields fields={fields} form={form} />
        <div className="lines">
          {lines.map((line, index) => (
            <LineEditor
              key={line.key}
              line={line}
              index={index}
              errors={form.errors}
              onChange={(patch) => setLines(lines.map((other) => (other.key === line.key ? { ...other, ...patch } : other)))}
              onRemove={lines.length > 2 ? () => setLines(lines.filter((other) => other.key !== line.key)) : null}
            />
          ))}
        </div>
        <div>
          <Button variant="default" onClick={() => setLines([...lines, emptyLine(baseCurrency)])}>
            {t('invoices.addLine')}
          </Button>
        </div>
        <Balance lines={lines} />
      </FormShell>
    </Page>
  );
}

function Balance({ lines }: { lines: Line[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const currency = useMe().tenant.baseCurrency;
  const micros = (text: string) => toMicros(normaliseDecimal(text, lang) ?? '0');
  const worth = (line: Line, amount: bigint) =>
    line.currency === currency ? amount : roundTo(multiply(amount, micros(line.rate)), currencyDigits(currency));
  const total = (side: 'debit' | 'credit') => sum(lines.map((line) => worth(line, micros(line[side]))));
  const money = (value: bigint) => formatMoney({ amount: fromMicros(value, currencyDigits(currency)), currency }, lang);
  const [debit, credit] = [total('debit'), total('credit')];
  return (
    <dl className="totals">
      <dt>{t('journal.debit')}</dt>
      <dd className="figure">{money(debit)}</dd>
      <dt>{t('journal.credit')}</dt>
      <dd className="figure">{money(credit)}</dd>
      <dt className="grand">{debit === credit ? t('journal.balanced') : t('journal.difference')}</dt>
      <dd className="grand figure">{money(debit > credit ? debit - credit : credit - debit)}</dd>
    </dl>
  );
}
