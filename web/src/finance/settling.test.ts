import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { allocationsOf, appliedOf, checkTyped, sentNames, sentOf, typedError, type OpenItem } from './settling';

const item = (id: string, amount: string, currency = 'GEL', as: OpenItem['as'] = 'invoiceId'): OpenItem => ({
  id,
  as,
  name: id,
  dueDate: '2026-03-31',
  due: { amount, currency },
});
const items = [item('a', '100.00'), item('b', '80.00', 'USD'), item('c', '50.00', 'GEL', 'billId')];
const t = ((key: string) => key) as TFunction;

describe('what settles open items', () => {
  it('is what is typed, in the order in which it is shown', () => {
    const typed = { c: { amount: '20', paid: '' }, a: { amount: '1,000.5', paid: '' }, b: { amount: ' ', paid: '' } };
    expect(allocationsOf(items, typed, 'GEL', 'en')).toEqual([
      { invoiceId: 'a', amount: '1000.5' },
      { billId: 'c', amount: '20' },
    ]);
    expect(appliedOf(items, typed, 'GEL', 'en')).toBe('1020.50');
  });

  it('says of another currency how much of each', () => {
    const typed = { a: { amount: '10', paid: '7' }, b: { amount: '80', paid: '216,40' } };
    expect(allocationsOf(items, typed, 'GEL', 'ka')).toEqual([
      { invoiceId: 'a', amount: '10' },
      { invoiceId: 'b', amount: '80', paidAmount: '216.40' },
    ]);
    expect(appliedOf(items, typed, 'GEL', 'ka')).toBe('226.40');
  });

  it('leaves it to the server to ask for the other amount, and adds no other currency up', () => {
    const typed = { b: { amount: '80', paid: '' } };
    expect(allocationsOf(items, typed, 'GEL', 'en')).toEqual([{ invoiceId: 'b', amount: '80' }]);
    expect(appliedOf(items, typed, 'GEL', 'en')).toBe('0.00');
    expect(checkTyped(items, typed, 'GEL', 'en', t)).toEqual({});
  });

  it('takes nothing for granted that can’t be read', () => {
    const typed = { a: { amount: '12x', paid: '?' }, b: { amount: '', paid: '5' }, c: { amount: '5', paid: '' } };
    expect(checkTyped(items, typed, 'GEL', 'en', t)).toEqual({ 'a.amount': 'form.notANumber', 'b.amount': 'form.required' });
    expect(checkTyped(items, { b: { amount: '5', paid: '?' } }, 'GEL', 'en', t)).toEqual({ 'b.paid': 'form.notANumber' });
  });

  it('forgets what is typed of others than those that are shown', () => {
    const typed = { gone: { amount: '5', paid: '' } };
    expect(allocationsOf(items, typed, 'GEL', 'en')).toEqual([]);
    expect(sentOf(items, typed, 'GEL')).toEqual([]);
  });

  it('shows the server’s word at its own place, whatever is typed before it meanwhile', () => {
    const sent = sentOf(items, { b: { amount: '80', paid: '' }, c: { amount: '60', paid: '' } }, 'GEL');
    expect(sentNames(sent)).toEqual([
      'allocations',
      'allocations.0.invoiceId',
      'allocations.0.amount',
      'allocations.0.paidAmount',
      'allocations.1.billId',
      'allocations.1.amount',
      'allocations.1.paidAmount',
    ]);
    const errors = { 'allocations.0.paidAmount': 'How much GEL?', 'allocations.1.billId': 'Nothing is due' };
    const said = (name: 'amount' | 'paid') => items.map((of) => typedError({ wrong: {}, errors, sent }, of, name));
    expect(said('paid')).toEqual([undefined, 'How much GEL?', undefined]);
    expect(said('amount')).toEqual([undefined, undefined, 'Nothing is due']);
    expect(typedError({ wrong: { 'a.amount': 'No number' }, errors, sent }, item('a', '1'), 'amount')).toBe('No number');
  });
});
