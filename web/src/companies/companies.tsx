import { useTranslation } from 'react-i18next';
import {
  ArchiveCompanyDocument,
  CompaniesDocument,
  CompanyDocument,
  CreateCompanyDocument,
  RestoreCompanyDocument,
  UpdateCompanyDocument,
  type CompanyFilter,
  type CompanyOrderField,
  type CompaniesQuery,
  type CompanyQuery,
} from '../gql';
import { countryName } from '../lib/format';
import type { FilterDef } from '../lib/listState';
import { useCan, useLang } from '../lib/session';
import { Chain, stepOf } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { Text } from '../ui/values';
import { useDealColumns, useInvoiceColumns, useProjectColumns } from '../ui/columns';
import { ClientStatement } from './statement';

type Row = CompaniesQuery['companies']['nodes'][number];
type Record = CompanyQuery['company'];

function useKind() {
  const { t } = useTranslation();
  return (row: { isClient: boolean; isSupplier: boolean }) =>
    [row.isClient ? t('companies.client') : '', row.isSupplier ? t('companies.supplier') : ''].filter(Boolean).join(', ');
}

export function CompanyList() {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const kind = useKind();
  const columns: Column<Row, CompanyOrderField>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'code', label: t('field.code'), cell: (row) => <Text value={row.code} />, sort: 'CODE', wide: true },
    { key: 'kind', label: t('companies.kind'), cell: (row) => <Text value={kind(row)} /> },
    { key: 'city', label: t('field.city'), cell: (row) => <Text value={row.city} /> },
    { key: 'country', label: t('field.country'), cell: (row) => <Text value={row.country && countryName(row.country, lang)} /> },
    {
      key: 'phone',
      label: t('field.phone'),
      cell: (row) => (row.phone ? <a href={`tel:${row.phone}`}>{row.phone}</a> : <Text value={null} />),
    },
  ];
  const filters: FilterDef<keyof CompanyFilter>[] = [
    { kind: 'flag', param: 'isClient', label: t('companies.clients') },
    { kind: 'flag', param: 'isSupplier', label: t('companies.suppliers') },
  ];
  return (
    <ListPage
      title={t('nav.companies')}
      document={CompaniesDocument}
      select={(answer) => answer.companies}
      columns={columns}
      href={(row) => `/companies/${row.id}`}
      filters={filters}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('companies.search')}
      create={can('COMPANIES_WRITE') ? { to: '/companies/new', label: t('companies.new') } : null}
      empty={{ title: t('companies.empty'), text: t('companies.emptyText') }}
    />
  );
}

export function CompanyPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/companies"
      up={t('nav.companies')}
      load={CompanyDocument}
      select={(answer) => answer.company}
      title={(company) => company.name}
      mayEdit={can('COMPANIES_WRITE')}
      archive={{ archive: ArchiveCompanyDocument, restore: RestoreCompanyDocument }}
      actions={(company) =>
        can('FINANCE_WRITE') ? (
          <LinkButton to={`/finance/invoices/new${query({ companyId: company.id })}`}>{t('invoices.new')}</LinkButton>
        ) : null
      }
    >
      {(company) => <CompanyBody company={company} />}
    </RecordPage>
  );
}

function CompanyBody({ company }: { company: Record }) {
  const { t } = useTranslation();
  const can = useCan();
  const lang = useLang();
  const kind = useKind();
  const at = query({ companyId: company.id });
  const count = (total: number) => t('chain.count', { count: total });
  return (
    <>
      <Chain
        steps={[
          { link: 'company', here: true, label: company.name },
          stepOf('deal', company.deals, '/sales/deals', `/sales/deals${query({ view: 'list', companyId: company.id })}`, count),
          stepOf('project', company.projects, '/delivery/projects', `/delivery/projects${at}`, count),
          { link: 'expense', to: `/finance/expenses${at}` },
          stepOf('invoice', company.invoices, '/finance/invoices', `/finance/invoices${at}`, count),
          { link: 'payment', to: `/finance/payments${at}` },
          { link: 'ledger', to: `/finance/ledger${at}` },
        ]}
      />
      <Facts
        facts={[
          { label: t('companies.kind'), value: <Text value={kind(company)} /> },
          { label: t('field.code'), value: <Text value={company.code} /> },
          { label: t('field.taxNumber'), value: <Text value={company.taxNumber} /> },
          { label: t('field.phone'), value: company.phone ? <a href={`tel:${company.phone}`}>{company.phone}</a> : <Text value={null} /> },
          {
            label: t('field.email'),
            value: company.email ? <a href={`mailto:${company.email}`}>{company.email}</a> : <Text value={null} />,
          },
          { label: t('field.website'), value: <Text value={company.website} /> },
          {
            label: t('field.address'),
            value: <Text value={[company.address, company.postalCode, company.city, company.region].filter(Boolean).join(', ')} />,
          },
          { label: t('field.country'), value: <Text value={company.country && countryName(company.country, lang)} /> },
          company.note ? { label: t('field.note'), value: company.note } : null,
        ]}
      />
      <CompanyLists company={company} />
      {company.isClient && can('FINANCE_READ') && can('REPORTS_READ') ? <ClientStatement companyId={company.id} /> : null}
    </>
  );
}

