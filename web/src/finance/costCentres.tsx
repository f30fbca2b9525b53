import { useTranslation } from 'react-i18next';
import {
  ArchiveCostCentreDocument,
  CostCentreDocument,
  CostCentresDocument,
  CreateCostCentreDocument,
  RestoreCostCentreDocument,
  UpdateCostCentreDocument,
} from '../gql';
import { useCan } from '../lib/session';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import { ListPage } from '../ui/ListPage';
import { DataTable } from '../ui/DataTable';
import { LinkButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { RecordLink } from '../ui/values';
import { inTree } from './tree';

export function CostCentreList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.costCentres')}
      document={CostCentresDocument}
      select={(answer) => ({ ...answer.costCentres, nodes: inTree(answer.costCentres.nodes) })}
      columns={[
        {
          key: 'name',
          label: t('field.name'),
          cell: (row) => <span style={{ paddingInlineStart: row.depth * 20 }}>{row.name}</span>,
          sort: 'NAME',
        },
        { key: 'code', label: t('field.code'), cell: (row) => row.code, sort: 'CODE' },
      ]}
      href={(row) => `/finance/cost-centres/${row.id}`}
      order={{ field: 'CODE', direction: 'ASC' }}
      searchLabel={t('costCentres.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/cost-centres/new', label: t('costCentres.new') } : null}
      empty={{ title: t('costCentres.empty'), text: t('costCentres.emptyText') }}
    />
  );
}

export function CostCentrePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/cost-centres"
      up={t('nav.costCentres')}
      load={CostCentreDocument}
      select={(answer) => answer.costCentre}
      title={(centre) => centre.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveCostCentreDocument, restore: RestoreCostCentreDocument }}
      actions={(centre) => <LinkButton to={`/finance/ledger${query({ costCentreId: centre.id })}`}>{t('ledger.lines')}</LinkButton>}
    >
      {(centre) => (
        <>
          <Facts
            facts={[
              { label: t('field.code'), value: centre.code },
              { label: t('costCentres.parent'), value: <RecordLink to="/finance/cost-centres" record={centre.parent} /> },
            ]}
          />
          {centre.children.length > 0 ? (
            <Section title={t('costCentres.parts')}>
              <DataTable
                label={t('costCentres.parts')}
                columns={[
                  { key: 'name', label: t('field.name'), cell: (row) => row.name },
                  { key: 'code', label: t('field.code'), cell: (row) => row.code },
                ]}
                rows={centre.children}
                rowKey={(row) => row.id}
                rowHref={(row) => `/finance/cost-centres/${row.id}`}
              />
            </Section>
          ) : null}
        </>
      )}
    </RecordPage>
  );
}

export function CostCentreForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/finance/cost-centres"
      titles={{ create: t('costCentres.new'), edit: t('costCentres.edit') }}
      fields={[
        { name: 'code', label: t('field.code'), kind: 'text', required: true, half: true },
        { name: 'name', label: t('field.name'), kind: 'text', required: true, half: true },
        { name: 'parentId', label: t('costCentres.parent'), kind: 'ref', ref: 'costCentre', half: true },
      ]}
      load={CostCentreDocument}
      select={(answer) => answer.costCentre}
      create={CreateCostCentreDocument}
      created={(answer) => answer.createCostCentre.costCentre.id}
      update={UpdateCostCentreDocument}
    />
  );
}
