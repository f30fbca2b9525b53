import { describe, expect, it } from 'vitest';
import { inTree } from './tree';

describe('cost centres in a tree', () => {
  it('follow what they are a part of', () => {
    const node = (id: string, parent: string | null) => ({ id, parent: parent === null ? null : { id: parent } });
    const shown = inTree([node('b', 'a'), node('c', null), node('a', null), node('d', 'b'), node('e', 'elsewhere')]);
    expect(shown.map(({ id, depth }) => [id, depth])).toEqual([
      ['c', 0],
      ['a', 0],
      ['b', 1],
      ['d', 2],
      ['e', 0],
    ]);
  });
});
