import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import {
  ArchiveDealDocument,
  CreateDealDocument,
  DealDocument,
  DealsDocument,
  RestoreDealDocument,
  UpdateDealDocument,
  type DealOrderField,
  type DealQuery,
  type DealsQuery,
} from '../gql';
import { formatRate } from '../lib/format';
import { useCan, useLang, useMe } from '../lib/session';
import { Chain, stepOf } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage, Related } from '../ui/RecordPage';
import { useInvoiceColumns, useProjectColumns } from '../ui/columns';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { Board } from './board';
import { DealActs } from './dealActs';

type Row = DealsQuery['deals']['nodes'][number];
type Record = DealQuery['deal'];

/** The board by stage, or the same deals as a list. */
export function Deals() {
  const [params] = useSearchParams();
  return params.get('view') === 'list' ? <DealList /> : <Board />;
}

function DealList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, DealOrderField>[] = [
    { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    { key: 'stage', label: t('field.stage'), cell: (row) => row.stage.name },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'owner', label: t('field.owner'), cell: (row) => <Text value={row.owner?.name} />, wide: true },
    {
      key: 'close',
      label: t('deals.expectedClose'),
      cell: (row) => <DateText value={row.expectedCloseDate} />,
      sort: 'EXPECTED_CLOSE_DATE',
    },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
  ];
  return (
    <ListPage
      title={t('nav.deals')}
      document={DealsDocument}
      select={(answer) => answer.deals}
      columns={columns}
      href={(row) => `/sales/deals/${row.id}`}
      keep={['view']}
      filters={[
        { kind: 'enum', param: 'status', options: ['OPEN', 'WON', 'LOST'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') },
        { kind: 'ref', param: 'stageId', ref: 'stage', label: t('field.stage') },
        { kind: 'ref', param: 'ownerId', ref: 'member', label: t('field.owner') },
      ]}
      order={{ field: 'CREATED_AT', direction: 'DESC' }}
      searchLabel={t('deals.search')}
      create={can('SALES_WRITE') ? { to: '/sales/deals/new', label: t('deals.new') } : null}
      actions={<LinkButton to="/sales/deals">{t('deals.asBoard')}</LinkButton>}
      empty={{ title: t('deals.empty'), text: t('deals.emptyText') }}
    />
  );
}

export function DealPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/sales/deals"
      up={t('nav.deals')}
      load={DealDocument}
      select={(answer) => answer.deal}
      title={(deal) => deal.name}
      status={(deal) => <Status value={deal.status} />}
      actions={(deal) => (can('SALES_WRITE') ? <DealActs deal={deal} /> : null)}
      mayEdit={can('SALES_WRITE')}
      archive={{ archive: ArchiveDealDocument, restore: RestoreDealDocument }}
    >
      {(deal) => <DealBody deal={deal} />}
    </RecordPage>
  );
}

function DealBody({ deal }: { deal: Record }) {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const [projects, invoices] = [useProjectColumns(), useInvoiceColumns()];
  const at = query({ dealId: deal.id });
  const from = query({ dealId: deal.id, companyId: deal.company?.id, name: deal.name });
  return (
    <>
      <DealChain deal={deal} />
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={deal.amount} />, figure: true },
          { label: t('field.stage'), value: `${deal.stage.name} (${formatRate(deal.stage.probability, lang)})` },
          { label: t('field.company'), value: <RecordLink to="/companies" record={deal.company} /> },
          { label: t('field.contact'), value: <RecordLink to="/companies/contacts" record={deal.contact} /> },
          { label: t('field.owner'), value: <Text value={deal.owner?.name} /> },
          { label: t('deals.expectedClose'), value: <DateText value={deal.expectedCloseDate} /> },
          deal.closedOn ? { label: t('deals.closedOn'), value: <DateText value={deal.closedOn} /> } : null,
          deal.lossReason ? { label: t('deals.lossReason'), value: deal.lossReason } : null,
        ]}
      />
      {can('DELIVERY_READ') ? (
        <Related
          title={t('nav.projects')}
          list={deal.projects}
          columns={projects}
          href={(row) => `/delivery/projects/${row.id}`}
          all={`/delivery/projects${at}`}
          add={can('DELIVERY_WRITE') ? { to: `/delivery/projects/new${from}`, label: t('projects.new') } : null}
          none={t('projects.noneHere')}
        />
      ) : null}
      {deal.invoices ? (
        <Related
          title={t('nav.invoices')}
          list={deal.invoices}
          columns={invoices}
          href={(row) => `/finance/invoices/${row.id}`}
          all={`/finance/invoices${at}`}
          add={
            can('FINANCE_WRITE')
              ? { to: `/finance/invoices/new${query({ dealId: deal.id, companyId: deal.company?.id })}`, label: t('invoices.new') }
              : null
          }
          none={t('invoices.noneHere')}
        />
      ) : null}
    </>
  );
}

function DealChain({ deal }: { deal: Record }) {
  const { t } = useTranslation();
  const count = (total: number) => t('chain.count', { count: total });
  const only = deal.projects.totalCount === 1 ? deal.projects.nodes[0] : undefined;
  const at = query({ dealId: deal.id });
  return (
    <Chain
      steps={[
        { link: 'lead', to: deal.lead ? `/sales/leads/${deal.lead.id}` : null, label: deal.lead?.name },
        { link: 'deal', here: true, label: deal.name },
        stepOf('project', deal.projects, '/delivery/projects', `/delivery/projects${at}`, count),
        { link: 'time', to: only ? `/delivery/time${query({ projectId: only.id })}` : null },
        { link: 'expense', to: only ? `/finance/expenses${query({ projectId: only.id })}` : null },
        stepOf('invoice', deal.invoices, '/finance/invoices', `/finance/invoices${at}`, count),
        { link: 'ledger', to: deal.invoices && deal.invoices.totalCount > 0 ? `/finance/ledger${at}` : null },
      ]}
    />
  );
}

export function DealForm() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.name'), kind: 'text', required: true },
    { name: 'companyId', label: t('field.company'), kind: 'ref', ref: 'company', half: true },
    {
      name: 'contactId',
      label: t('field.contact'),
      kind: 'ref',
      ref: 'contact',
      half: true,
      base: ({ companyId }) => (companyId ? { companyId: { eq: companyId } } : {}),
    },
    { name: 'amount', label: t('field.amount'), kind: 'decimal', half: true, read: (deal: Record) => deal.amount.amount },
    {
      name: 'currency',
      label: t('field.currency'),
      kind: 'currency',
      required: true,
      half: true,
      read: (deal: Record) => deal.amount.currency,
    },
    { name: 'stageId', label: t('field.stage'), kind: 'ref', ref: 'stage', half: true, createOnly: true },
    { name: 'expectedCloseDate', label: t('deals.expectedClose'), kind: 'date', half: true },
    { name: 'ownerId', label: t('field.owner'), kind: 'ref', ref: 'member', half: true },
  ];
  return (
    <EntityForm
      path="/sales/deals"
      titles={{ create: t('deals.new'), edit: t('deals.edit') }}
      fields={fields}
      defaults={{ currency: tenant.baseCurrency }}
      load={DealDocument}
      select={(answer) => answer.deal}
      create={CreateDealDocument}
      created={(answer) => answer.createDeal.deal.id}
      update={UpdateDealDocument}
    />
  );
}
