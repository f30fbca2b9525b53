import { describe, expect, it } from 'vitest';
import { cellKey, weekChanges, weekRows, type Entry } from './weekGrid';

const project = { id: 'p', name: 'Audit' };
const days = ['2026-11-23', '2026-11-24'];
const entry = (over: Partial<Entry>): Entry => ({
  id: 'e',
  version: 3,
  date: '2026-11-23',
  hours: '7.500000',
  status: 'DRAFT',
  project,
  ...over,
});

describe('a week of time', () => {
  it('has a row per project and a cell per day', () => {
    const [row] = weekRows([entry({})], days, []);
    expect(row?.cells.map((cell) => [cell.hours, cell.open])).toEqual([
      ['7.5', true],
      ['', true],
    ]);
  });
  it('locks what is approved or is more than one entry', () => {
    expect(weekRows([entry({ status: 'APPROVED' })], days, [])[0]?.cells[0]?.open).toBe(false);
    expect(weekRows([entry({}), entry({ id: 'f' })], days, [])[0]?.cells[0]).toMatchObject({ open: false, hours: '15' });
  });
  it('tells the server only what changed', () => {
    const rows = weekRows([entry({})], days, []);
    const typed = (first: string, second: string) =>
      weekChanges(rows, { [cellKey('p', days[0] ?? '')]: first, [cellKey('p', days[1] ?? '')]: second }, 'ka');
    expect(typed('7,5', '')).toEqual([]);
    expect(typed('8', '1,5')).toEqual([
      { kind: 'update', key: 'p/2026-11-23', id: 'e', version: 3, hours: '8' },
      { kind: 'create', key: 'p/2026-11-24', projectId: 'p', date: '2026-11-24', hours: '1.5' },
    ]);
    expect(typed('', '0')).toEqual([{ kind: 'archive', key: 'p/2026-11-23', id: 'e', version: 3 }]);
  });
});
