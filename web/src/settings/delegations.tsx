import { useTranslation } from 'react-i18next';
import {
  ApprovalDelegationsDocument,
  CreateApprovalDelegationDocument,
  EndApprovalDelegationDocument,
  type ApprovalDelegationsQuery,
  type CreateApprovalDelegationInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import type { FieldDef } from '../ui/fields';
import { Empty, ErrorNote, Page } from '../ui/Page';
import { DateText, Text } from '../ui/values';

type Delegation = ApprovalDelegationsQuery['approvalDelegations']['nodes'][number];

/** Who decides for whom during an absence: one's own, and for who runs the workspace everybody's. */
export function DelegationsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const today = useToday();
  const answer = useGql(ApprovalDelegationsDocument, {});
  const [create, end] = [useAct(CreateApprovalDelegationDocument), useAct(EndApprovalDelegationDocument)];
  const manages = can('TENANT_MANAGE');
  const fields: FieldDef[] = [
    ...(manages
      ? [{ name: 'fromId', label: t('delegations.from'), kind: 'ref', ref: 'member', hint: t('delegations.fromHint') } as const]
      : []),
    { name: 'toId', label: t('delegations.to'), kind: 'ref', ref: 'member', required: true },
    { name: 'startDate', label: t('delegations.start'), kind: 'date', required: true, half: true },
    { name: 'endDate', label: t('delegations.end'), kind: 'date', required: true, half: true },
    { name: 'reason', label: t('delegations.reason'), kind: 'text' },
  ];
  const columns: Column<Delegation>[] = [
    { key: 'from', label: t('delegations.from'), cell: (row) => row.from.name },
    { key: 'to', label: t('delegations.to'), cell: (row) => row.to.name },
    { key: 'start', label: t('delegations.start'), cell: (row) => <DateText value={row.startDate} /> },
    { key: 'end', label: t('delegations.end'), cell: (row) => <DateText value={row.endDate} /> },
    { key: 'reason', label: t('delegations.reason'), cell: (row) => <Text value={row.reason} /> },
    {
      key: 'stop',
      label: '',
      cell: (row) =>
        manages || row.from.id === me.membership?.id ? (
          <Act
            compact
            label={t('delegations.stop')}
            text={t('delegations.stopText', { to: row.to.name, from: row.from.name })}
            run={() => end.mutateAsync({ input: { id: row.id, version: row.version } })}
          />
        ) : null,
    },
  ];
  const add = (
    <Act
      label={t('delegations.new')}
      text={t('delegations.newText')}
      fields={fields}
      defaults={{ startDate: today, endDate: today }}
      run={(input) => create.mutateAsync({ input: input as unknown as CreateApprovalDelegationInput })}
      primary
    />
  );
  const rows = answer.data?.approvalDelegations.nodes ?? [];
  return (
    <Page title={t('nav.delegations')} actions={rows.length > 0 ? add : null}>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {rows.length > 0 ? <DataTable label={t('nav.delegations')} columns={columns} rows={rows} rowKey={(row) => row.id} /> : null}
      {answer.data && rows.length === 0 ? <Empty title={t('delegations.empty')} text={t('delegations.emptyText')} action={add} /> : null}
    </Page>
  );
}
