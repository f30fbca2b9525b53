import { useTranslation } from 'react-i18next';
import { Button } from '@mantine/core';
import {
  ChangePasswordDocument,
  EndSessionDocument,
  SessionsDocument,
  UpdateProfileDocument,
  type ChangePasswordInput,
  type SessionsQuery,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { deviceName } from '../lib/device';
import { useMe } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import type { FieldDef } from '../ui/fields';
import { ErrorNote, Page, Section } from '../ui/Page';
import { SmallForm } from '../ui/SmallForm';
import { Instant, Text } from '../ui/values';

export function ProfilePage() {
  const { t } = useTranslation();
  const { user } = useMe();
  const profile = useAct(UpdateProfileDocument);
  const password = useAct(ChangePasswordDocument);
  const fields: FieldDef[] = [
    { name: 'name', label: t('gate.yourName'), kind: 'text', required: true, autoComplete: 'name' },
    { name: 'language', label: t('field.language'), kind: 'language', required: true },
  ];
  const secret: FieldDef[] = [
    { name: 'currentPassword', label: t('settings.currentPassword'), kind: 'password', required: true },
    { name: 'newPassword', label: t('gate.newPassword'), kind: 'newPassword', required: true, hint: t('gate.passwordHint') },
  ];
  return (
    <Page title={t('nav.profile')} narrow>
      <p className="muted">{user.email}</p>
      <SmallForm
        fields={fields}
        defaults={{ name: user.name, language: user.language }}
        submitLabel={t('ui.save')}
        doneText={t('ui.saved')}
        run={(input) => profile.mutateAsync({ input: input })}
      />
      <Section title={t('settings.changePassword')}>
        <p className="muted">{t('settings.changePasswordText')}</p>
        <SmallForm
          fields={secret}
          submitLabel={t('settings.changePassword')}
          doneText={t('settings.passwordChanged')}
          run={(input) => password.mutateAsync({ input: input as unknown as ChangePasswordInput })}
          clear
        />
      </Section>
    </Page>
  );
}

export function SessionsPage() {
  const { t } = useTranslation();
  const query = useGql(SessionsDocument, {});
  const end = useAct(EndSessionDocument);
  type Row = SessionsQuery['sessions'][number];
  const columns: Column<Row>[] = [
    {
      key: 'agent',
      label: t('settings.device'),
      cell: (row) =>
        row.kind === 'TOKEN' ? (
          t('settings.script')
        ) : (
          <span title={row.userAgent ?? ''}>{deviceName(row.userAgent) ?? <Text value={row.userAgent} />}</span>
        ),
    },
    { key: 'ip', label: t('settings.address'), cell: (row) => <Text value={row.ip} /> },
    { key: 'seen', label: t('settings.lastSeen'), cell: (row) => <Instant value={row.lastSeenAt} /> },
    { key: 'expires', label: t('settings.expires'), cell: (row) => <Instant value={row.expiresAt} />, wide: true },
    {
      key: 'end',
      label: '',
      cell: (row) =>
        row.current ? (
          t('settings.thisOne')
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => end.mutate({ input: { id: row.id } })}>
            {t('settings.endSession')}
          </Button>
        ),
    },
  ];
  return (
    <Page title={t('nav.sessions')}>
      <p className="muted">{t('settings.sessionsText')}</p>
      {query.error ? <ErrorNote error={query.error} retry={query.refetch} /> : null}
      {end.error ? <ErrorNote error={end.error} /> : null}
      {query.data ? <DataTable label={t('nav.sessions')} columns={columns} rows={query.data.sessions} rowKey={(row) => row.id} /> : null}
    </Page>
  );
}
