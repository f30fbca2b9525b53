import { Button, Checkbox, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { TypedDocumentString } from '../gql';
import { useGql } from '../lib/api';
import { isFiltered, isSet, readListState, toFilter, writeListState, type FilterDef, type ListState, type Order } from '../lib/listState';
import { useLang } from '../lib/session';
import { formatDecimal } from '../lib/format';
import { DataTable, type Column } from './DataTable';
import { FilterField } from './FilterField';
import { Empty, ErrorNote, LinkButton, Page } from './Page';

export interface Connection<Row> {
  totalCount: number;
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface ListVariables {
  first?: number | null;
  after?: string | null;
  filter?: object | null;
  orderBy?: { field: string } | null;
}

/** What the API can sort this list by, and filter it by: a column or a filter that it doesn't know is an error of the compiler. */
type SortField<V extends ListVariables> = NonNullable<V['orderBy']>['field'];
type FilterName<V extends ListVariables> = keyof NonNullable<V['filter']> & string;

interface Props<R, V extends ListVariables, Row> {
  title: string;
  document: TypedDocumentString<R, V>;
  select: (answer: R) => Connection<Row>;
  columns: Column<Row, SortField<V>>[];
  href?: (row: Row) => string;
  filters?: FilterDef<FilterName<V>>[];
  /** Always applied, whatever the address says. */
  fixed?: Record<string, unknown>;
  order: Order<SortField<V>>;
  /** Without one the search field isn't shown. */
  searchLabel?: string;
  withArchived?: boolean;
  create?: { to: string; label: string } | null;
  actions?: ReactNode;
  /** Parameters of the address that aren't the list's and stay as they are. */
  keep?: string[];
  /** Acts on what this page of the list shows. */
  rowActions?: (rows: readonly Row[]) => ReactNode;
  empty: { title: string; text: string };
  children?: ReactNode;
}

const PAGE = 50;

/** One list for all: search, filters, order and page live in the address. */
export function ListPage<R, V extends ListVariables, Row extends { id: string }>(props: Props<R, V, Row>) {
  const { filters = [], withArchived = true, create } = props;
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const state = readListState(params, filters);
  const order = state.order ?? props.order;
  const kept = (props.keep ?? []).flatMap((name) => params.getAll(name).map((value): [string, string] => [name, value]));
  const update = (next: Partial<ListState>) => {
    const written = writeListState({ ...state, cursors: [], ...next });
    setParams([...kept, ...written], { replace: !next.cursors });
  };
  const variables = {
    first: PAGE,
    after: state.cursors.at(-1) ?? null,
    filter: { ...toFilter(state, filters, withArchived), ...props.fixed },
    orderBy: order,
  } as unknown as V;
  const query = useGql(props.document, variables, { keep: true });
  const list = query.data ? props.select(query.data) : null;
  const sortBy = (field: string) =>
    update({ order: { field, direction: order.field === field && order.direction === 'ASC' ? 'DESC' : 'ASC' } });
  const createButton = create ? (
    <LinkButton to={create.to} primary>
      {create.label}
    </LinkButton>
  ) : null;
  return (
    <Page
      title={props.title}
      actions={
        <>
          {props.actions}
          {list && props.rowActions ? props.rowActions(list.nodes) : null}
          {list?.nodes.length === 0 && !isFiltered(state) ? null : createButton}
        </>
      }
    >
      {props.children}
      <Tools state={state} update={update} filters={filters} searchLabel={props.searchLabel} withArchived={withArchived} />
      {query.error ? <ErrorNote error={query.error} retry={query.refetch} /> : null}
      {list && list.nodes.length > 0 ? (
        <>
          <DataTable
            label={props.title}
            columns={props.columns}
            rows={list.nodes}
            rowKey={(row) => row.id}
            rowHref={props.href}
            order={order}
            onSort={sortBy}
          />
          <Pager list={list} state={state} update={update} />
        </>
      ) : null}
      {list && list.nodes.length === 0 ? (
        <Nothing filtered={isFiltered(state)} empty={props.empty} action={createButton} onClear={() => setParams(kept)} />
      ) : null}
      {query.isPending ? <p className="muted">{t('ui.loading')}</p> : null}
    </Page>
  );
}

function Nothing({
  filtered,
  empty,
  action,
  onClear,
}: {
  filtered: boolean;
  empty: { title: string; text: string };
  action: ReactNode;
  onClear: () => void;
}) {
  const { t } = useTranslation();
  if (!filtered) return <Empty title={empty.title} text={empty.text} action={action} />;
  return (
    <Empty
      title={t('ui.noMatch')}
      text={t('ui.noMatchText')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('ui.clearFilters')}
        </Button>
      }
    />
  );
}

interface ToolsProps {
  state: ListState;
  update: (next: Partial<ListState>) => void;
  filters: FilterDef[];
  searchLabel: string | undefined;
  withArchived: boolean;
}

/** How many filters show at once; the rest, and on a phone all that aren't set, wait behind a button. */
const FEW = 4;

function Tools({ state, update, filters, searchLabel, withArchived }: ToolsProps) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const change = (name: string, value: string) => {
    const values = Object.fromEntries(Object.entries({ ...state.values, [name]: value }).filter(([, text]) => text !== ''));
    update({ values });
  };
  if (!searchLabel && filters.length === 0 && !withArchived) return null;
  return (
    <div className={more ? 'tools more' : 'tools'} role="search">
      {searchLabel ? <SearchField value={state.search} label={searchLabel} onChange={(search) => update({ search })} /> : null}
      {filters.map((def, index) => (
        <div key={def.param} className={isSet(def, state) ? 'filter' : index < FEW ? 'filter few' : 'filter rest'}>
          <FilterField def={def} values={state.values} onChange={change} />
        </div>
      ))}
      {withArchived ? (
        <Checkbox
          className={state.archived ? 'filter' : filters.length < FEW ? 'filter few' : 'filter rest'}
          label={t('ui.archivedOnly')}
          checked={state.archived}
          onChange={(event) => update({ archived: event.currentTarget.checked })}
        />
      ) : null}
      <Button
        variant="subtle"
        className={filters.length > FEW || (withArchived && filters.length === FEW) ? 'more-filters' : 'more-filters only-phone'}
        onClick={() => setMore(!more)}
        aria-expanded={more}
      >
        {more ? t('ui.fewerFilters') : t('ui.moreFilters')}
      </Button>
    </div>
  );
}

