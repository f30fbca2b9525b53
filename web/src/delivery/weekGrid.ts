import { fromMicros, isZero, normaliseDecimal, sum, toMicros } from '../lib/decimal';
import type { Lang } from '../lib/i18n';

export interface Entry {
  id: string;
  version: number;
  date: string;
  hours: string;
  status: 'DRAFT' | 'APPROVED' | 'REVERSED';
  project: { id: string; name: string };
}

export interface Cell {
  date: string;
  entries: Entry[];
  /** One draft or nothing: can be typed over. Else it opens the list. */
  open: boolean;
  hours: string;
}

export interface WeekRow {
  project: { id: string; name: string };
  cells: Cell[];
}

export const cellKey = (projectId: string, date: string): string => `${projectId}/${date}`;

/** A row for each project with time in this week or the one before, and for those added by hand. */
export function weekRows(entries: readonly Entry[], days: readonly string[], added: readonly { id: string; name: string }[]): WeekRow[] {
  const projects = new Map([...entries.map((entry) => entry.project), ...added].map((project) => [project.id, project]));
  return [...projects.values()].map((project) => ({
    project,
    cells: days.map((date) => {
      const here = entries.filter((entry) => entry.project.id === project.id && entry.date === date && entry.status !== 'REVERSED');
      return {
        date,
        entries: here,
        open: here.length === 0 || (here.length === 1 && here[0]?.status === 'DRAFT'),
        hours: here.length === 0 ? '' : plainHours(sum(here.map((entry) => toMicros(entry.hours)))),
      };
    }),
  }));
}

export const plainHours = (micros: bigint): string => fromMicros(micros).replace(/\.?0+$/, '');

export type Change =
  | { kind: 'create'; key: string; projectId: string; date: string; hours: string }
  | { kind: 'update'; key: string; id: string; version: number; hours: string }
  | { kind: 'archive'; key: string; id: string; version: number };

/** What has to be said to the server, for what was typed. */
export function weekChanges(rows: readonly WeekRow[], typed: Readonly<Record<string, string>>, lang: Lang): Change[] {
  const changes: Change[] = [];
  for (const { project, cells } of rows) {
    for (const cell of cells) {
      const key = cellKey(project.id, cell.date);
      const text = typed[key];
      if (text === undefined || !cell.open) continue;
      const hours = text.trim() === '' ? null : (normaliseDecimal(text, lang) ?? text.trim());
      const [entry] = cell.entries;
      const none = hours === null || isZero(hours);
      if (!entry && !none) changes.push({ kind: 'create', key, projectId: project.id, date: cell.date, hours });
      else if (entry && none) changes.push({ kind: 'archive', key, id: entry.id, version: entry.version });
      else if (entry && !none && toMicros(hours) !== toMicros(entry.hours))
        changes.push({ kind: 'update', key, id: entry.id, version: entry.version, hours });
    }
  }
  return changes;
}
