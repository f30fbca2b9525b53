import { useTranslation } from 'react-i18next';
import {
  ArchiveServiceDocument,
  CreateServiceDocument,
  RestoreServiceDocument,
  ServiceDocument,
  ServicesDocument,
  UpdateServiceDocument,
  type ServiceOrderField,
  type ServiceQuery,
  type ServicesQuery,
} from '../gql';
import { chargedTaxes } from '../lib/refs';
import { useCan, useMe } from '../lib/session';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { Money, RecordLink, Text } from '../ui/values';

type Row = ServicesQuery['services']['nodes'][number];

export function ServiceList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, ServiceOrderField>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'code', label: t('field.code'), cell: (row) => <Text value={row.code} />, sort: 'CODE' },
    { key: 'unit', label: t('services.unit'), cell: (row) => <Text value={row.unit} /> },
    { key: 'supplier', label: t('field.supplier'), cell: (row) => <RecordLink to="/companies" record={row.supplier} /> },
    { key: 'unitPrice', label: t('services.unitPrice'), cell: (row) => <Money value={row.unitPrice} />, numeric: true, sort: 'UNIT_PRICE' },
  ];
  return (
    <ListPage
      title={t('nav.services')}
      document={ServicesDocument}
      select={(answer) => answer.services}
      columns={columns}
      href={(row) => `/sales/services/${row.id}`}
      filters={[{ kind: 'ref', param: 'supplierId', ref: 'company', label: t('field.supplier') }]}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('services.search')}
      create={can('CATALOGUE_WRITE') ? { to: '/sales/services/new', label: t('services.new') } : null}
      empty={{ title: t('services.empty'), text: t('services.emptyText') }}
    />
  );
}

export function ServicePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/sales/services"
      up={t('nav.services')}
      load={ServiceDocument}
      select={(answer) => answer.service}
      title={(service) => service.name}
      mayEdit={can('CATALOGUE_WRITE')}
      archive={{ archive: ArchiveServiceDocument, restore: RestoreServiceDocument }}
      actions={(service) =>
        can('FINANCE_READ') ? <LinkButton to={`/finance/ledger${query({ serviceId: service.id })}`}>{t('ledger.lines')}</LinkButton> : null
      }
    >
      {(service) => (
        <Facts
          facts={[
            { label: t('services.unitPrice'), value: <Money value={service.unitPrice} />, figure: true },
            { label: t('services.unit'), value: <Text value={service.unit} /> },
            { label: t('field.code'), value: <Text value={service.code} /> },
            service.incomeAccount
              ? { label: t('services.incomeAccount'), value: <RecordLink to="/finance/accounts" record={service.incomeAccount} /> }
              : null,
            { label: t('field.taxCode'), value: <RecordLink to="/finance/tax-codes" record={service.taxCode} /> },
            { label: t('field.supplier'), value: <RecordLink to="/companies" record={service.supplier} /> },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function ServiceForm() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'code', label: t('field.code'), kind: 'text', half: true },
    { name: 'unit', label: t('services.unit'), kind: 'text', half: true, hint: t('services.unitHint') },
    { name: 'unitPrice', label: t('services.unitPrice'), kind: 'decimal', required: true, half: true },
    {
      name: 'currency',
      label: t('field.currency'),
      kind: 'currency',
      required: true,
      half: true,
      read: (service: ServiceQuery['service']) => service.unitPrice.currency,
    },
    {
      name: 'incomeAccountId',
      label: t('services.incomeAccount'),
      kind: 'ref',
      ref: 'account',
      base: () => ({ type: { eq: 'INCOME' } }),
      half: true,
      hint: t('services.incomeAccountHint'),
    },
    { name: 'taxCodeId', label: t('field.taxCode'), kind: 'ref', ref: 'taxCode', base: () => chargedTaxes, half: true },
    { name: 'supplierId', label: t('field.supplier'), kind: 'ref', ref: 'company', base: () => ({ isSupplier: true }) },
  ];
  return (
    <EntityForm
      path="/sales/services"
      titles={{ create: t('services.new'), edit: t('services.edit') }}
      fields={fields}
      defaults={{ currency: tenant.baseCurrency }}
      load={ServiceDocument}
      select={(answer) => answer.service}
      create={CreateServiceDocument}
      created={(answer) => answer.createService.service.id}
      update={UpdateServiceDocument}
    />
  );
}
