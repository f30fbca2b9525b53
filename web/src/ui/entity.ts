import type { TypedDocumentString } from '../gql';

/** The two documents of a record that can be put away and taken back. */
export type ArchiveDocument = TypedDocumentString<unknown, { input: { id: string; version: number } }>;

/** `?a=1&b=2` of what is given. */
export function query(params: Record<string, string | null | undefined>): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}
