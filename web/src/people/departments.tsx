import { useTranslation } from 'react-i18next';
import {
  ArchiveDepartmentDocument,
  CreateDepartmentDocument,
  DepartmentDocument,
  DepartmentsDocument,
  RestoreDepartmentDocument,
  UpdateDepartmentDocument,
  type DepartmentOrderField,
  type DepartmentQuery,
  type DepartmentsQuery,
} from '../gql';
import { useCan } from '../lib/session';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { RecordLink, Text } from '../ui/values';

type Row = DepartmentsQuery['departments']['nodes'][number];

export function DepartmentList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, DepartmentOrderField>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'code', label: t('field.code'), cell: (row) => <Text value={row.code} />, sort: 'CODE' },
    { key: 'manager', label: t('departments.manager'), cell: (row) => <RecordLink to="/people/employees" record={row.manager} /> },
  ];
  return (
    <ListPage
      title={t('nav.departments')}
      document={DepartmentsDocument}
      select={(answer) => answer.departments}
      columns={columns}
      href={(row) => `/people/departments/${row.id}`}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('departments.search')}
      create={can('PEOPLE_WRITE') ? { to: '/people/departments/new', label: t('departments.new') } : null}
      empty={{ title: t('departments.empty'), text: t('departments.emptyText') }}
    />
  );
}

export function DepartmentPage() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<DepartmentQuery['department']['employees']['nodes'][number]>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name },
    { key: 'title', label: t('field.jobTitle'), cell: (row) => <Text value={row.title} /> },
  ];
  return (
    <RecordPage
      path="/people/departments"
      up={t('nav.departments')}
      load={DepartmentDocument}
      select={(answer) => answer.department}
      title={(department) => department.name}
      mayEdit={can('PEOPLE_WRITE')}
      archive={{ archive: ArchiveDepartmentDocument, restore: RestoreDepartmentDocument }}
    >
      {(department) => (
        <>
          <Facts
            facts={[
              { label: t('departments.manager'), value: <RecordLink to="/people/employees" record={department.manager} /> },
              { label: t('field.code'), value: <Text value={department.code} /> },
            ]}
          />
          <Related
            title={t('nav.employees')}
            list={department.employees}
            columns={columns}
            href={(row) => `/people/employees/${row.id}`}
            all={`/people/employees${query({ departmentId: department.id })}`}
            add={
              can('PEOPLE_WRITE')
                ? { to: `/people/employees/new${query({ departmentId: department.id })}`, label: t('employees.new') }
                : null
            }
            none={t('departments.noEmployees')}
          />
        </>
      )}
    </RecordPage>
  );
}

export function DepartmentForm() {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'code', label: t('field.code'), kind: 'text', half: true },
    { name: 'managerId', label: t('departments.manager'), kind: 'ref', ref: 'employee', half: true },
  ];
  return (
    <EntityForm
      path="/people/departments"
      titles={{ create: t('departments.new'), edit: t('departments.edit') }}
      fields={fields}
      load={DepartmentDocument}
      select={(answer) => answer.department}
      create={CreateDepartmentDocument}
      created={(answer) => answer.createDepartment.department.id}
      update={UpdateDepartmentDocument}
    />
  );
}
