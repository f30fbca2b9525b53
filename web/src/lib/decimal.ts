/** Exact decimals for what a form adds up before the server does: integers of 10⁻⁶. */
const SCALE = 6;
const ONE = 10n ** BigInt(SCALE);

/** What a person typed, as a plain decimal string, or null when it isn't a number. In Georgian the comma is the decimal sign. */
export function normaliseDecimal(text: string, lang: 'en' | 'ka'): string | null {
  const bare = text.replace(/[\s\u00a0\u202f']/g, '').replace(/\u2212/g, '-');
  const decimalComma = lang === 'ka' ? !bare.includes('.') : /^-?\d+,(\d{1,2}|\d{4,})$/.test(bare);
  const plain = decimalComma ? bare.replace(',', '.') : bare.replace(/,/g, '');
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? plain.replace(/\.$/, '').replace(/^(-?)\./, '$10.') : null;
}

export function toMicros(decimal: string): bigint {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(decimal);
  if (!match) return 0n;
  const fraction = (match[3] ?? '').slice(0, SCALE).padEnd(SCALE, '0');
  const value = BigInt(match[2] === '' ? '0' : (match[2] ?? '0')) * ONE + BigInt(fraction);
  return match[1] === '-' ? -value : value;
}

export function fromMicros(micros: bigint, digits: number = SCALE): string {
  const rounded = roundTo(micros, digits);
  const abs = rounded < 0n ? -rounded : rounded;
  const fraction = (abs % ONE).toString().padStart(SCALE, '0').slice(0, digits);
  const whole = (abs / ONE).toString();
  return `${rounded < 0n ? '-' : ''}${whole}${digits > 0 ? `.${fraction}` : ''}`;
}

/** Half away from zero, as the server rounds. */
export function roundTo(micros: bigint, digits: number): bigint {
  const step = 10n ** BigInt(SCALE - Math.min(digits, SCALE));
  const half = step / 2n;
  return micros >= 0n ? ((micros + half) / step) * step : -((-micros + half) / step) * step;
}

export const multiply = (a: bigint, b: bigint): bigint => (a * b) / ONE;
export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
export const isNegative = (decimal: string): boolean => decimal.startsWith('-') && /[1-9]/.test(decimal);
/** The same amount on the other side. */
export const negate = (decimal: string): string => (isZero(decimal) ? decimal : decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`);
export const isZero = (decimal: string): boolean => !/[1-9]/.test(decimal);

/** "0.18" → "18", for percentages in forms. */
export const fractionToPercent = (fraction: string): string => trim(fromMicros(toMicros(fraction) * 100n));
/** "18" → "0.18". */
export const percentToFraction = (percent: string): string => trim(fromMicros(toMicros(percent) / 100n));

/** Without the zeros at its end that say nothing. */
export function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
