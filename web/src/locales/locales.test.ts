import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en, ka } from '.';

function flatten(texts: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flatten(value as object, `${prefix}${key}.`)),
    ),
  );
}

const english = flatten(en);
const georgian = flatten(ka);
const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join();
/** Same in both languages, or written in Latin letters in Georgian too. */
const latin = /\{\{\w+\}\}|CSV|PDF|PNG|JPEG|XML|camt\.053|IBAN|BIC|TBC/g;

describe('texts', () => {
  it('are there in both languages', () => {
    expect(Object.keys(georgian).sort()).toEqual(Object.keys(english).sort());
  });
  it('have no English left in Georgian, and no Georgian in English', () => {
    expect(Object.entries(georgian).filter(([, text]) => /[a-z]/i.test(text.replace(latin, '')))).toEqual([]);
    expect(Object.entries(english).filter(([, text]) => /[\u10a0-\u10ff]/.test(text))).toEqual([]);
  });
  it('name the same values in both', () => {
    const wrong = Object.keys(english).filter((key) => placeholders(english[key] ?? '') !== placeholders(georgian[key] ?? ''));
    expect(wrong).toEqual([]);
  });
  it('exist for every key that the page asks for', () => {
    const asked = sources('src').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1] ?? ''),
    );
    const missing = [...new Set(asked)].filter((key) => !(key in english) && !(`${key}_other` in english));
    expect(missing).toEqual([]);
  });
  it('are never forced into capitals', () => {
    const styled = sources('src', /\.(css|tsx?)$/).filter(
      (file) => !file.endsWith('.test.ts') && /text-transform:\s*uppercase|textTransform:\s*'uppercase'/.test(readFileSync(file, 'utf8')),
    );
    expect(styled).toEqual([]);
  });
});

function sources(folder: string, pattern = /\.tsx?$/): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name) && !name.startsWith('gql'))
    .map((name) => join(folder, name));
}
