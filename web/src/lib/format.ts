import type { Lang } from './i18n';

export interface MoneyValue {
  amount: string;
  currency: string;
}

export const localeOf = (lang: Lang): string => (lang === 'ka' ? 'ka-GE' : 'en-GB');

const formats = new Map<string, Intl.NumberFormat>();
function numberFormat(lang: Lang, min: number, max: number): Intl.NumberFormat {
  const id = `${lang}/${min}/${max}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.NumberFormat(localeOf(lang), { minimumFractionDigits: min, maximumFractionDigits: max });
    formats.set(id, format);
  }
  return format;
}

/** Exact: the string is formatted digit by digit and never becomes a float. The minus is a real one. */
function formatString(decimal: string, lang: Lang, min: number, max: number): string {
  return numberFormat(lang, min, max)
    .format(decimal as Intl.StringNumericLiteral)
    .replace('-', '\u2212');
}

const digitsByCurrency = new Map<string, number>();
export function currencyDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    try {
      digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      digits = 2;
    }
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

/** "1,200.50 GEL": the code says which dollar it is, in both languages. */
export function formatMoney(money: MoneyValue, lang: Lang): string {
  return `${formatAmount(money.amount, money.currency, lang)}\u00a0${money.currency}`;
}

export function formatAmount(amount: string, currency: string, lang: Lang): string {
  const digits = currencyDigits(currency);
  return formatString(amount, lang, digits, Math.max(digits, 6));
}

export function formatDecimal(decimal: string, lang: Lang, digits = 0): string {
  return formatString(decimal, lang, digits, Math.max(digits, 6));
}

/** "0.9487" → "94.9 %" */
export function formatRate(fraction: string, lang: Lang): string {
  return `${formatString(shiftTwo(fraction), lang, 0, 1)}\u00a0%`;
}

/** Times a hundred, by moving the point. */
function shiftTwo(decimal: string): string {
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const padded = fraction.padEnd(2, '0');
  return `${negative ? '-' : ''}${whole}${padded.slice(0, 2)}.${padded.slice(2) || '0'}`;
}

/** For the axes of charts only, where a pixel is coarser than a float. */
export function formatCompact(value: number, lang: Lang): string {
  return new Intl.NumberFormat(localeOf(lang), { notation: 'compact', maximumFractionDigits: 1 }).format(value).replace('-', '\u2212');
}

const utc = (date: string): Date => new Date(`${date.slice(0, 10)}T00:00:00Z`);

/** A business date; it has no time of day and is shown as it is stored. */
export function formatDate(date: string, lang: Lang): string {
  return new Intl.DateTimeFormat(localeOf(lang), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(utc(date));
}

/** An instant, on the clock of the workspace. */
export function formatInstant(instant: string, lang: Lang, timeZone: string): string {
  return new Intl.DateTimeFormat(localeOf(lang), { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(instant));
}

/** "2026-01", "2026-01-05" or "2026-W03" as reports name periods. */
export function formatPeriod(period: string, lang: Lang): string {
  if (/^\d{4}-\d{2}$/.test(period)) {
    return new Intl.DateTimeFormat(localeOf(lang), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(utc(`${period}-01`));
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(period) ? formatDate(period, lang) : period;
}

export function countryName(code: string, lang: Lang): string {
  try {
    return new Intl.DisplayNames([localeOf(lang)], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}
