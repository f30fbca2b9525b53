import { describe, expect, it } from 'vitest';
import { creditError, creditInput, creditLineName, creditLinesOf, creditNames, type CreditLine } from './creditLines';

const billed = (id: string, amount = '1200.00', days: [string, string] | null = null): CreditLine['of'] => ({
  id,
  description: id,
  service: null,
  net: { amount, currency: 'GEL' },
  serviceFrom: days?.[0] ?? null,
  serviceTo: days?.[1] ?? null,
});
const year = billed('year', '1200.00', ['2026-01-01', '2026-12-31']);
const three = creditLinesOf([billed('first'), year, billed('last')]);
const change = (id: string, patch: Partial<CreditLine>, lines = three) =>
  lines.map((line) => (line.of.id === id ? { ...line, ...patch } : line));

describe('the lines of a credit note', () => {
  it('are all chosen at first, but for those that cost nothing', () => {
    const lines = creditLinesOf([billed('one'), billed('free', '0.00')]);
    expect(lines.map(({ of, chosen }) => [of.id, chosen])).toEqual([['one', true]]);
  });

  it('are called by their service and what else is said', () => {
    const service = { id: 's', name: 'Support' };
    expect(creditLineName({ ...year, service, description: 'Support' })).toBe('Support');
    expect(creditLineName({ ...year, service, description: 'Year 2026' })).toBe('Support, Year 2026');
    expect(creditLineName({ ...year, service, description: null })).toBe('Support');
  });

  it('aren’t named where all of the invoice is meant', () => {
    expect(creditInput(three, 'en')).toBeNull();
    expect(creditInput(change('first', { net: ' ' }), 'en')).toBeNull();
  });

  it('are named once one of them is left out or credited in part', () => {
    expect(creditInput(change('first', { chosen: false }), 'en')).toEqual([
      { lineId: 'year', net: null },
      { lineId: 'last', net: null },
    ]);
    expect(creditInput(change('last', { net: 'half' }), 'en')?.at(-1)).toEqual({ lineId: 'last', net: 'half' });
    expect(creditInput(change('last', { net: '200,5' }), 'ka')?.at(-1)).toEqual({ lineId: 'last', net: '200.5' });
    const noneLeft = three.map((line) => ({ ...line, chosen: false }));
    expect(creditInput(noneLeft, 'en')).toEqual([]);
  });

  it('have both days or none of them: what isn’t given is the line’s own', () => {
    const days = (patch: Partial<CreditLine>) => creditInput(change('year', patch), 'en')?.[1];
    expect(days({ serviceFrom: '2026-07-01' })).toEqual({
      lineId: 'year',
      net: null,
      serviceFrom: '2026-07-01',
      serviceTo: '2026-12-31',
    });
    expect(days({ serviceTo: '2026-03-31', net: '300' })).toEqual({
      lineId: 'year',
      net: '300',
      serviceFrom: '2026-01-01',
      serviceTo: '2026-03-31',
    });
  });

  it('show the server’s word at their own place, whatever is left out before or after', () => {
    const lines = change('first', { chosen: false });
    const sent = (creditInput(lines, 'en') ?? []).map(({ lineId }) => lineId);
    expect(creditNames(sent)).toContain('lines.1.serviceTo');
    expect(creditNames(sent)).toHaveLength(8);
    const errors = { 'lines.1.net': 'Too much' };
    const said = (of: CreditLine[]) => of.map((line) => creditError(errors, sent, line)('net'));
    expect(said(lines)).toEqual([undefined, undefined, 'Too much']);
    expect(said(change('year', { chosen: false }, lines))).toEqual([undefined, undefined, 'Too much']);
    expect(said(change('last', { chosen: false }, lines))).toEqual([undefined, undefined, undefined]);
  });
});
