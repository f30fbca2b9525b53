import { describe, expect, it } from 'vitest';
import { allPages } from './pages';

const list = (pages: number[][]) => {
  const asked: (string | null)[] = [];
  const read = (after: string | null) => {
    asked.push(after);
    const place = Number(after ?? 0);
    const hasNextPage = place + 1 < pages.length;
    return Promise.resolve({ nodes: pages[place] ?? [], pageInfo: { hasNextPage, endCursor: String(place + 1) } });
  };
  return { asked, read };
};

describe('a list of several pages', () => {
  it('is read to its end', async () => {
    const { asked, read } = list([[1, 2], [3, 4], [5]]);
    expect(await allPages(read, 100)).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toEqual([null, '1', '2']);
  });

  it('may be empty', async () => {
    expect(await allPages(list([[]]).read, 100)).toEqual([]);
  });

  it('is read no further than is wanted', async () => {
    const { asked, read } = list([[1, 2], [3, 4], [5]]);
    expect(await allPages(read, 3)).toEqual([1, 2, 3]);
    expect(asked).toEqual([null, '1']);
  });
});
