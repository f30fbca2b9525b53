import { describe, expect, it } from 'vitest';
import en from '../locales/en/finance.json';
import ka from '../locales/ka/finance.json';
import { kinds, sample } from './openingSample';

const rows = sample
  .trim()
  .split('\n')
  .map((line) => line.split(','));

describe('the sample of opening balances', () => {
  it('has a row of every kind, each with a value for every column', () => {
    expect(new Set(rows.slice(1).map(([kind]) => kind))).toEqual(new Set(kinds));
    for (const row of rows) expect(row).toHaveLength(11);
  });

  it('is told in both languages', () => {
    for (const { opening } of [en, ka]) expect(Object.keys(opening.kinds)).toEqual([...kinds]);
  });
});