function CompanyLists({ company }: { company: Record }) {
  const { t } = useTranslation();
  const can = useCan();
  const at = query({ companyId: company.id });
  const contactColumns: Column<Record['contacts']['nodes'][number]>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name },
    { key: 'title', label: t('field.jobTitle'), cell: (row) => <Text value={row.title} /> },
    {
      key: 'email',
      label: t('field.email'),
      cell: (row) => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : <Text value={null} />),
    },
    { key: 'phone', label: t('field.phone'), cell: (row) => <Text value={row.phone} /> },
  ];
  const [deals, projects, invoices] = [useDealColumns(), useProjectColumns(), useInvoiceColumns()];
  return (
    <>
      <Related
        title={t('nav.contacts')}
        list={company.contacts}
        columns={contactColumns}
        href={(row) => `/companies/contacts/${row.id}`}
        all={`/companies/contacts${at}`}
        add={can('COMPANIES_WRITE') ? { to: `/companies/contacts/new${at}`, label: t('contacts.new') } : null}
        none={t('contacts.noneHere')}
      />
      {company.deals ? (
        <Related
          title={t('nav.deals')}
          list={company.deals}
          columns={deals}
          href={(row) => `/sales/deals/${row.id}`}
          all={`/sales/deals${query({ view: 'list', companyId: company.id })}`}
          add={can('SALES_WRITE') ? { to: `/sales/deals/new${at}`, label: t('deals.new') } : null}
          none={t('deals.noneHere')}
        />
      ) : null}
      {can('DELIVERY_READ') ? (
        <Related
          title={t('nav.projects')}
          list={company.projects}
          columns={projects}
          href={(row) => `/delivery/projects/${row.id}`}
          all={`/delivery/projects${at}`}
          add={can('DELIVERY_WRITE') ? { to: `/delivery/projects/new${at}`, label: t('projects.new') } : null}
          none={t('projects.noneHere')}
        />
      ) : null}
      {company.invoices ? (
        <Related
          title={t('nav.invoices')}
          list={company.invoices}
          columns={invoices}
          href={(row) => `/finance/invoices/${row.id}`}
          all={`/finance/invoices${at}`}
          none={t('invoices.noneHere')}
        />
      ) : null}
    </>
  );
}

function useFields(): FieldDef[] {
  const { t } = useTranslation();
  return [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'isClient', label: t('companies.client'), kind: 'check', half: true },
    { name: 'isSupplier', label: t('companies.supplier'), kind: 'check', half: true },
    { name: 'code', label: t('field.code'), kind: 'text', half: true },
    { name: 'taxNumber', label: t('field.taxNumber'), kind: 'text', half: true },
    { name: 'phone', label: t('field.phone'), kind: 'text', half: true },
    { name: 'email', label: t('field.email'), kind: 'email', half: true },
    { name: 'website', label: t('field.website'), kind: 'text', half: true },
    { name: 'language', label: t('field.language'), kind: 'language', half: true },
    { name: 'address', label: t('field.street'), kind: 'text' },
    { name: 'city', label: t('field.city'), kind: 'text', half: true },
    { name: 'postalCode', label: t('field.postalCode'), kind: 'text', half: true },
    { name: 'region', label: t('field.region'), kind: 'text', half: true },
    { name: 'country', label: t('field.country'), kind: 'country', half: true },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
}

export function CompanyForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/companies"
      titles={{ create: t('companies.new'), edit: t('companies.edit') }}
      fields={useFields()}
      defaults={{ isClient: true }}
      load={CompanyDocument}
      select={(answer) => answer.company}
      create={CreateCompanyDocument}
      created={(answer) => answer.createCompany.company.id}
      update={UpdateCompanyDocument}
    />
  );
}
