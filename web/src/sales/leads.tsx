import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import {
  ArchiveLeadDocument,
  ConvertLeadDocument,
  CreateLeadDocument,
  LeadDocument,
  LeadsDocument,
  LoseLeadDocument,
  ReopenLeadDocument,
  RestoreLeadDocument,
  UpdateLeadDocument,
  type LeadOrderField,
  type LeadQuery,
  type LeadsQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { useCan } from '../lib/session';
import { Act } from '../ui/Act';
import { Chain } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, RecordLink, Status, Text } from '../ui/values';

type Row = LeadsQuery['leads']['nodes'][number];

export function LeadList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, LeadOrderField>[] = [
    { key: 'name', label: t('field.personName'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'companyName', label: t('field.company'), cell: (row) => <Text value={row.companyName} /> },
    { key: 'source', label: t('leads.source'), cell: (row) => <Text value={row.source} /> },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'owner', label: t('field.owner'), cell: (row) => <Text value={row.owner?.name} /> },
    {
      key: 'createdAt',
      label: t('leads.since'),
      cell: (row) => <DateText value={row.createdAt.slice(0, 10)} />,
      sort: 'CREATED_AT',
      wide: true,
    },
  ];
  return (
    <ListPage
      title={t('nav.leads')}
      document={LeadsDocument}
      select={(answer) => answer.leads}
      columns={columns}
      href={(row) => `/sales/leads/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: ['NEW', 'CONVERTED', 'LOST'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'ref', param: 'ownerId', ref: 'member', label: t('field.owner') },
      ]}
      order={{ field: 'CREATED_AT', direction: 'DESC' }}
      searchLabel={t('leads.search')}
      create={can('SALES_WRITE') ? { to: '/sales/leads/new', label: t('leads.new') } : null}
      empty={{ title: t('leads.empty'), text: t('leads.emptyText') }}
    />
  );
}

export function LeadPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/sales/leads"
      up={t('nav.leads')}
      load={LeadDocument}
      select={(answer) => answer.lead}
      title={(lead) => lead.name}
      status={(lead) => <Status value={lead.status} />}
      actions={(lead) => (can('SALES_WRITE') ? <Acts lead={lead} /> : null)}
      mayEdit={(lead) => can('SALES_WRITE') && lead.status !== 'CONVERTED'}
      archive={{ archive: ArchiveLeadDocument, restore: RestoreLeadDocument }}
    >
      {(lead) => (
        <>
          <Chain
            steps={[
              { link: 'lead', here: true, label: lead.name },
              { link: 'company', to: lead.company ? `/companies/${lead.company.id}` : null, label: lead.company?.name },
              { link: 'deal', to: lead.deal ? `/sales/deals/${lead.deal.id}` : null, label: lead.deal?.name },
            ]}
          />
          <Facts
            facts={[
              { label: t('leads.companyName'), value: <Text value={lead.companyName} /> },
              { label: t('field.email'), value: lead.email ? <a href={`mailto:${lead.email}`}>{lead.email}</a> : <Text value={null} /> },
              { label: t('field.phone'), value: lead.phone ? <a href={`tel:${lead.phone}`}>{lead.phone}</a> : <Text value={null} /> },
              { label: t('leads.source'), value: <Text value={lead.source} /> },
              { label: t('field.owner'), value: <Text value={lead.owner?.name} /> },
              { label: t('field.contact'), value: <RecordLink to="/companies/contacts" record={lead.contact} /> },
              lead.note ? { label: t('field.note'), value: lead.note } : null,
            ]}
          />
        </>
      )}
    </RecordPage>
  );
}

function Acts({ lead }: { lead: LeadQuery['lead'] }) {
  const { t } = useTranslation();
  const can = useCan();
  const [lose, reopen] = [useAct(LoseLeadDocument), useAct(ReopenLeadDocument)];
  const input = { id: lead.id, version: lead.version };
  if (lead.status === 'CONVERTED') return null;
  if (lead.status === 'LOST')
    return <Act label={t('leads.reopen')} text={t('leads.reopenText')} run={() => reopen.mutateAsync({ input })} />;
  return (
    <>
      {can('COMPANIES_WRITE') ? <Convert lead={lead} /> : null}
      <Act label={t('leads.lose')} text={t('leads.loseText')} run={() => lose.mutateAsync({ input })} />
    </>
  );
}

function Convert({ lead }: { lead: LeadQuery['lead'] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct(ConvertLeadDocument);
  const fields: FieldDef[] = [
    { name: 'dealName', label: t('leads.dealName'), kind: 'text' },
    { name: 'companyId', label: t('leads.existingCompany'), kind: 'ref', ref: 'company', hint: t('leads.existingCompanyHint') },
  ];
  const run = async (input: Record<string, unknown>) => {
    const answer = await act.mutateAsync({ input: { ...input, id: lead.id, version: lead.version } });
    void navigate(`/sales/deals/${answer.convertLead.deal.id}`);
  };
  return (
    <Act
      label={t('leads.convert')}
      text={t('leads.convertText')}
      fields={fields}
      defaults={{ dealName: lead.companyName ?? lead.name }}
      run={run}
      primary
    />
  );
}

export function LeadForm() {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.personName'), kind: 'text', required: true },
    { name: 'companyName', label: t('leads.companyName'), kind: 'text' },
    { name: 'email', label: t('field.email'), kind: 'email', half: true },
    { name: 'phone', label: t('field.phone'), kind: 'text', half: true },
    { name: 'source', label: t('leads.source'), kind: 'text', half: true },
    { name: 'ownerId', label: t('field.owner'), kind: 'ref', ref: 'member', half: true },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
  return (
    <EntityForm
      path="/sales/leads"
      titles={{ create: t('leads.new'), edit: t('leads.edit') }}
      fields={fields}
      load={LeadDocument}
      select={(answer) => answer.lead}
      create={CreateLeadDocument}
      created={(answer) => answer.createLead.lead.id}
      update={UpdateLeadDocument}
    />
  );
}
