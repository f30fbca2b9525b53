import { describe, expect, it } from 'vitest';
import { parseTyped } from '../ui/DateField';
import { addDays, addMonths, isDate, monthEnd, presetPeriod, readPeriod, weekStart } from './dates';

describe('calendar', () => {
  it('adds days and months over their ends', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
    expect(monthEnd('2028-02-10')).toBe('2028-02-29');
  });
  it('begins weeks on Monday', () => {
    expect(weekStart('2026-11-29')).toBe('2026-11-23');
    expect(weekStart('2026-11-23')).toBe('2026-11-23');
  });
  it('refuses days that are none', () => {
    expect(isDate('2026-02-30')).toBe(false);
    expect(isDate('soon')).toBe(false);
  });
  it('reads typed dates day first', () => {
    expect(parseTyped('3/2/2026')).toBe('2026-02-03');
    expect(parseTyped('31.12.2026')).toBe('2026-12-31');
    expect(parseTyped('2026-12-31')).toBe('2026-12-31');
    expect(parseTyped('31.02.2026')).toBeNull();
    expect(parseTyped('soon')).toBeNull();
  });
});

describe('period of a report', () => {
  const today = '2026-11-24';
  it('is the year to date unless the address says otherwise', () => {
    expect(readPeriod(new URLSearchParams(), today)).toEqual({ from: '2026-01-01', to: today, preset: 'yearToDate' });
    expect(readPeriod(new URLSearchParams('from=1996-01-01&to=1998-12-31'), today)).toEqual({
      from: '1996-01-01',
      to: '1998-12-31',
      preset: null,
    });
  });
  it('falls back when the address makes no sense', () => {
    expect(readPeriod(new URLSearchParams('from=2026-05-01&to=2026-04-01'), today).preset).toBe('yearToDate');
    expect(readPeriod(new URLSearchParams('from=yesterday&to=2026-04-01'), today).preset).toBe('yearToDate');
  });
  it('knows the usual ones by name', () => {
    expect(presetPeriod('thisQuarter', today)).toEqual({ from: '2026-10-01', to: '2026-12-31' });
    expect(presetPeriod('lastMonth', '2026-01-10')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(readPeriod(new URLSearchParams('from=2025-01-01&to=2025-12-31'), today).preset).toBe('lastYear');
  });
});
