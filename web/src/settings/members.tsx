import { Button, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import {
  ChangeMemberRoleDocument,
  InvitationsDocument,
  InviteMemberDocument,
  MembersDocument,
  RemoveMemberDocument,
  RevokeInvitationDocument,
  type InvitationsQuery,
  type InviteMemberInput,
  type MembersQuery,
  type Role,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useMe } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, Page, Section } from '../ui/Page';
import { Instant } from '../ui/values';

type Member = MembersQuery['members']['nodes'][number];
type Invitation = InvitationsQuery['invitations'][number];
const roles: Role[] = ['OWNER', 'ADMIN', 'FINANCE', 'SALES', 'PROJECT_MANAGER', 'HR', 'EMPLOYEE', 'READ_ONLY'];

export function MembersPage() {
  const { t } = useTranslation();
  const invite = useAct(InviteMemberDocument);
  return (
    <Page
      title={t('nav.members')}
      actions={
        <Act
          label={t('members.invite')}
          text={t('members.inviteText')}
          fields={[
            { name: 'email', label: t('field.email'), kind: 'email', required: true },
            { name: 'role', label: t('members.role'), kind: 'enum', options: roles, optionLabel: 'role', required: true },
          ]}
          defaults={{ role: 'EMPLOYEE' }}
          run={(input) => invite.mutateAsync({ input: input as unknown as InviteMemberInput })}
          primary
        />
      }
    >
      <MemberTable />
      <Invitations />
      <Section title={t('members.roles')}>
        <dl className="facts">
          {roles.map((role) => (
            <div key={role} className="fact">
              <dt>{t(`role.${role}`)}</dt>
              <dd>{t(`roleText.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </Page>
  );
}

function MemberTable() {
  const { t } = useTranslation();
  const me = useMe();
  const query = useGql(MembersDocument, {});
  const change = useAct(ChangeMemberRoleDocument);
  const remove = useAct(RemoveMemberDocument);
  const columns: Column<Member>[] = [
    { key: 'name', label: t('field.personName'), cell: (row) => row.name },
    { key: 'email', label: t('field.email'), cell: (row) => row.email },
    {
      key: 'role',
      label: t('members.role'),
      cell: (row) => (
        <Select
          className="in-cell"
          aria-label={t('members.roleOf', { name: row.name })}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          value={row.role}
          allowDeselect={false}
          onChange={(role) => {
            if (role && role !== row.role) change.mutate({ input: { memberId: row.id, role } });
          }}
        />
      ),
    },
    {
      key: 'remove',
      label: '',
      cell: (row) =>
        row.id === me.membership?.id ? (
          t('members.you')
        ) : (
          <Act
            compact
            label={t('members.remove')}
            text={t('members.removeText', { name: row.name, workspace: me.tenant.name })}
            run={() => remove.mutateAsync({ input: { memberId: row.id } })}
            danger
          />
        ),
    },
  ];
  return (
    <>
      {query.error ? <ErrorNote error={query.error} retry={query.refetch} /> : null}
      {change.error ? <ErrorNote error={change.error} /> : null}
      {query.data ? (
        <DataTable label={t('nav.members')} columns={columns} rows={query.data.members.nodes} rowKey={(row) => row.id} />
      ) : null}
    </>
  );
}

function Invitations() {
  const { t } = useTranslation();
  const query = useGql(InvitationsDocument, {});
  const revoke = useAct(RevokeInvitationDocument);
  const columns: Column<Invitation>[] = [
    { key: 'email', label: t('field.email'), cell: (row) => row.email },
    { key: 'role', label: t('members.role'), cell: (row) => t(`role.${row.role}`) },
    { key: 'expires', label: t('settings.expires'), cell: (row) => <Instant value={row.expiresAt} /> },
    {
      key: 'revoke',
      label: '',
      cell: (row) => (
        <Button size="compact-sm" variant="default" onClick={() => revoke.mutate({ input: { id: row.id } })}>
          {t('members.revoke')}
        </Button>
      ),
    },
  ];
  return (
    <Section title={t('members.invitations')}>
      {query.error ? <ErrorNote error={query.error} retry={query.refetch} /> : null}
      {revoke.error ? <ErrorNote error={revoke.error} /> : null}
      {query.data && query.data.invitations.length > 0 ? (
        <DataTable label={t('members.invitations')} columns={columns} rows={query.data.invitations} rowKey={(row) => row.id} />
      ) : (
        <p className="muted">{t('members.noInvitations')}</p>
      )}
    </Section>
  );
}
