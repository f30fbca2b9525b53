import { sum, toMicros } from '../lib/decimal';

export interface TreeAccount {
  id: string;
  code: string;
  name: string;
  isGroup: boolean;
  parent?: { id: string } | null;
  balance: { amount: string };
}

export interface Branch<A> {
  account: A;
  depth: number;
  /** What stands on it and on all that it holds, in 10⁻⁶: debit positive. */
  total: bigint;
}

/** The chart as a tree, each group before what it holds, by code; with words, what has them and the groups above. */
export function branches<A extends TreeAccount>(accounts: readonly A[], words: string): Branch<A>[] {
  const known = new Set(accounts.map((account) => account.id));
  const below = new Map<string | null, A[]>();
  for (const account of accounts) {
    // What hangs on a group that isn't shown stands at the top.
    const parent = account.parent && known.has(account.parent.id) ? account.parent.id : null;
    below.set(parent, [...(below.get(parent) ?? []), account]);
  }
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (account: A) => wanted.every((word) => `${account.code} ${account.name}`.toLowerCase().includes(word));
  const walk = (parent: string | null, depth: number, all: boolean): Branch<A>[] =>
    [...(below.get(parent) ?? [])]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .flatMap((account) => {
        const hit = all || found(account);
        const inner = walk(account.id, depth + 1, hit && wanted.length > 0);
        return hit || inner.length > 0 ? [{ account, depth, total: total(account) }, ...inner] : [];
      });
  const total = (account: A): bigint => sum([toMicros(account.balance.amount), ...(below.get(account.id) ?? []).map(total)]);
  return walk(null, 0, wanted.length === 0);
}
