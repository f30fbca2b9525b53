import { describe, expect, it } from 'vitest';
import { en, ka } from '../locales';
import { allowed, areas, links } from './navigation';

const pages = areas.flatMap((area) => area.items.flatMap(links).map((page) => ({ area, ...page })));

describe('the navigation', () => {
  it('names everything in both languages', () => {
    const names = areas.flatMap((area) => [
      area.name,
      ...area.items.flatMap((item) => [item.name, ...links(item).map(({ name }) => name)]),
    ]);
    for (const texts of [en.nav, ka.nav]) expect(names.filter((name) => !(name in texts))).toEqual([]);
  });

  it('has each page once, in its own area', () => {
    const addresses = pages.map(({ to }) => to);
    expect(addresses).toEqual([...new Set(addresses)]);
    expect(pages.filter(({ area, to }) => `${to}/`.startsWith(`${area.path}/`)).length).toBe(pages.length);
  });

  it('leaves out what one may not open, and groups that are empty then', () => {
    const finance = areas.find(({ name }) => name === 'finance')?.items ?? [];
    const may = allowed(finance, ({ needs }) => needs === 'INVOICES_READ' || needs === 'EXPENSES_OWN');
    expect(may.map((item) => [item.name, links(item).map(({ name }) => name)])).toEqual([
      ['invoicing', ['invoices', 'recurringInvoices']],
      ['myExpenses', ['myExpenses']],
    ]);
  });
});
