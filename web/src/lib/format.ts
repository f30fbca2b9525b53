import { georgianCompact, georgianCountry, georgianCurrency, georgianDate, georgianNumber } from './georgian';
import type { Lang } from './i18n';

export interface MoneyValue {
  amount: string;
  currency: string;
}

const LOCALE = 'en-GB';

const formats = new Map<string, Intl.NumberFormat>();
function numberFormat(min: number, max: number): Intl.NumberFormat {
  const id = `${min}/${max}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: min, maximumFractionDigits: max });
    formats.set(id, format);
  }
  return format;
}

/** Exact: the string is formatted digit by digit and never becomes a float. The minus is a real one. */
function formatString(decimal: string, lang: Lang, min: number, max: number): string {
  const text = numberFormat(min, max)
    .format(decimal as Intl.StringNumericLiteral)
    .replace('-', '\u2212');
  return lang === 'ka' ? georgianNumber(text) : text;
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

/** "0.9487" → "94.9 %"; in a column all have as many digits. */
export function formatRate(fraction: string, lang: Lang, digits = 0): string {
  return `${formatString(shiftTwo(fraction), lang, digits, Math.max(digits, 1))}\u00a0%`;
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
  const text =
    lang === 'ka' ? georgianCompact(value) : new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
  return text.replace('-', '\u2212');
}

const utc = (date: string): Date => new Date(`${date.slice(0, 10)}T00:00:00Z`);

/** A business date; it has no time of day and is shown as it is stored. */
export function formatDate(date: string, lang: Lang): string {
  if (lang === 'ka') return georgianDate(date.slice(0, 4), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(utc(date));
}

/** An instant, on the clock of the workspace. */
export function formatInstant(instant: string, lang: Lang, timeZone: string): string {
  const at = new Date(instant);
  if (lang === 'en') return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
  const day = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(at);
  const time = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone }).format(at);
  return `${formatDate(day, lang)}, ${time}`;
}

/** "2026-01", "2026-01-05", "2026-Q1", "2026-W03" or "2026", as reports name periods. */
export function formatPeriod(period: string, lang: Lang): string {
  const [, year = '', kind, number = ''] = /^(\d{4})-([QW])(\d+)$/.exec(period) ?? [];
  if (kind === 'Q') return lang === 'ka' ? `${'I'.repeat(Number(number)).replace('IIII', 'IV')} კვ. ${year}` : `Q${number} ${year}`;
  if (kind === 'W') return lang === 'ka' ? `კვირა ${Number(number)}, ${year}` : `Week ${Number(number)}, ${year}`;
  if (/^\d{4}-\d{2}$/.test(period)) {
    if (lang === 'ka') return georgianDate(period.slice(0, 4), Number(period.slice(5, 7)));
    return new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(utc(`${period}-01`));
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(period) ? formatDate(period, lang) : period;
}

export function countryName(code: string, lang: Lang): string {
  if (lang === 'ka') return georgianCountry(code);
  try {
    return new Intl.DisplayNames([LOCALE], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function currencyName(code: string, lang: Lang): string {
  return lang === 'ka' ? georgianCurrency(code) : (new Intl.DisplayNames([LOCALE], { type: 'currency' }).of(code) ?? '');
}
