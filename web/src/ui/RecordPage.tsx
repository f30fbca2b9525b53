import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { TypedDocumentString } from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useFlags } from '../lib/session';
import { Act } from './Act';
import { DataTable, type Column } from './DataTable';
import type { ArchiveDocument } from './entity';
import { History, kindOfPath } from './History';
import { ErrorNote, LinkButton, Page, Section } from './Page';
import { Instant, Status } from './values';

interface Kept {
  id: string;
  version?: number;
  createdAt: string;
  updatedAt?: string;
  archivedAt?: string | null;
}

interface Props<L, R extends Kept> {
  path: string;
  up: string;
  load: TypedDocumentString<L, { id: string }>;
  select: (answer: L) => R;
  title: (record: R) => string;
  status?: (record: R) => ReactNode;
  /** Buttons for what can be done now. */
  actions?: (record: R) => ReactNode;
  mayEdit?: boolean | ((record: R) => boolean);
  /** Where what can't be edited can still be archived; as mayEdit unless said. */
  mayArchive?: (record: R) => boolean;
  archive?: { archive: ArchiveDocument; restore: ArchiveDocument } | undefined;
  children: (record: R) => ReactNode;
}

/** One page for any record: what it is, where it stands, what can be done with it. */
export function RecordPage<L, R extends Kept>(props: Props<L, R>) {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const can = useCan();
  const kind = kindOfPath(props.path);
  const query = useGql(props.load, { id, ...useFlags(props.load) });
  const up = { to: props.path, label: props.up };
  if (query.error && !query.data) {
    return (
      <Page title={query.error.code === 'NOT_FOUND' ? t('ui.notFound') : props.up} up={up}>
        <ErrorNote error={query.error} retry={query.refetch} />
      </Page>
    );
  }
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  const record = props.select(query.data);
  const editable = typeof props.mayEdit === 'function' ? props.mayEdit(record) : (props.mayEdit ?? false);
  const archivable = props.mayArchive ? props.mayArchive(record) : editable;
  return (
    <Page
      title={props.title(record)}
      up={up}
      aside={
        <span className="statuses">
          {props.status?.(record)}
          {record.archivedAt ? <Status value="ARCHIVED" /> : null}
        </span>
      }
      actions={
        <>
          {record.archivedAt ? null : props.actions?.(record)}
          {editable && !record.archivedAt ? <LinkButton to={`${props.path}/${record.id}/edit`}>{t('ui.edit')}</LinkButton> : null}
          {archivable && props.archive ? <Archive record={record} documents={props.archive} title={props.title(record)} /> : null}
        </>
      }
    >
      {props.children(record)}
      <p className="muted trail">
        {t('ui.created')} <Instant value={record.createdAt} />
        {record.updatedAt && record.updatedAt !== record.createdAt ? (
          <>
            {' · '}
            {t('ui.updated')} <Instant value={record.updatedAt} />
          </>
        ) : null}
      </p>
      {kind && can('AUDIT_READ') ? <History key={record.id} kind={kind} id={record.id} /> : null}
    </Page>
  );
}

function Archive({ record, documents, title }: { record: Kept; documents: NonNullable<Props<unknown, Kept>['archive']>; title: string }) {
  const { t } = useTranslation();
  const archive = useAct(documents.archive);
  const restore = useAct(documents.restore);
  const input = { id: record.id, version: record.version ?? 0 };
  return record.archivedAt ? (
    <Act label={t('ui.restore')} text={t('ui.restoreText', { name: title })} run={() => restore.mutateAsync({ input })} primary />
  ) : (
    <Act label={t('ui.archive')} text={t('ui.archiveText', { name: title })} run={() => archive.mutateAsync({ input })} />
  );
}

export interface Fact {
  label: string;
  value: ReactNode;
  /** A figure, set off from the rest. */
  figure?: boolean;
}

export function Facts({ facts }: { facts: (Fact | null | false)[] }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact) => fact !== null && fact !== false)
        .map((fact) => (
          <div key={fact.label} className={fact.figure ? 'fact figure-fact' : 'fact'}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface RelatedProps<Row> {
  title: string;
  list: { totalCount?: number; nodes: Row[] };
  columns: Column<Row>[];
  href: (row: Row) => string;
  all?: string | undefined;
  add?: { to: string; label: string } | null;
  none: string;
}

/** The first few records that hang on this one, and the way to all of them. */
export function Related<Row extends { id: string }>({ title, list, columns, href, all, add, none }: RelatedProps<Row>) {
  const { t } = useTranslation();
  const total = list.totalCount ?? list.nodes.length;
  return (
    <Section
      title={title}
      aside={
        <span className="section-links">
          {all && total > list.nodes.length ? <Link to={all}>{t('ui.seeAll', { total })}</Link> : null}
          {add ? <Link to={add.to}>{add.label}</Link> : null}
        </span>
      }
    >
      {list.nodes.length > 0 ? (
        <DataTable label={title} columns={columns} rows={list.nodes} rowKey={(row) => row.id} rowHref={href} />
      ) : (
        <p className="muted">{none}</p>
      )}
    </Section>
  );
}
