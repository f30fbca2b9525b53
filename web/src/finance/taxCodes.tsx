import { useTranslation } from 'react-i18next';
import {
  ArchiveTaxCodeDocument,
  CreateTaxCodeDocument,
  RestoreTaxCodeDocument,
  TaxCodeDocument,
  TaxCodesDocument,
  UpdateTaxCodeDocument,
} from '../gql';
import { useCan } from '../lib/session';
import { EntityForm } from '../ui/EntityForm';
import { ListPage } from '../ui/ListPage';
import { Facts, RecordPage } from '../ui/RecordPage';
import { Rate } from '../ui/values';

export function TaxCodeList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.taxCodes')}
      document={TaxCodesDocument}
      select={(answer) => answer.taxCodes}
      columns={[
        { key: 'code', label: t('field.code'), cell: (row) => row.code, sort: 'CODE' },
        { key: 'name', label: t('field.name'), cell: (row) => row.name },
        { key: 'rate', label: t('taxCodes.rate'), cell: (row) => <Rate value={row.rate} />, numeric: true },
      ]}
      href={(row) => `/finance/tax-codes/${row.id}`}
      order={{ field: 'CODE', direction: 'ASC' }}
      searchLabel={t('taxCodes.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/tax-codes/new', label: t('taxCodes.new') } : null}
      empty={{ title: t('taxCodes.empty'), text: t('taxCodes.emptyText') }}
    />
  );
}

export function TaxCodePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/tax-codes"
      up={t('nav.taxCodes')}
      load={TaxCodeDocument}
      select={(answer) => answer.taxCode}
      title={(code) => code.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveTaxCodeDocument, restore: RestoreTaxCodeDocument }}
    >
      {(code) => (
        <Facts
          facts={[
            { label: t('taxCodes.rate'), value: <Rate value={code.rate} />, figure: true },
            { label: t('field.code'), value: code.code },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function TaxCodeForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/finance/tax-codes"
      titles={{ create: t('taxCodes.new'), edit: t('taxCodes.edit') }}
      fields={[
        { name: 'code', label: t('field.code'), kind: 'text', required: true, half: true },
        { name: 'name', label: t('field.name'), kind: 'text', required: true, half: true },
        { name: 'rate', label: t('taxCodes.rate'), kind: 'percent', required: true, half: true },
      ]}
      load={TaxCodeDocument}
      select={(answer) => answer.taxCode}
      create={CreateTaxCodeDocument}
      created={(answer) => answer.createTaxCode.taxCode.id}
      update={UpdateTaxCodeDocument}
    />
  );
}
