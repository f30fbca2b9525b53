import names from '../locales/ka/names.json';

/**
 * Georgian forms of numbers, dates and names. Not every browser has Georgian in its Intl (Chrome hasn't), and one that hasn't falls
 * back to English without a word; so the page brings its own.
 */
const months = ['იან', 'თებ', 'მარ', 'აპრ', 'მაი', 'ივნ', 'ივლ', 'აგვ', 'სექ', 'ოქტ', 'ნოე', 'დეკ'];

/** "1,234.50" as "1 234,50". */
export const georgianNumber = (english: string): string => english.replace(/[,.]/g, (sign) => (sign === ',' ? '\u00a0' : ','));

/** "31 იან. 2026", or without the day "იან. 2026". */
export function georgianDate(year: string, month: number, day?: number): string {
  const name = `${months[month - 1] ?? ''}. ${year}`;
  return day === undefined ? name : `${day} ${name}`;
}

export function georgianCompact(value: number): string {
  const abs = Math.abs(value);
  const [unit, divisor] = abs >= 1e9 ? ['\u00a0მლრდ', 1e9] : abs >= 1e6 ? ['\u00a0მლნ', 1e6] : abs >= 1e3 ? ['\u00a0ათ.', 1e3] : ['', 1];
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(value / divisor).replace('.', ',')}${unit}`;
}

export const georgianCountry = (code: string): string => (names.country as Record<string, string>)[code] ?? code;
export const georgianCurrency = (code: string): string => (names.currency as Record<string, string>)[code] ?? '';
