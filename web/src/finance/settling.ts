import type { TFunction } from 'i18next';
import type { AllocationInput, MoneyFieldsFragment } from '../gql';
import { fromMicros, normaliseDecimal, sum, toMicros } from '../lib/decimal';
import { currencyDigits } from '../lib/format';
import type { Lang } from '../lib/i18n';

/** Something that is to be settled still. */
export interface OpenItem {
  id: string;
  /** The field of the API's input that names it. */
  as: 'invoiceId' | 'billId' | 'expenseId' | 'paymentId';
  name: string | null;
  dueDate: string;
  due: MoneyFieldsFragment;
}

/** What is typed of an item: how much of it is settled, and with how much, where what settles is in another currency. */
export interface Typed {
  amount: string;
  paid: string;
}
export type TypedOf = { readonly [id: string]: Typed | undefined };

const nothing: Typed = { amount: '', paid: '' };
export const typedOf = (typed: TypedOf, { id }: OpenItem): Typed => typed[id] ?? nothing;

export const isForeign = ({ due }: OpenItem, currency: string): boolean => due.currency !== currency;

interface Part extends Typed {
  of: OpenItem;
  foreign: boolean;
}

/** The items of which something is typed, in the order in which they are shown and sent. */
function partsOf(items: readonly OpenItem[], typed: TypedOf, currency: string): Part[] {
  return items.flatMap((of) => {
    const { amount, paid } = typedOf(typed, of);
    const foreign = isForeign(of, currency);
    return (foreign ? amount + paid : amount).trim() === '' ? [] : [{ of, foreign, amount, paid }];
  });
}

export const sentOf = (items: readonly OpenItem[], typed: TypedOf, currency: string): OpenItem[] =>
  partsOf(items, typed, currency).map(({ of }) => of);

/** What is sent; `checkTyped` has found it readable. */
export function allocationsOf(items: readonly OpenItem[], typed: TypedOf, currency: string, lang: Lang): AllocationInput[] {
  const plain = (text: string) => normaliseDecimal(text, lang) ?? text;
  return partsOf(items, typed, currency).map(({ of, foreign, amount, paid }) => ({
    [of.as]: of.id,
    amount: plain(amount),
    ...(foreign && paid.trim() !== '' ? { paidAmount: plain(paid) } : {}),
  }));
}

/** How much settles all of that, in its own currency. */
export function appliedOf(items: readonly OpenItem[], typed: TypedOf, currency: string, lang: Lang): string {
  const amounts = partsOf(items, typed, currency).map(
    ({ foreign, amount, paid }) => normaliseDecimal(foreign ? paid : amount, lang) ?? '0',
  );
  return fromMicros(sum(amounts.map(toMicros)), currencyDigits(currency));
}

/** A field of an item. */
type TypedName = keyof Typed;
const fieldOf = ({ id }: OpenItem, name: TypedName): string => `${id}.${name}`;

/** What can be told before asking the server; how much settles another currency is the server's to ask. */
export function checkTyped(items: readonly OpenItem[], typed: TypedOf, currency: string, lang: Lang, t: TFunction): Record<string, string> {
  const wrong: Record<string, string> = {};
  const check = (of: OpenItem, name: TypedName, text: string, required: boolean) => {
    const empty = text.trim() === '';
    if (empty && required) wrong[fieldOf(of, name)] = t('form.required');
    if (!empty && normaliseDecimal(text, lang) === null) wrong[fieldOf(of, name)] = t('form.notANumber');
  };
  for (const { of, foreign, amount, paid } of partsOf(items, typed, currency)) {
    check(of, 'amount', amount, true);
    if (foreign) check(of, 'paid', paid, false);
  }
  return wrong;
}

/** The names under which the API speaks of what was sent. */
export const sentNames = (sent: readonly OpenItem[]): string[] => [
  'allocations',
  ...sent.flatMap((of, place) => [of.as, 'amount', 'paidAmount'].map((name) => `allocations.${place}.${name}`)),
];

interface Said {
  /** Found here. */
  wrong: { readonly [field: string]: string };
  /** The server's words, and of which items it speaks. */
  errors: { readonly [name: string]: string };
  sent: readonly OpenItem[];
}

/** What is wrong with a field of an item, which keeps its error when others are left out meanwhile. */
export function typedError({ wrong, errors, sent }: Said, of: OpenItem, name: TypedName): string | undefined {
  const at = `allocations.${sent.findIndex(({ id }) => id === of.id)}`;
  const said = name === 'paid' ? errors[`${at}.paidAmount`] : (errors[`${at}.amount`] ?? errors[`${at}.${of.as}`]);
  return wrong[fieldOf(of, name)] ?? said;
}
