import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AuditEventsDocument, type AuditRowFragment } from '../gql';
import { useGql } from '../lib/api';
import { DataTable, type Column } from './DataTable';
import { query } from './entity';
import { ErrorNote, LinkButton, Section } from './Page';
import { Instant, None } from './values';

type Event = AuditRowFragment;
type Change = Event['changes'][number];

/** Kinds of record that have a page of their own, by what the audit calls them. */
const pages: Record<string, string> = {
  company: '/companies',
  contact: '/companies/contacts',
  lead: '/sales/leads',
  deal: '/sales/deals',
  service: '/sales/services',
  project: '/delivery/projects',
  time_entry: '/delivery/time',
  invoice: '/finance/invoices',
  recurring_invoice: '/finance/recurring-invoices',
  payment: '/finance/payments',
  expense: '/finance/expenses',
  bill: '/finance/bills',
  bank_account: '/finance/bank',
  journal_entry: '/finance/journal',
  account: '/finance/accounts',
  cost_centre: '/finance/cost-centres',
  tax_code: '/finance/tax-codes',
  employee: '/people/employees',
  department: '/people/departments',
  approval_rule: '/settings/approval-rules',
};

/** What the audit calls the records whose pages are here. */
export const kindOfPath = (path: string): string | undefined => Object.keys(pages).find((kind) => pages[kind] === path);

export const pageOf = (event: { subjectKind: string; subjectId: string }): string | null => {
  const path = pages[event.subjectKind];
  return path ? `${path}/${event.subjectId}` : null;
};

/** `taxNumber` as a person reads it, where no text says better. */
const plainName = (name: string): string =>
  name
    .replace(/Id$/, '')
    .replace(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase();

export function useAuditWords() {
  const { t } = useTranslation();
  const told = (group: string, name: string) => t(`${group}.${name}`, { defaultValue: plainName(name) });
  return {
    kind: (name: string) => told('auditKind', name),
    action: (name: string) => told('auditAction', name),
    // A part of a document is told with its place: `lines.2.accountId`.
    field: (name: string) =>
      name
        .split('.')
        .map((part) => (/^\d+$/.test(part) ? part : told('auditField', part)))
        .join(' '),
    value: (field: string, value: string) => {
      if (value === 'true' || value === 'false') return t(value === 'true' ? 'audit.yes' : 'audit.no');
      if (field === 'status' || field === 'role') return t(`${field}.${value.toUpperCase()}`, { defaultValue: value });
      return value;
    },
  };
}

/** The fields that are other than they were, one below the other. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation();
  const words = useAuditWords();
  const [all, setAll] = useState(false);
  if (changes.length === 0) return <None />;
  const shown = all ? changes : changes.slice(0, 4);
  const value = (change: Change, text: string | null, name: string | null) =>
    text === null ? <None /> : (name ?? words.value(change.field, text));
  return (
    <div className="changes">
      {shown.map((change) => (
        <div key={change.field} className="change">
          <span className="muted">{words.field(change.field)}</span>{' '}
          <span>
            {change.before === null ? null : (
              <>
                <del>{value(change, change.before, change.beforeName)}</del>
                {' → '}
              </>
            )}
            {value(change, change.after, change.afterName)}
          </span>
        </div>
      ))}
      {changes.length > shown.length ? (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          {t('audit.more', { count: changes.length - shown.length })}
        </Button>
      ) : null}
    </div>
  );
}

export function useEventColumns(): Column<Event, 'CREATED_AT'>[] {
  const { t } = useTranslation();
  const words = useAuditWords();
  return [
    { key: 'when', label: t('audit.when'), cell: (row) => <Instant value={row.createdAt} />, sort: 'CREATED_AT' },
    { key: 'who', label: t('audit.who'), cell: (row) => row.actor?.name ?? t('audit.operator', { origin: row.origin }) },
    { key: 'action', label: t('audit.action'), cell: (row) => words.action(row.action) },
    { key: 'changes', label: t('audit.changes'), cell: (row) => <Changes changes={row.changes} /> },
    { key: 'from', label: t('audit.from'), cell: (row) => row.ip ?? row.origin, wide: true },
  ];
}

/** Who changed this record, when and how: asked for only when it's opened. */
export function History({ kind, id }: { kind: string; id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (open) return <Opened kind={kind} id={id} />;
  return (
    <Button variant="subtle" size="compact-sm" className="history-button" onClick={() => setOpen(true)}>
      {t('audit.history')}
    </Button>
  );
}

function Opened({ kind, id }: { kind: string; id: string }) {
  const { t } = useTranslation();
  const columns = useEventColumns();
  const answer = useGql(AuditEventsDocument, { first: 20, filter: { subjectKind: { eq: kind }, subjectId: { eq: id } } });
  const list = answer.data?.auditEvents;
  return (
    <Section
      title={t('audit.history')}
      aside={
        list && list.totalCount > list.nodes.length ? (
          <LinkButton to={`/settings/audit${query({ subjectId: id })}`}>{t('ui.seeAll', { total: list.totalCount })}</LinkButton>
        ) : null
      }
    >
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {list ? <DataTable label={t('audit.history')} columns={columns} rows={list.nodes} rowKey={(row) => row.id} /> : null}
      {answer.isPending ? <p className="muted">{t('ui.loading')}</p> : null}
    </Section>
  );
}
