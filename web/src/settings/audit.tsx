import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { AuditEventsDocument, type AuditRowFragment } from '../gql';
import type { Column } from '../ui/DataTable';
import { pageOf, useAuditWords, useEventColumns } from '../ui/History';
import { ListPage } from '../ui/ListPage';

const kinds = [
  'company',
  'contact',
  'lead',
  'deal',
  'project',
  'time_entry',
  'invoice',
  'recurring_invoice',
  'payment',
  'expense',
  'bill',
  'write_off',
  'journal_entry',
  'account',
  'cost_centre',
  'tax_code',
  'employee',
  'department',
  'approval',
  'approval_rule',
  'approval_delegation',
  'membership',
  'invitation',
  'tenant',
];
const actions = [
  'create',
  'update',
  'archive',
  'restore',
  'issue',
  'make',
  'post',
  'submit',
  'return',
  'void',
  'approve',
  'refuse',
  'withdraw',
  'reverse',
];

/** Who did what, when and from where, in every area. */
export function AuditPage() {
  const { t } = useTranslation();
  const words = useAuditWords();
  const [params] = useSearchParams();
  const subject = params.get('subjectId');
  const [when, who, action, ...rest] = useEventColumns();
  const what: Column<AuditRowFragment, 'CREATED_AT'> = {
    key: 'what',
    label: t('audit.what'),
    cell: (row) => {
      const href = pageOf(row);
      const name = row.subjectName ? `${words.kind(row.subjectKind)} ${row.subjectName}` : words.kind(row.subjectKind);
      return href ? <Link to={href}>{name}</Link> : name;
    },
  };
  return (
    <ListPage
      title={t('nav.audit')}
      document={AuditEventsDocument}
      select={(answer) => answer.auditEvents}
      columns={[when, who, action, what, ...rest].filter((column) => column !== undefined)}
      filters={[
        { kind: 'enum', param: 'subjectKind', options: kinds, label: t('audit.kind'), optionLabel: 'auditKind' },
        { kind: 'enum', param: 'action', options: actions, label: t('audit.action'), optionLabel: 'auditAction' },
        { kind: 'ref', param: 'actorId', ref: 'member', label: t('audit.who') },
        { kind: 'dates', param: 'date', label: t('audit.when') },
      ]}
      fixed={subject ? { subjectId: { eq: subject } } : {}}
      keep={['subjectId']}
      order={{ field: 'CREATED_AT', direction: 'DESC' }}
      searchLabel={t('audit.search')}
      withArchived={false}
      empty={{ title: t('audit.empty'), text: t('audit.emptyText') }}
    />
  );
}
