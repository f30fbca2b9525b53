import { useTranslation } from 'react-i18next';
import {
  ArchiveProjectDocument,
  CreateProjectDocument,
  ProjectDocument,
  ProjectsDocument,
  RestoreProjectDocument,
  UpdateProjectDocument,
  type ProjectOrderField,
  type ProjectQuery,
  type ProjectsQuery,
} from '../gql';
import { useCan, useMe } from '../lib/session';
import { Chain } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { DateText, Money, Quantity, RecordLink, Status, Text } from '../ui/values';

type Row = ProjectsQuery['projects']['nodes'][number];
type Record = ProjectQuery['project'];
const statuses = ['PLANNED', 'ACTIVE', 'DONE'];

export function ProjectList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, ProjectOrderField>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'code', label: t('field.code'), cell: (row) => <Text value={row.code} />, sort: 'CODE', wide: true },
    { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    { key: 'manager', label: t('projects.manager'), cell: (row) => <RecordLink to="/people/employees" record={row.manager} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'startDate', label: t('projects.startDate'), cell: (row) => <DateText value={row.startDate} />, sort: 'START_DATE', wide: true },
    { key: 'hours', label: t('projects.hours'), cell: (row) => <Quantity value={row.hours} />, numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.projects')}
      document={ProjectsDocument}
      select={(answer) => answer.projects}
      columns={columns}
      href={(row) => `/delivery/projects/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: statuses, label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'ref', param: 'dealId', ref: 'deal', label: t('field.deal') },
        { kind: 'ref', param: 'managerId', ref: 'employee', label: t('projects.manager') },
      ]}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('projects.search')}
      create={can('DELIVERY_WRITE') ? { to: '/delivery/projects/new', label: t('projects.new') } : null}
      empty={{ title: t('projects.empty'), text: t('projects.emptyText') }}
    />
  );
}

export function ProjectPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/delivery/projects"
      up={t('nav.projects')}
      load={ProjectDocument}
      select={(answer) => answer.project}
      title={(project) => project.name}
      status={(project) => <Status value={project.status} />}
      mayEdit={can('DELIVERY_WRITE')}
      archive={{ archive: ArchiveProjectDocument, restore: RestoreProjectDocument }}
      actions={(project) => (
        <>
          {can('TIME_WRITE') ? <LinkButton to={`/delivery/time/new${query({ projectId: project.id })}`}>{t('time.new')}</LinkButton> : null}
          {can('FINANCE_WRITE') && project.company ? (
            <LinkButton
              to={`/finance/invoices/new${query({ projectId: project.id, companyId: project.company.id, dealId: project.deal?.id })}`}
            >
              {t('invoices.new')}
            </LinkButton>
          ) : null}
        </>
      )}
    >
      {(project) => <ProjectBody project={project} />}
    </RecordPage>
  );
}

function ProjectBody({ project }: { project: Record }) {
  const { t } = useTranslation();
  const can = useCan();
  const at = query({ projectId: project.id });
  const columns: Column<Record['timeEntries']['nodes'][number]>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    { key: 'employee', label: t('field.employee'), cell: (row) => row.employee.name },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'hours', label: t('time.hours'), cell: (row) => <Quantity value={row.hours} />, numeric: true },
  ];
  return (
    <>
      <Chain
        steps={[
          { link: 'deal', to: project.deal ? `/sales/deals/${project.deal.id}` : null, label: project.deal?.name },
          { link: 'project', here: true, label: project.name },
          {
            link: 'time',
            to: project.timeEntries.totalCount > 0 ? `/delivery/time${at}` : null,
            label: t('chain.count', { count: project.timeEntries.totalCount }),
          },
          { link: 'expense', to: `/finance/expenses${at}` },
          {
            link: 'invoice',
            to:
              (project.deal ?? project.company)
                ? `/finance/invoices${query(project.deal ? { dealId: project.deal.id } : { companyId: project.company?.id })}`
                : null,
          },
          { link: 'ledger', to: `/finance/ledger${at}` },
        ]}
      />
      <Facts
        facts={[
          { label: t('projects.hours'), value: <Quantity value={project.hours} />, figure: true },
          { label: t('projects.budget'), value: <Money value={project.budget} />, figure: true },
          { label: t('field.company'), value: <RecordLink to="/companies" record={project.company} /> },
          { label: t('projects.manager'), value: <RecordLink to="/people/employees" record={project.manager} /> },
          { label: t('field.department'), value: <RecordLink to="/people/departments" record={project.department} /> },
          { label: t('field.code'), value: <Text value={project.code} /> },
          { label: t('projects.startDate'), value: <DateText value={project.startDate} /> },
          { label: t('projects.endDate'), value: <DateText value={project.endDate} /> },
        ]}
      />
      <Related
        title={t('nav.time')}
        list={project.timeEntries}
        columns={columns}
        href={(row) => `/delivery/time/${row.id}`}
        all={`/delivery/time${at}`}
        add={can('TIME_WRITE') ? { to: `/delivery/time/new${at}`, label: t('time.new') } : null}
        none={t('time.noneHere')}
      />
    </>
  );
}

export function ProjectForm() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'code', label: t('field.code'), kind: 'text', half: true },
    { name: 'status', label: t('field.status'), kind: 'enum', options: statuses, required: true, half: true },
    { name: 'companyId', label: t('field.company'), kind: 'ref', ref: 'company', half: true },
    {
      name: 'dealId',
      label: t('field.deal'),
      kind: 'ref',
      ref: 'deal',
      half: true,
      base: ({ companyId }) => (companyId ? { companyId: { eq: companyId } } : {}),
    },
    { name: 'managerId', label: t('projects.manager'), kind: 'ref', ref: 'employee', half: true },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
    { name: 'startDate', label: t('projects.startDate'), kind: 'date', half: true },
    { name: 'endDate', label: t('projects.endDate'), kind: 'date', half: true },
    { name: 'budget', label: t('projects.budget'), kind: 'decimal', half: true },
    {
      name: 'currency',
      label: t('field.currency'),
      kind: 'currency',
      half: true,
      read: (project: Record) => project.budget?.currency ?? tenant.baseCurrency,
    },
  ];
  return (
    <EntityForm
      path="/delivery/projects"
      titles={{ create: t('projects.new'), edit: t('projects.edit') }}
      fields={fields}
      defaults={{ status: 'ACTIVE', currency: tenant.baseCurrency }}
      load={ProjectDocument}
      select={(answer) => answer.project}
      create={CreateProjectDocument}
      created={(answer) => answer.createProject.project.id}
      update={UpdateProjectDocument}
    />
  );
}
