import type { CostCentreSplitInput } from '../gql';
import { fromMicros, normaliseDecimal, sum, toMicros, trim } from '../lib/decimal';
import type { Lang } from '../lib/i18n';

/** The share of a cost centre, as a form holds it. */
export interface Split {
  key: number;
  costCentreId: string;
  percent: string;
}

/** Where what a line costs or earns belongs: to one cost centre, or to several by shares, which stand in its place. */
export interface CostCentreValue {
  costCentreId: string;
  splits: Split[];
}

/** The same as a record holds it; nothing of it is there for who may not see the ledger. */
export interface Belongs<C> {
  costCentre?: C | null;
  costCentreSplits?: { percent: string; costCentre: C }[];
}

const WHOLE = '100';

let keys = 0;
const split = (costCentreId = '', percent = ''): Split => ({ key: keys++, costCentreId, percent });

export const noCostCentre: CostCentreValue = { costCentreId: '', splits: [] };

export const costCentresOf = ({ costCentre, costCentreSplits = [] }: Belongs<{ id: string }>): CostCentreValue => ({
  costCentreId: costCentre?.id ?? '',
  splits: costCentreSplits.map((share) => split(share.costCentre.id, share.percent)),
});

export const hasCostCentre = ({ costCentre, costCentreSplits = [] }: Belongs<unknown>): boolean =>
  !!costCentre || costCentreSplits.length > 0;

/** Begins with halves: the cost centre that was chosen, and another one. */
export const splitOver = ({ costCentreId }: CostCentreValue): CostCentreValue => ({
  costCentreId: '',
  splits: [split(costCentreId, '50'), split('', '50')],
});

/** Back to one: the first. */
export const inOne = ({ splits }: CostCentreValue): CostCentreValue => ({ costCentreId: splits[0]?.costCentreId ?? '', splits: [] });

/** Another share, of what is left. */
export function withAnother(value: CostCentreValue, lang: Lang): CostCentreValue {
  const left = leftOf(value, lang);
  return { costCentreId: '', splits: [...value.splits, split('', left > 0n ? trim(fromMicros(left)) : '')] };
}

/** One share that is alone is no split any more. */
export function without(value: CostCentreValue, key: number): CostCentreValue {
  const rest = { costCentreId: '', splits: value.splits.filter((share) => share.key !== key) };
  return rest.splits.length < 2 ? inOne(rest) : rest;
}

/** What the shares lack to the whole, in millionths of a percent; negative where they are more. */
export const leftOf = ({ splits }: CostCentreValue, lang: Lang): bigint =>
  toMicros(WHOLE) - sum(splits.map(({ percent }) => toMicros(normaliseDecimal(percent, lang) ?? '0')));

/** The names under which the API speaks of it in the input of a line. */
export const costCentreNames = ({ splits }: CostCentreValue): string[] =>
  splits.length === 0
    ? ['costCentreId']
    : ['costCentreSplits', ...splits.flatMap((_, place) => ['costCentreId', 'percent'].map((name) => `costCentreSplits.${place}.${name}`))];

interface CostCentreInput {
  costCentreId: string | null;
  costCentreSplits: CostCentreSplitInput[];
}

export const costCentreInput = ({ costCentreId, splits }: CostCentreValue, lang: Lang): CostCentreInput => ({
  costCentreId: costCentreId === '' || splits.length > 0 ? null : costCentreId,
  costCentreSplits: splits.map((share) => ({
    costCentreId: share.costCentreId,
    percent: share.percent.trim() === '' ? '0' : (normaliseDecimal(share.percent, lang) ?? share.percent),
  })),
});
