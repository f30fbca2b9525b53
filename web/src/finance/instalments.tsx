import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InvoiceQuery, InvoiceTermsInput } from '../gql';
import { addDays } from '../lib/dates';
import { normaliseDecimal } from '../lib/decimal';
import type { Lang } from '../lib/i18n';
import { StillOpen } from '../ui/columns';
import { DataTable, type Column } from '../ui/DataTable';
import { DateField } from '../ui/DateField';
import { Section } from '../ui/Page';
import { DateText, Money, Status } from '../ui/values';

type Record = InvoiceQuery['invoice'];

/** A part as the form holds it: a percentage or an amount; the last takes what is left. */
interface Part {
  key: number;
  date: string;
  percent: string;
  amount: string;
}

let keys = 0;
const part = (date: string, percent = '', amount = ''): Part => ({ key: keys++, date, percent, amount });

const partsOf = (invoice: Record | null): Part[] => {
  const instalments = invoice?.instalments ?? [];
  const last = instalments.length - 1;
  return instalments.map(({ dueDate, amount }, index) => part(dueDate, '', index === last ? '' : amount.amount));
};

/** The parts in which an invoice is to be paid, while it's edited. Untouched ones aren't sent: the server moves them with the draft. */
export function useParts(invoice: Record | null) {
  const [parts, setParts] = useState(() => partsOf(invoice));
  const [touched, setTouched] = useState(false);
  const set = (next: Part[]) => {
    setTouched(true);
    setParts(next.length < 2 ? [] : next);
  };
  const names = parts.flatMap((_, index) => ['date', 'percent', 'amount'].map((name) => `terms.instalments.${index}.${name}`));
  return { parts, set, touched, names, rebase: (fresh: Record) => (touched ? undefined : setParts(partsOf(fresh))) };
}

export type Parts = ReturnType<typeof useParts>;

/** What is sent of them. */
export function termsInput({ parts, touched }: Parts, lang: Lang): { terms?: InvoiceTermsInput } {
  if (parts.length === 0 || !touched) return {};
  const given = (text: string) => (text.trim() === '' ? null : (normaliseDecimal(text, lang) ?? text));
  const instalments = parts.map(({ date, percent, amount }) => ({
    date: date === '' ? null : date,
    percent: given(percent),
    amount: given(amount),
  }));
  return { terms: { instalments } };
}

interface Props {
  state: Parts;
  date: string;
  dueDate: string;
  errors: { [name: string]: string };
}

/** Pays an invoice in parts, or all of it at once again. */
export function PartsEditor({ state, date, dueDate, errors }: Props) {
  const { t } = useTranslation();
  const { parts, set } = state;
  if (parts.length === 0) {
    const later = dueDate > date ? dueDate : addDays(date, 30);
    return (
      <div>
        <Button variant="subtle" onClick={() => set([part(date, '50'), part(later)])}>
          {t('instalments.payInParts')}
        </Button>
      </div>
    );
  }
  const change = (key: number, patch: Partial<Part>) => set(parts.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  const add = () => {
    const last = parts.at(-1);
    set([...parts.slice(0, -1), part(last?.date ?? date, '25'), part(addDays(last?.date ?? date, 30))]);
  };
  return (
    <>
      <h2>{t('instalments.title')}</h2>
      <p className="muted">{t('instalments.hint')}</p>
      <div className="lines">
        {parts.map((one, index) => (
          <PartEditor
            key={one.key}
            part={one}
            index={index}
            last={index === parts.length - 1}
            errors={errors}
            onChange={(patch) => change(one.key, patch)}
            onRemove={() => set(parts.filter(({ key }) => key !== one.key))}
          />
        ))}
      </div>
      <div>
        <Button variant="default" onClick={add}>
          {t('instalments.add')}
        </Button>{' '}
        <Button variant="subtle" onClick={() => set([])}>
          {t('instalments.payAtOnce')}
        </Button>
      </div>
    </>
  );
}

interface PartProps {
  part: Part;
  index: number;
  last: boolean;
  errors: { [name: string]: string };
  onChange: (patch: Partial<Part>) => void;
  onRemove: () => void;
}

function PartEditor({ part, index, last, errors, onChange, onRemove }: PartProps) {
  const { t } = useTranslation();
  const error = (name: string) => errors[`terms.instalments.${index}.${name}`];
  const number = (name: 'percent' | 'amount', label: string) => (
    <TextInput
      label={label}
      value={part[name]}
      error={error(name)}
      inputMode="decimal"
      classNames={{ input: 'num-input' }}
      placeholder={last ? t('instalments.rest') : ''}
      onChange={(event) => onChange({ percent: '', amount: '', [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className="part" aria-label={t('instalments.part', { number: index + 1 })}>
      <DateField
        label={t('instalments.due')}
        value={part.date}
        error={error('date') ?? error('days')}
        onChange={(date) => onChange({ date })}
        required
      />
      {number('percent', t('instalments.percent'))}
      {number('amount', t('instalments.orAmount'))}
      <ActionIcon variant="subtle" color="gray" aria-label={t('instalments.remove', { number: index + 1 })} onClick={onRemove}>
        ×
      </ActionIcon>
    </fieldset>
  );
}

/** The parts of an invoice, and what is open of each. */
export function Instalments({ invoice }: { invoice: Record }) {
  const { t } = useTranslation();
  type Row = Record['instalments'][number];
  const columns: Column<Row>[] = [
    { key: 'dueDate', label: t('instalments.due'), cell: (row) => <DateText value={row.dueDate} /> },
    { key: 'status', label: t('field.status'), cell: (row) => (row.overdue ? <Status value="OVERDUE" /> : null) },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
    { key: 'due', label: t('invoices.due'), cell: (row) => <StillOpen value={row.due} />, numeric: true },
  ];
  if (invoice.instalments.length === 0) return null;
  const shown = invoice.status === 'DRAFT' ? columns.filter(({ key }) => key !== 'status' && key !== 'due') : columns;
  return (
    <Section title={t('instalments.title')}>
      <DataTable label={t('instalments.title')} columns={shown} rows={invoice.instalments} rowKey={(row) => row.dueDate} />
    </Section>
  );
}
