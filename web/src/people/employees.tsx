import { useTranslation } from 'react-i18next';
import {
  ArchiveEmployeeDocument,
  CreateEmployeeDocument,
  EmployeeDocument,
  EmployeesDocument,
  RestoreEmployeeDocument,
  UpdateEmployeeDocument,
  type EmployeeOrderField,
  type EmployeeQuery,
  type EmployeesQuery,
} from '../gql';
import { useCan, useMe } from '../lib/session';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { DateText, Money, RecordLink, Text } from '../ui/values';

type Row = EmployeesQuery['employees']['nodes'][number];
type Record = EmployeeQuery['employee'];

export function EmployeeList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, EmployeeOrderField>[] = [
    { key: 'name', label: t('field.personName'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'title', label: t('field.jobTitle'), cell: (row) => <Text value={row.title} /> },
    { key: 'department', label: t('field.department'), cell: (row) => <RecordLink to="/people/departments" record={row.department} /> },
    {
      key: 'manager',
      label: t('employees.manager'),
      cell: (row) => <RecordLink to="/people/employees" record={row.manager} />,
      wide: true,
    },
    {
      key: 'email',
      label: t('field.email'),
      cell: (row) => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : <Text value={null} />),
    },
    {
      key: 'phone',
      label: t('field.phone'),
      cell: (row) => (row.phone ? <a href={`tel:${row.phone}`}>{row.phone}</a> : <Text value={null} />),
    },
  ];
  return (
    <ListPage
      title={t('nav.employees')}
      document={EmployeesDocument}
      select={(answer) => answer.employees}
      columns={columns}
      href={(row) => `/people/employees/${row.id}`}
      filters={[
        { kind: 'ref', param: 'departmentId', ref: 'department', label: t('field.department') },
        { kind: 'ref', param: 'managerId', ref: 'employee', label: t('employees.manager') },
      ]}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('employees.search')}
      create={can('PEOPLE_WRITE') ? { to: '/people/employees/new', label: t('employees.new') } : null}
      empty={{ title: t('employees.empty'), text: t('employees.emptyText') }}
    />
  );
}

export function EmployeePage() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Record['reports']['nodes'][number]>[] = [
    { key: 'name', label: t('field.personName'), cell: (row) => row.name },
    { key: 'title', label: t('field.jobTitle'), cell: (row) => <Text value={row.title} /> },
  ];
  return (
    <RecordPage
      path="/people/employees"
      up={t('nav.employees')}
      load={EmployeeDocument}
      select={(answer) => answer.employee}
      title={(employee) => employee.name}
      mayEdit={can('PEOPLE_WRITE')}
      archive={{ archive: ArchiveEmployeeDocument, restore: RestoreEmployeeDocument }}
      actions={(employee) =>
        can('DELIVERY_READ') ? (
          <LinkButton to={`/delivery/time${query({ employeeId: employee.id })}`}>{t('employees.time')}</LinkButton>
        ) : null
      }
    >
      {(employee) => (
        <>
          <Facts
            facts={[
              { label: t('field.jobTitle'), value: <Text value={employee.title} /> },
              { label: t('field.department'), value: <RecordLink to="/people/departments" record={employee.department} /> },
              { label: t('employees.manager'), value: <RecordLink to="/people/employees" record={employee.manager} /> },
              {
                label: t('field.email'),
                value: employee.email ? <a href={`mailto:${employee.email}`}>{employee.email}</a> : <Text value={null} />,
              },
              {
                label: t('field.phone'),
                value: employee.phone ? <a href={`tel:${employee.phone}`}>{employee.phone}</a> : <Text value={null} />,
              },
              { label: t('field.code'), value: <Text value={employee.code} /> },
              { label: t('employees.hiredOn'), value: <DateText value={employee.hiredOn} /> },
              { label: t('employees.logIn'), value: <Text value={employee.membership?.name} /> },
              can('PAY_READ') ? { label: t('employees.costRate'), value: <Money value={employee.costRate} /> } : null,
            ]}
          />
          <Related
            title={t('employees.team')}
            list={employee.reports}
            columns={columns}
            href={(row) => `/people/employees/${row.id}`}
            all={`/people/employees${query({ managerId: employee.id })}`}
            none={t('employees.noTeam')}
          />
        </>
      )}
    </RecordPage>
  );
}

export function EmployeeForm() {
  const { t } = useTranslation();
  const can = useCan();
  const { tenant } = useMe();
  const pay: FieldDef[] = [
    {
      name: 'costRate',
      label: t('employees.costRate'),
      kind: 'decimal',
      half: true,
      hint: t('employees.costRateHint', { currency: tenant.baseCurrency }),
    },
  ];
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.personName'), kind: 'text', required: true },
    { name: 'title', label: t('field.jobTitle'), kind: 'text', half: true },
    { name: 'code', label: t('field.code'), kind: 'text', half: true },
    { name: 'email', label: t('field.email'), kind: 'email', half: true },
    { name: 'phone', label: t('field.phone'), kind: 'text', half: true },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
    { name: 'managerId', label: t('employees.manager'), kind: 'ref', ref: 'employee', half: true },
    { name: 'hiredOn', label: t('employees.hiredOn'), kind: 'date', half: true },
    {
      name: 'membershipId',
      label: t('employees.logIn'),
      kind: 'ref',
      ref: 'member',
      half: true,
      hint: t('employees.logInHint'),
      read: (employee: Record) => employee.membership?.id,
    },
    ...(can('PAY_READ') ? pay : []),
  ];
  return (
    <EntityForm
      path="/people/employees"
      titles={{ create: t('employees.new'), edit: t('employees.edit') }}
      fields={fields}
      load={EmployeeDocument}
      select={(answer) => answer.employee}
      create={CreateEmployeeDocument}
      created={(answer) => answer.createEmployee.employee.id}
      update={UpdateEmployeeDocument}
    />
  );
}
