import { describe, expect, it } from 'vitest';
import {
  costCentreInput,
  costCentreNames,
  costCentresOf,
  inOne,
  leftOf,
  noCostCentre,
  splitOver,
  withAnother,
  without,
} from './costCentreSplits';

const shares = (value: { splits: { costCentreId: string; percent: string }[] }) =>
  value.splits.map(({ costCentreId, percent }) => [costCentreId, percent]);
const marketing = { ...noCostCentre, costCentreId: 'marketing' };

describe('the cost centres of a line', () => {
  it('are sent as they were read', () => {
    const one = costCentresOf({ costCentre: { id: 'office' }, costCentreSplits: [] });
    expect(costCentreInput(one, 'en')).toEqual({ costCentreId: 'office', costCentreSplits: [] });
    expect(costCentreInput(costCentresOf({ costCentre: null }), 'en')).toEqual({ costCentreId: null, costCentreSplits: [] });
    const several = costCentresOf({
      costCentre: null,
      costCentreSplits: [
        { percent: '66.67', costCentre: { id: 'office' } },
        { percent: '33.33', costCentre: { id: 'fleet' } },
      ],
    });
    expect(costCentreInput(several, 'en')).toEqual({
      costCentreId: null,
      costCentreSplits: [
        { costCentreId: 'office', percent: '66.67' },
        { costCentreId: 'fleet', percent: '33.33' },
      ],
    });
  });

  it('are split in halves first, and the first stays when there is one again', () => {
    const value = splitOver(marketing);
    expect(value.costCentreId).toBe('');
    expect(shares(value)).toEqual([
      ['marketing', '50'],
      ['', '50'],
    ]);
    expect(inOne(value)).toEqual(marketing);
  });

  it('get what is left by another share, and are one when one is left', () => {
    const halves = splitOver(marketing);
    const value = withAnother({ ...halves, splits: halves.splits.map((share) => ({ ...share, percent: '33,33' })) }, 'ka');
    expect(shares(value).at(-1)).toEqual(['', '33.34']);
    expect(leftOf(value, 'ka')).toBe(0n);
    expect(shares(withAnother(value, 'ka')).at(-1)).toEqual(['', '']);
    const [first, second, third] = value.splits.map(({ key }) => key);
    const two = without(value, second ?? -1);
    expect(two.splits.map(({ key }) => key)).toEqual([first, third]);
    expect(without(two, third ?? -1)).toEqual(marketing);
  });

  it('are told apart from the whole, in the person’s own decimals', () => {
    const value = (...percents: string[]) => ({
      ...noCostCentre,
      splits: percents.map((percent, key) => ({ key, costCentreId: '', percent })),
    });
    expect(leftOf(value('60', '15.5'), 'en')).toBe(24_500_000n);
    expect(leftOf(value('60,5', '40'), 'ka')).toBe(-500_000n);
    expect(leftOf(value('', 'half'), 'en')).toBe(100_000_000n);
  });

  it('have the names that the server’s errors have', () => {
    expect(costCentreNames(marketing)).toEqual(['costCentreId']);
    expect(costCentreNames(splitOver(marketing))).toEqual([
      'costCentreSplits',
      'costCentreSplits.0.costCentreId',
      'costCentreSplits.0.percent',
      'costCentreSplits.1.costCentreId',
      'costCentreSplits.1.percent',
    ]);
  });
});
