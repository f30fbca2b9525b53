import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CreateJournalEntryDocument, type JournalLineInput } from '../gql';
import { useAct } from '../lib/api';
import { fromMicros, multiply, normaliseDecimal, roundTo, sum, toMicros } from '../lib/decimal';
import { currencyDigits, formatMoney } from '../lib/format';
import type { Lang } from '../lib/i18n';
import type { RefKind } from '../lib/refs';
import { useLang, useMe, useToday } from '../lib/session';
import { Fields } from '../ui/EntityForm';
import { asked, FieldInput, type FieldDef } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { Page } from '../ui/Page';
import { RefSelect } from '../ui/RefSelect';
import { useForm } from '../ui/useForm';
import { CostCentreField } from './costCentreField';
import { costCentreInput, costCentreNames, noCostCentre, type CostCentreValue } from './costCentreSplits';
import { useRateField } from './rate';

interface Line extends CostCentreValue {
  key: number;
  accountId: string;
  debit: string;
  credit: string;
  currency: string;
  rate: string;
  description: string;
  companyId: string;
  projectId: string;
}
type RefName = 'accountId' | 'companyId' | 'projectId';
type TextName = 'debit' | 'credit' | 'description';

let keys = 0;
const emptyLine = (currency: string): Line => ({
  key: keys++,
  accountId: '',
  debit: '',
  credit: '',
  currency,
  rate: '',
  description: '',
  companyId: '',
  projectId: '',
  ...noCostCentre,
});
const lineNames = ['accountId', 'debit', 'credit', 'currency', 'rate', 'description', 'companyId', 'projectId'];
const columns = 'minmax(180px, 2fr) 120px 120px minmax(140px, 2fr) 32px';

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
  const names = lines.flatMap((line, index) => [...lineNames, ...costCentreNames(line)].map((name) => `lines.${index}.${name}`));
  const form = useForm(fields, { date: today, serviceDate: '', description: '' }, names);
  const save = async () => {
    const input = {
      date: String(form.values.date),
      serviceDate: form.values.serviceDate === '' ? null : String(form.values.serviceDate),
      description: String(form.values.description).trim(),
      lines: lines.map((line) => lineInput(line, baseCurrency, lang)),
    };
    let id = '';
    if (await form.submit(async () => (id = (await create.mutateAsync({ input })).createJournalEntry.journalEntry.id)))
      void navigate(`/finance/journal/${id}`, { replace: true });
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

interface LineProps {
  line: Line;
  index: number;
  errors: { [name: string]: string };
  onChange: (patch: Partial<Line>) => void;
  onRemove: (() => void) | null;
}

function LineEditor({ line, index, errors, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const currency: FieldDef = { name: 'currency', label: t('field.currency'), kind: 'currency', required: true };
  const money = asked([currency, useRateField()], { currency: line.currency });
  const error = (name: string) => errors[`lines.${index}.${name}`];
  const text = (name: TextName, label: string) => (
    <TextInput
      label={label}
      value={line[name]}
      error={error(name)}
      classNames={name === 'description' ? {} : { input: 'num-input' }}
      inputMode={name === 'description' ? 'text' : 'decimal'}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  const ref = (name: RefName, kind: RefKind, label: string) => (
    <RefSelect
      kind={kind}
      label={label}
      value={line[name]}
      error={error(name)}
      required={name === 'accountId'}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <fieldset className="line" style={{ gridTemplateColumns: columns }} aria-label={t('invoices.line', { number: index + 1 })}>
      {ref('accountId', 'account', t('field.account'))}
      {text('debit', t('journal.debit'))}
      {text('credit', t('journal.credit'))}
      <div className="whole">{text('description', t('field.description'))}</div>
      {onRemove ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t('invoices.removeLine', { number: index + 1 })} onClick={onRemove}>
          ×
        </ActionIcon>
      ) : (
        <span />
      )}
      <div className="whole line-more">
        {money.map((def) => (
          <FieldInput
            key={def.name}
            def={def}
            values={{ currency: line.currency, rate: line.rate }}
            error={error(def.name)}
            onChange={(name, value) => onChange({ ...(name === 'currency' ? { rate: '' } : {}), [name]: value })}
          />
        ))}
        {ref('companyId', 'company', t('field.company'))}
        {ref('projectId', 'project', t('field.project'))}
        <CostCentreField value={line} error={error} onChange={onChange} />
      </div>
    </fieldset>
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

function lineInput(line: Line, baseCurrency: string, lang: Lang): JournalLineInput {
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  const decimal = (text: string) => (text.trim() === '' ? null : (normaliseDecimal(text, lang) ?? text));
  return {
    accountId: line.accountId,
    debit: decimal(line.debit),
    credit: decimal(line.credit),
    currency: line.currency,
    rate: line.currency === baseCurrency ? null : decimal(line.rate),
    description: given(line.description),
    ...costCentreInput(line, lang),
    companyId: given(line.companyId),
    projectId: given(line.projectId),
  };
}
