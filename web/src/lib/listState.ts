/** A list's state lives in its address: it can be sent to a colleague, and Back means back. */
export type FilterDef<Param extends string = string> =
  | { kind: 'enum'; param: Param; options: readonly string[]; label: string; optionLabel: string }
  | { kind: 'ref'; param: Param; ref: string; label: string }
  | { kind: 'dates'; param: Param; label: string }
  | { kind: 'flag'; param: Param; label: string };

export interface Order<Field extends string = string> {
  field: Field;
  direction: 'ASC' | 'DESC';
}

export interface ListState {
  search: string;
  archived: boolean;
  order: Order | null;
  /** Cursors of the pages before this one, the last being where this page starts. */
  cursors: string[];
  values: Record<string, string>;
}

export const NONE = 'none';

function paramsOf(def: FilterDef): string[] {
  return def.kind === 'dates' ? [`${def.param}From`, `${def.param}To`] : [def.param];
}

export function readListState(params: URLSearchParams, defs: readonly FilterDef[]): ListState {
  const sort = params.get('sort');
  const values: Record<string, string> = {};
  for (const name of defs.flatMap(paramsOf)) {
    const value = params.get(name);
    if (value !== null && value !== '') values[name] = value;
  }
  return {
    search: params.get('q') ?? '',
    archived: params.get('archived') === '1',
    order: sort ? { field: sort.replace(/^-/, ''), direction: sort.startsWith('-') ? 'DESC' : 'ASC' } : null,
    cursors: params.getAll('after'),
    values,
  };
}

/** The state as search parameters; a changed filter starts at the first page again. */
export function writeListState(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.search !== '') params.set('q', state.search);
  for (const [name, value] of Object.entries(state.values)) if (value !== '') params.set(name, value);
  if (state.archived) params.set('archived', '1');
  if (state.order) params.set('sort', `${state.order.direction === 'DESC' ? '-' : ''}${state.order.field}`);
  for (const cursor of state.cursors) params.append('after', cursor);
  return params;
}

/** The `filter` argument of the API for this state. */
export function toFilter(state: ListState, defs: readonly FilterDef[], withArchived: boolean): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  if (state.search.trim() !== '') filter.search = state.search.trim();
  if (withArchived && state.archived) filter.archived = true;
  for (const def of defs) {
    const value = def.kind === 'dates' ? datesFilter(state, def.param) : valueFilter(def, state.values[def.param]);
    if (value !== undefined) filter[def.param] = value;
  }
  return filter;
}

function datesFilter(state: ListState, param: string): Record<string, string> | undefined {
  const gte = state.values[`${param}From`];
  const lte = state.values[`${param}To`];
  return gte || lte ? { ...(gte ? { gte } : {}), ...(lte ? { lte } : {}) } : undefined;
}

function valueFilter(def: FilterDef, value: string | undefined): unknown {
  if (value === undefined || value === '') return undefined;
  switch (def.kind) {
    case 'enum': {
      const known = value.split(',').filter((option) => def.options.includes(option));
      return known.length > 0 ? { in: known } : undefined;
    }
    case 'ref':
      if (value === NONE) return { isNull: true };
      return value.includes(',') ? { in: value.split(',') } : { eq: value };
    case 'flag':
      return value === '1' ? true : undefined;
    case 'dates':
      return undefined;
  }
}

export const isSet = (def: FilterDef, state: ListState): boolean => paramsOf(def).some((name) => name in state.values);

export const isFiltered = (state: ListState): boolean => state.search !== '' || state.archived || Object.keys(state.values).length > 0;
