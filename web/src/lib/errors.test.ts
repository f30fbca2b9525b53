import { describe, expect, it } from 'vitest';
import { ApiError, fieldPath, networkError, placeError, toApiError } from './errors';

describe('errors of the API', () => {
  it('keep the code, the field and the message', () => {
    const error = toApiError({ message: 'Too long', extensions: { code: 'INVALID_INPUT', field: 'name' } });
    expect([error.code, error.field, error.message]).toEqual(['INVALID_INPUT', 'name', 'Too long']);
  });
  it('are internal when the code is unknown or missing', () => {
    expect(toApiError({ message: 'x' }).code).toBe('INTERNAL');
    expect(toApiError({ message: 'x', extensions: { code: 'EXPLODED' } }).code).toBe('INTERNAL');
  });
  it('tell a throttled answer from one that never came', () => {
    expect(networkError(429).code).toBe('RATE_LIMITED');
    expect(networkError().code).toBe('NETWORK');
  });
  it('find their field, whatever way it is written', () => {
    expect(fieldPath('input.lines[2].unitPrice')).toBe('lines.2.unitPrice');
    expect(fieldPath('unitPrice')).toBe('unitPrice');
  });
  it('stand beside the field when the form has it, else at its foot', () => {
    const error = new ApiError('INVALID_INPUT', 'Unknown', 'company');
    expect(placeError(error, ['companyId']).fields).toEqual({ companyId: 'Unknown' });
    expect(placeError(error, ['name'])).toEqual({ fields: {}, form: error });
    expect(placeError(new ApiError('CONFLICT', ''), ['name']).form?.code).toBe('CONFLICT');
  });
});
