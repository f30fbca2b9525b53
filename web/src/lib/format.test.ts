import { describe, expect, it } from 'vitest';
import { fractionToPercent, fromMicros, isNegative, multiply, normaliseDecimal, percentToFraction, roundTo, toMicros } from './decimal';
import {
  currencyDigits,
  formatAmount,
  formatCompact,
  formatDate,
  formatDecimal,
  formatInstant,
  formatMoney,
  formatPeriod,
  formatRate,
} from './format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('keeps every digit of amounts that a float would lose', () => {
    expect(plain(formatMoney({ amount: '922337203685477.58', currency: 'GEL' }, 'en'))).toBe('922,337,203,685,477.58 GEL');
  });
  it('shows the minor digits of the currency, and more only where there are more', () => {
    expect(formatAmount('1200.5', 'GEL', 'en')).toBe('1,200.50');
    expect(formatAmount('1200', 'JPY', 'en')).toBe('1,200');
    expect(formatAmount('0.125', 'USD', 'en')).toBe('0.125');
    expect(currencyDigits('KWD')).toBe(3);
    expect(currencyDigits('not a currency')).toBe(2);
  });
  it('writes a real minus', () => {
    expect(formatAmount('-12.30', 'EUR', 'en')).toBe('−12.30');
  });
  it('writes as Georgian does', () => {
    expect(plain(formatMoney({ amount: '1265793.29', currency: 'USD' }, 'ka'))).toBe('1 265 793,29 USD');
  });
  it('writes as Georgian does on axes', () => {
    expect(plain(formatCompact(-30000, 'ka'))).toBe('−30 ათ.');
    expect(plain(formatCompact(1250000, 'ka'))).toBe('1,3 მლნ');
  });
  it('tells rates as percentages without computing in floats', () => {
    expect(plain(formatRate('0.9487', 'en'))).toBe('94.9 %');
    expect(plain(formatRate('-0.9167', 'en'))).toBe('−91.7 %');
    expect(plain(formatRate('1', 'en'))).toBe('100 %');
    expect(plain(formatRate('0.57', 'en', 1))).toBe('57.0 %');
    expect(plain(formatRate('0.005', 'en'))).toBe('0.5 %');
  });
  it('formats quantities as they are', () => {
    expect(formatDecimal('7.500000', 'en')).toBe('7.5');
  });
});

describe('dates', () => {
  it('shows a business date as stored, whatever the zone of the machine', () => {
    expect(formatDate('2026-01-31', 'en')).toBe('31 Jan 2026');
    expect(formatDate('2026-01-31', 'ka')).toBe('31 იან. 2026');
  });
  it('shows an instant on the clock of the workspace', () => {
    expect(formatInstant('2026-01-31T21:30:00Z', 'en', 'Asia/Tbilisi')).toBe('1 Feb 2026, 01:30');
    expect(formatInstant('2026-01-31T21:30:00Z', 'ka', 'Asia/Tbilisi')).toBe('1 თებ. 2026, 01:30');
  });
  it('names months of reports', () => {
    expect(formatPeriod('2026-02', 'en')).toBe('Feb 2026');
    expect(formatPeriod('2026-02-03', 'en')).toBe('3 Feb 2026');
    expect(formatPeriod('2026-12', 'ka')).toBe('დეკ. 2026');
    expect(formatPeriod('1998-Q4', 'en')).toBe('Q4 1998');
    expect(formatPeriod('1998-Q4', 'ka')).toBe('IV კვ. 1998');
    expect(formatPeriod('1998-W03', 'en')).toBe('Week 3, 1998');
    expect(formatPeriod('1998', 'en')).toBe('1998');
  });
});

describe('decimals that people type', () => {
  it.each([
    ['1,234.50', 'en', '1234.50'],
    ['1234,5', 'en', '1234.5'],
    ['1,234', 'en', '1234'],
    ['2,7215', 'en', '2.7215'],
    ['1 234,50', 'ka', '1234.50'],
    ['1.5', 'ka', '1.5'],
    ['−3', 'en', '-3'],
    ['.5', 'en', '0.5'],
  ] as const)('%s (%s) is %s', (typed, lang, expected) => {
    expect(normaliseDecimal(typed, lang)).toBe(expected);
  });
  it.each(['', 'abc', '1..2', '1-2'])('%s is no number', (typed) => {
    expect(normaliseDecimal(typed, 'en')).toBeNull();
  });
  it('multiplies and rounds half away from zero', () => {
    expect(fromMicros(roundTo(multiply(toMicros('3'), toMicros('0.335')), 2), 2)).toBe('1.01');
    expect(fromMicros(roundTo(toMicros('-0.005'), 2), 2)).toBe('-0.01');
  });
  it('turns percentages into fractions and back', () => {
    expect(percentToFraction('18')).toBe('0.18');
    expect(fractionToPercent('0.18')).toBe('18');
    expect(fractionToPercent('1')).toBe('100');
  });
  it('knows a negative zero for zero', () => {
    expect(isNegative('-0.00')).toBe(false);
    expect(isNegative('-0.01')).toBe(true);
  });
});
