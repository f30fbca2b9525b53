export type ErrorCode =
  'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID_INPUT' | 'CONFLICT' | 'RATE_LIMITED' | 'QUOTA_EXCEEDED' | 'INTERNAL' | 'NETWORK';

export interface ResponseError {
  message: string;
  extensions?: { code?: unknown; field?: unknown };
}

const codes: readonly string[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
];

export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function toApiError(error: ResponseError): ApiError {
  const code = error.extensions?.code;
  const field = error.extensions?.field;
  return new ApiError(
    typeof code === 'string' && codes.includes(code) ? (code as ErrorCode) : 'INTERNAL',
    error.message,
    typeof field === 'string' && field !== '' ? field : null,
  );
}

/** No readable answer: the message is the page's own, by the code. */
export function networkError(status?: number): ApiError {
  return new ApiError(status === 429 ? 'RATE_LIMITED' : 'NETWORK', '');
}

/** The server names fields like `input.lines[2].unitPrice`, `lines.2.unitPrice` or `unitPrice`; forms know `lines.2.unitPrice`. */
export function fieldPath(field: string): string {
  return field.replace(/^input\./, '').replace(/\[(\d+)\]/g, '.$1');
}

/** Puts an error beside its field if the form has that field, else at the form's foot. */
export function placeError(error: ApiError, fields: readonly string[]): { fields: Record<string, string>; form: ApiError | null } {
  if (error.field === null) return { fields: {}, form: error };
  const path = fieldPath(error.field);
  const match = [path, `${path}Id`].find((name) => fields.includes(name));
  return match === undefined ? { fields: {}, form: error } : { fields: { [match]: error.message }, form: null };
}
