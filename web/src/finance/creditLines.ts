import type { CreditLineInput, InvoiceQuery } from '../gql';
import { isNegative, isZero, normaliseDecimal } from '../lib/decimal';
import type { Lang } from '../lib/i18n';

type Billed = Pick<InvoiceQuery['invoice']['lines'][number], 'id' | 'description' | 'service' | 'net' | 'serviceFrom' | 'serviceTo'>;

/** What is credited of a line of an invoice, as the form holds it: what is empty means all of it. */
export interface CreditLine {
  of: Billed;
  chosen: boolean;
  net: string;
  serviceFrom: string;
  serviceTo: string;
}

/** All of every line at first. What cost nothing can't be credited. */
export const creditLinesOf = (lines: readonly Billed[]): CreditLine[] =>
  lines
    .filter(({ net }) => !isZero(net.amount) && !isNegative(net.amount))
    .map((of) => ({ of, chosen: true, net: '', serviceFrom: '', serviceTo: '' }));

export const creditLineName = ({ service, description }: Billed): string =>
  [...new Set([service?.name, description])].filter(Boolean).join(', ');

const isWhole = ({ chosen, net, serviceFrom, serviceTo }: CreditLine): boolean =>
  chosen && `${net}${serviceFrom}${serviceTo}`.trim() === '';

/**
 * What is sent. Null where all of the invoice is meant: then the server takes what is left of each line, while a line that is named
 * and credited already would be refused.
 */
export const creditInput = (lines: readonly CreditLine[], lang: Lang): CreditLineInput[] | null =>
  lines.every(isWhole) ? null : lines.filter(({ chosen }) => chosen).map((line) => lineInput(line, lang));

/** The API takes both days or neither: the one that isn't given is the line's own. */
function lineInput({ of, net, serviceFrom, serviceTo }: CreditLine, lang: Lang): CreditLineInput {
  const days =
    serviceFrom === '' && serviceTo === '' ? {} : { serviceFrom: serviceFrom || of.serviceFrom, serviceTo: serviceTo || of.serviceTo };
  return { lineId: of.id, net: net.trim() === '' ? null : (normaliseDecimal(net, lang) ?? net), ...days };
}

type CreditName = 'lineId' | 'net' | 'serviceFrom' | 'serviceTo';
const names: readonly CreditName[] = ['lineId', 'net', 'serviceFrom', 'serviceTo'];

/** The names under which the API speaks of the lines: it counts those that were sent. */
export const creditNames = (sent: readonly string[]): string[] => sent.flatMap((_, place) => names.map((name) => `lines.${place}.${name}`));

/** What the server said of a line, which keeps its error when others are left out meanwhile. */
export const creditError =
  (errors: { [name: string]: string }, sent: readonly string[], { of, chosen }: CreditLine) =>
  (name: CreditName): string | undefined =>
    chosen ? errors[`lines.${sent.indexOf(of.id)}.${name}`] : undefined;