function SearchField({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback(onChange, 250);
  useHotkeys([['/', () => field.current?.focus()]]);
  // Back and "clear filters" change the address under the field; while it has the focus the person's typing leads.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  return (
    <TextInput
      ref={field}
      type="search"
      className="search"
      aria-label={label}
      placeholder={label}
      aria-keyshortcuts="/"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function Pager<Row>({ list, state, update }: { list: Connection<Row>; state: ListState; update: (next: Partial<ListState>) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const from = state.cursors.length * PAGE + 1;
  const to = from + list.nodes.length - 1;
  const number = (value: number) => formatDecimal(String(value), lang);
  const { endCursor, hasNextPage } = list.pageInfo;
  return (
    <nav className="pager" aria-label={t('ui.pages')}>
      <span className="figure">{t('ui.range', { from: number(from), to: number(to), total: number(list.totalCount) })}</span>
      {state.cursors.length > 0 ? (
        <Button variant="default" onClick={() => update({ cursors: state.cursors.slice(0, -1) })}>
          {t('ui.previous')}
        </Button>
      ) : null}
      {hasNextPage && endCursor ? (
        <Button variant="default" onClick={() => update({ cursors: [...state.cursors, endCursor] })}>
          {t('ui.next')}
        </Button>
      ) : null}
    </nav>
  );
}
