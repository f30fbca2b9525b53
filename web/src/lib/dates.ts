/** Calendar arithmetic on "YYYY-MM-DD"; no clock of this machine is asked. */
export interface Period {
  from: string;
  to: string;
}

const iso = (date: Date): string => date.toISOString().slice(0, 10);
const at = (year: number, month: number, day: number): string => iso(new Date(Date.UTC(year, month, day)));
const parts = (date: string): [number, number, number] => [
  Number(date.slice(0, 4)),
  Number(date.slice(5, 7)) - 1,
  Number(date.slice(8, 10)),
];

export const isDate = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && iso(new Date(text)) === text;

export function addDays(date: string, days: number): string {
  const [y, m, d] = parts(date);
  return at(y, m, d + days);
}

export function addMonths(date: string, months: number): string {
  const [y, m, d] = parts(date);
  const last = Number(at(y, m + months + 1, 0).slice(8, 10));
  return at(y, m + months, Math.min(d, last));
}

export const monthStart = (date: string): string => `${date.slice(0, 7)}-01`;
export function monthEnd(date: string): string {
  const [y, m] = parts(date);
  return at(y, m + 1, 0);
}
/** The Monday on or before. */
export function weekStart(date: string): string {
  const [y, m, d] = parts(date);
  return addDays(date, -((new Date(Date.UTC(y, m, d)).getUTCDay() + 6) % 7));
}

export const presets = ['yearToDate', 'thisMonth', 'lastMonth', 'thisQuarter', 'thisYear', 'lastYear', 'last12Months'] as const;
export type Preset = (typeof presets)[number];

export function presetPeriod(preset: Preset, today: string): Period {
  const [y, m] = parts(today);
  switch (preset) {
    case 'yearToDate':
      return { from: at(y, 0, 1), to: today };
    case 'thisMonth':
      return { from: monthStart(today), to: monthEnd(today) };
    case 'lastMonth': {
      const day = addMonths(monthStart(today), -1);
      return { from: day, to: monthEnd(day) };
    }
    case 'thisQuarter': {
      const first = Math.floor(m / 3) * 3;
      return { from: at(y, first, 1), to: at(y, first + 3, 0) };
    }
    case 'thisYear':
      return { from: at(y, 0, 1), to: at(y, 11, 31) };
    case 'lastYear':
      return { from: at(y - 1, 0, 1), to: at(y - 1, 11, 31) };
    case 'last12Months':
      return { from: addMonths(monthStart(today), -11), to: today };
  }
}

/** The period that the address names, or the year to date. */
export function readPeriod(params: URLSearchParams, today: string): Period & { preset: Preset | null } {
  const from = params.get('from');
  const to = params.get('to');
  if (isDate(from) && isDate(to) && from <= to) {
    const preset = presets.find((name) => {
      const period = presetPeriod(name, today);
      return period.from === from && period.to === to;
    });
    return { from, to, preset: preset ?? null };
  }
  return { ...presetPeriod('yearToDate', today), preset: 'yearToDate' };
}
