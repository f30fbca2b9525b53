import { describe, expect, it } from 'vitest';
import { branches } from './accountTree';

const account = (code: string, parent: string | null, amount = '0', isGroup = false) => ({
  id: code,
  code,
  name: `Account ${code}`,
  isGroup,
  parent: parent === null ? null : { id: parent },
  balance: { amount },
});

const chart = [
  account('1210', '1200', '5.50'),
  account('1200', '1000', '0', true),
  account('1000', null, '0', true),
  account('1110', '1000', '-2'),
  account('9000', 'archived'),
];

describe('the chart of accounts', () => {
  it('is a tree whose groups have what they hold', () => {
    const rows = branches(chart, '').map(({ account: { code }, depth, total }) => [code, depth, Number(total) / 1e6]);
    expect(rows).toEqual([
      ['1000', 0, 3.5],
      ['1110', 1, -2],
      ['1200', 1, 5.5],
      ['1210', 2, 5.5],
      ['9000', 0, 0],
    ]);
  });
  it('keeps the groups above what is searched, and all in a group that is found', () => {
    expect(branches(chart, '1210').map((row) => row.account.code)).toEqual(['1000', '1200', '1210']);
    expect(branches(chart, 'account 1200').map((row) => row.account.code)).toEqual(['1000', '1200', '1210']);
    expect(branches(chart, 'nothing')).toEqual([]);
  });
});
