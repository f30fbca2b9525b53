import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  ApproveTimeEntryDocument,
  ArchiveTimeEntryDocument,
  CreateTimeEntryDocument,
  ReverseTimeEntryDocument,
  TimeEntriesDocument,
  TimeEntryDocument,
  UpdateTimeEntryDocument,
  type TimeEntryOrderField,
  type TimeEntriesQuery,
  type TimeEntryQuery,
} from '../gql';
import { request, useAct } from '../lib/api';
import { useCan, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { Chain } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { ErrorNote } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, Quantity, RecordLink, Status, Text } from '../ui/values';

type Row = TimeEntriesQuery['timeEntries']['nodes'][number];
type Record = TimeEntryQuery['timeEntry'];

export function TimeList() {
  const { t } = useTranslation();
  const can = useCan();
  const approve = useAct(ApproveTimeEntryDocument);
  const columns: Column<Row, TimeEntryOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'employee', label: t('field.employee'), cell: (row) => <RecordLink to="/people/employees" record={row.employee} /> },
    { key: 'project', label: t('field.project'), cell: (row) => <RecordLink to="/delivery/projects" record={row.project} /> },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    { key: 'hours', label: t('time.hours'), cell: (row) => <Quantity value={row.hours} />, numeric: true },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
  ];
  if (can('TIME_APPROVE')) {
    columns.push({
      key: 'approve',
      label: '',
      cell: (row) =>
        row.status === 'DRAFT' ? (
          <Button size="compact-sm" variant="default" onClick={() => approve.mutate({ input: { id: row.id, version: row.version } })}>
            {t('time.approve')}
          </Button>
        ) : null,
    });
  }
  return (
    <ListPage
      title={t('nav.time')}
      document={TimeEntriesDocument}
      select={(answer) => answer.timeEntries}
      columns={columns}
      href={(row) => `/delivery/time/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: ['DRAFT', 'APPROVED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'employeeId', ref: 'employee', label: t('field.employee') },
        { kind: 'ref', param: 'projectId', ref: 'project', label: t('field.project') },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      rowActions={(rows) => (can('TIME_APPROVE') ? <ApproveAll drafts={rows.filter((row) => row.status === 'DRAFT')} /> : null)}
      order={{ field: 'DATE', direction: 'DESC' }}
      create={can('TIME_WRITE') ? { to: '/delivery/time/new', label: t('time.new') } : null}
      empty={{ title: t('time.empty'), text: t('time.emptyText') }}
    >
      {approve.error ? <ErrorNote error={approve.error} /> : null}
    </ListPage>
  );
}

/** One after the other; it stops at the first that can't be approved, and says why. */
function ApproveAll({ drafts }: { drafts: Row[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  if (drafts.length < 2) return null;
  const run = async () => {
    try {
      for (const { id, version } of drafts) await request(ApproveTimeEntryDocument, { input: { id, version } });
    } finally {
      await client.invalidateQueries();
    }
  };
  return (
    <Act
      label={t('time.approveAll', { count: drafts.length })}
      text={t('time.approveAllText', { count: drafts.length })}
      confirm={t('time.approve')}
      run={run}
    />
  );
}

export function TimePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/delivery/time"
      up={t('nav.time')}
      load={TimeEntryDocument}
      select={(answer) => answer.timeEntry}
      title={(entry) => `${entry.employee.name}, ${entry.project.name}`}
      status={(entry) => <Status value={entry.status} />}
      mayEdit={(entry) => can('TIME_WRITE') && entry.status === 'DRAFT'}
      actions={(entry) => <Acts entry={entry} />}
    >
      {(entry) => (
        <>
          <Chain
            steps={[
              { link: 'deal', to: entry.project.deal ? `/sales/deals/${entry.project.deal.id}` : null, label: entry.project.deal?.name },
              { link: 'project', to: `/delivery/projects/${entry.project.id}`, label: entry.project.name },
              { link: 'time', here: true },
              {
                link: 'ledger',
                to: entry.journalEntry ? `/finance/journal/${entry.journalEntry.id}` : null,
                label: entry.journalEntry ? t('journal.entry', { seq: entry.journalEntry.seq }) : null,
              },
            ]}
          />
          <Facts
            facts={[
              { label: t('time.hours'), value: <Quantity value={entry.hours} />, figure: true },
              entry.cost ? { label: t('time.cost'), value: <Money value={entry.cost} />, figure: true } : null,
              { label: t('field.date'), value: <DateText value={entry.date} /> },
              { label: t('field.employee'), value: <RecordLink to="/people/employees" record={entry.employee} /> },
              { label: t('field.project'), value: <RecordLink to="/delivery/projects" record={entry.project} /> },
              { label: t('field.company'), value: <RecordLink to="/companies" record={entry.project.company} /> },
              { label: t('field.description'), value: <Text value={entry.description} /> },
            ]}
          />
        </>
      )}
    </RecordPage>
  );
}

function Acts({ entry }: { entry: Record }) {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const [approve, reverse, archive] = [
    useAct(ApproveTimeEntryDocument),
    useAct(ReverseTimeEntryDocument),
    useAct(ArchiveTimeEntryDocument),
  ];
  const at = { id: entry.id, version: entry.version };
  if (entry.status === 'DRAFT') {
    return (
      <>
        {can('TIME_APPROVE') ? (
          <Act label={t('time.approve')} text={t('time.approveText')} run={() => approve.mutateAsync({ input: at })} primary />
        ) : null}
        {can('TIME_WRITE') ? (
          <Act label={t('ui.archive')} text={t('time.archiveText')} run={() => archive.mutateAsync({ input: at })} />
        ) : null}
      </>
    );
  }
  if (entry.status !== 'APPROVED' || !can('TIME_APPROVE')) return null;
  return (
    <Act
      label={t('ui.reverse')}
      text={t('time.reverseText')}
      fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
      defaults={{ date: today }}
      run={(input) => reverse.mutateAsync({ input: { ...input, id: entry.id } })}
      danger
    />
  );
}

export function TimeForm() {
  const { t } = useTranslation();
  const today = useToday();
  const fields: FieldDef[] = [
    { name: 'employeeId', label: t('field.employee'), kind: 'ref', ref: 'employee', required: true, half: true },
    { name: 'projectId', label: t('field.project'), kind: 'ref', ref: 'project', required: true, half: true },
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'hours', label: t('time.hours'), kind: 'decimal', required: true, half: true },
    { name: 'description', label: t('field.description'), kind: 'long' },
  ];
  return (
    <EntityForm
      path="/delivery/time"
      titles={{ create: t('time.new'), edit: t('time.edit') }}
      fields={fields}
      defaults={{ date: today }}
      load={TimeEntryDocument}
      select={(answer) => answer.timeEntry}
      create={CreateTimeEntryDocument}
      created={(answer) => answer.createTimeEntry.timeEntry.id}
      update={UpdateTimeEntryDocument}
    />
  );
}
