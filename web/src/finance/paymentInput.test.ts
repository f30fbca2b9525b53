import { describe, expect, it } from 'vitest';
import { paymentInput, withholding } from './paymentInput';

const parts = [{ invoiceId: 'i', amount: '70' }];
const form = { companyId: 'c', direction: 'IN', date: '2026-03-01', amount: null, currency: 'GEL', advance: false };

describe('a payment', () => {
  it('is as much as it settles, unless it’s said', () => {
    const plain = { companyId: 'c', direction: 'IN', date: '2026-03-01', currency: 'GEL', allocations: parts };
    expect(paymentInput(form, parts, '70.00')).toEqual({ ...plain, amount: '70.00' });
    expect(paymentInput({ ...form, amount: '100' }, parts, '70.00')).toEqual({ ...plain, amount: '100' });
  });

  it('settles nothing as an advance, whatever was typed before', () => {
    const advance = paymentInput({ ...form, advance: true, amount: '100', 'advance.taxCodeId': 'vat' }, parts, '70.00');
    expect(advance).toMatchObject({ amount: '100', advance: { taxCodeId: 'vat' } });
    expect(advance).not.toHaveProperty('allocations');
    const untaxed = paymentInput({ ...form, advance: true, amount: '100', 'advance.taxCodeId': null }, [], '0.00');
    expect(untaxed).toMatchObject({ amount: '100', advance: { taxCodeId: null } });
  });

  it('keeps tax back only where one is chosen', () => {
    const kept = { 'withholding.taxCodeId': 'wht', 'withholding.base': '500', 'withholding.amount': null };
    expect(withholding(kept)).toEqual({ withholding: { taxCodeId: 'wht', base: '500', amount: null } });
    expect(withholding({ 'withholding.taxCodeId': null })).toEqual({});
    const out = paymentInput({ ...form, direction: 'OUT', ...kept }, parts, '70.00');
    expect(out).toMatchObject({ direction: 'OUT', withholding: { taxCodeId: 'wht' } });
    expect(Object.keys(out).filter((name) => name.includes('.'))).toEqual([]);
  });
});
