import { Input, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AllocationInput, MoneyFieldsFragment } from '../gql';
import { formatMoney } from '../lib/format';
import { useLang } from '../lib/session';
import { ActDialog, ActShell } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef } from '../ui/fields';
import { ErrorNote, Section } from '../ui/Page';
import { useForm } from '../ui/useForm';
import { DateText, Money } from '../ui/values';
import { OPEN_MOST, useOpenItems, type Open, type Side } from './openItems';
import {
  allocationsOf,
  appliedOf,
  checkTyped,
  isForeign,
  sentNames,
  sentOf,
  typedError,
  typedOf,
  type OpenItem,
  type Typed,
  type TypedOf,
} from './settling';

/** What is typed of open items while a form is open. `given` stands until something else is typed. */
export function useAllocations(items: readonly OpenItem[], currency: string, given: TypedOf = {}) {
  const { t } = useTranslation();
  const lang = useLang();
  const [own, setOwn] = useState<TypedOf>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [sent, setSent] = useState<OpenItem[]>([]);
  const typed = { ...given, ...own };
  const sending = sentOf(items, typed, currency);
  return {
    input: allocationsOf(items, typed, currency, lang),
    applied: appliedOf(items, typed, currency, lang),
    names: sentNames(sending),
    touched: Object.keys(own).length > 0,
    typed: (item: OpenItem) => typedOf(typed, item),
    type: (item: OpenItem, patch: Partial<Typed>) => {
      setOwn((before) => ({ ...before, [item.id]: { ...typedOf({ ...given, ...before }, item), ...patch } }));
      setWrong({});
    },
    /** Whether it can be sent; it remembers what is, so that the answer finds its place. */
    ready: (): boolean => {
      const found = checkTyped(items, typed, currency, lang, t);
      setWrong(found);
      setSent(sending);
      return Object.keys(found).length === 0;
    },
    error: (errors: Record<string, string>, item: OpenItem, name: keyof Typed) => typedError({ wrong, errors, sent }, item, name),
  };
}

interface Props {
  open: Open;
  parts: ReturnType<typeof useAllocations>;
  /** Of what settles. */
  currency: string;
  errors: Record<string, string>;
}

/** Open items, and how much of each is settled. */
export function Allocations({ open, parts, currency, errors }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const input = (item: OpenItem, name: keyof Typed, label: string) => (
    <TextInput
      aria-label={label}
      value={parts.typed(item)[name]}
      error={parts.error(errors, item, name)}
      inputMode="decimal"
      classNames={{ input: 'num-input' }}
      onChange={(event) => parts.type(item, { [name]: event.currentTarget.value })}
    />
  );
  const nameOf = ({ name }: OpenItem) => name ?? t('chain.payment');
  const columns: Column<OpenItem>[] = [
    { key: 'number', label: t('payments.document'), cell: nameOf },
    { key: 'dueDate', label: t('invoices.dueDate'), cell: (item) => <DateText value={item.dueDate} /> },
    { key: 'due', label: t('invoices.due'), cell: (item) => <Money value={item.due} />, numeric: true },
    {
      key: 'amount',
      label: t('payments.applied'),
      numeric: true,
      cell: (item) => input(item, 'amount', t('payments.applyTo', { number: nameOf(item) })),
    },
    {
      key: 'paid',
      label: t('payments.paidAmount', { currency }),
      numeric: true,
      cell: (item) => (isForeign(item, currency) ? input(item, 'paid', t('payments.paidFor', { currency, number: nameOf(item) })) : null),
    },
  ];
  const { items } = open;
  const shown = items.some((item) => isForeign(item, currency)) ? columns : columns.slice(0, -1);
  const applied = formatMoney({ amount: parts.applied, currency }, lang);
  if (open.loading) return <p className="muted">{t('ui.loading')}</p>;
  if (open.error) return <ErrorNote error={open.error} retry={open.refetch} />;
  return (
    <Section title={t('payments.pays')} aside={<span className="muted figure">{t('payments.allocated', { amount: applied })}</span>}>
      {items.length > 0 ? (
        <DataTable label={t('payments.pays')} columns={shown} rows={items} rowKey={({ id }) => id} />
      ) : (
        <p className="muted">{t('payments.nothingOpen')}</p>
      )}
      {items.length < OPEN_MOST ? null : <p className="muted">{t('payments.mostShown', { most: OPEN_MOST })}</p>}
      {errors.allocations ? <Input.Error role="alert">{errors.allocations}</Input.Error> : null}
    </Section>
  );
}

interface SettleProps {
  side: Side;
  /** Whose documents they are. */
  party: string;
  left: MoneyFieldsFragment;
  run: (input: { allocations: AllocationInput[]; date: string | null }) => Promise<unknown>;
}

/** Puts what is left of a payment or a credit note on what is open. */
export function Settle(props: SettleProps) {
  const { t } = useTranslation();
  return (
    <ActDialog label={t('payments.settle')} primary wide>
      {(close) => <SettleForm {...props} onDone={close} />}
    </ActDialog>
  );
}

function SettleForm({ side, party, left, run, onDone }: SettleProps & { onDone: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const fields: FieldDef[] = [{ name: 'date', label: t('field.date'), kind: 'date', hint: t('payments.settleDateHint'), half: true }];
  const open = useOpenItems(side);
  const parts = useAllocations(open.items, left.currency);
  const form = useForm(fields, { date: '' }, parts.names);
  const go = async () => {
    if (!parts.ready()) return;
    const { date } = toInput(form.values, fields, lang) as { date: string | null };
    if (await form.submit(() => run({ allocations: parts.input, date }))) onDone();
  };
  return (
    <ActShell
      text={t('payments.settleText', { left: formatMoney(left, lang), party })}
      confirm={t('payments.settle')}
      form={form}
      onSubmit={() => void go()}
      onCancel={onDone}
    >
      <Fields fields={fields} form={form} />
      <Allocations open={open} parts={parts} currency={left.currency} errors={form.errors} />
    </ActShell>
  );
}
