import { Button, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { MeDocument, SwitchTenantDocument, type MeQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import { setLanguage, toLang } from '../lib/i18n';
import { MeContext } from '../lib/session';
import { setSessionEnded, useSessionEnded } from '../lib/sessionEnded';
import { Frame } from '../ui/Frame';
import { ErrorNote } from '../ui/Page';
import { Gate, LogInForm } from './gate';

/** Inside is only who is logged in to a workspace. */
export function RequireMe() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const query = useGql(MeDocument, {});
  const me = query.data?.me;
  const language = me?.user.language;
  useEffect(() => {
    if (language) setLanguage(toLang(language));
  }, [language]);
  if (!me) {
    if (query.error?.code === 'UNAUTHENTICATED') {
      const next = pathname === '/' ? '' : `?${new URLSearchParams({ next: pathname + search }).toString()}`;
      return <Navigate to={`/log-in${next}`} replace />;
    }
    return query.error ? (
      <Gate title={t('ui.cantLoad')}>
        <ErrorNote error={query.error} retry={query.refetch} />
      </Gate>
    ) : null;
  }
  const { tenant } = me;
  if (!tenant) return <ChooseWorkspace me={me} />;
  return (
    <MeContext value={{ ...me, tenant }}>
      <Frame />
      <LogInAgain />
    </MeContext>
  );
}

function ChooseWorkspace({ me }: { me: MeQuery['me'] }) {
  const { t } = useTranslation();
  const act = useAct(SwitchTenantDocument);
  return (
    <Gate title={t('gate.chooseWorkspace')} {...(me.tenants.length === 0 ? { text: t('gate.noWorkspace') } : {})}>
      <Stack gap="xs">
        {me.tenants.map((tenant) => (
          <Button key={tenant.id} variant="default" onClick={() => act.mutate({ input: { tenantId: tenant.id } })}>
            {tenant.name} ({t(`role.${tenant.role}`)})
          </Button>
        ))}
      </Stack>
      {act.error ? <ErrorNote error={act.error} /> : null}
    </Gate>
  );
}

function LogInAgain() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const ended = useSessionEnded();
  const done = () => {
    setSessionEnded(false);
    void client.invalidateQueries();
  };
  return (
    <Modal opened={ended} onClose={() => setSessionEnded(false)} title={t('gate.sessionEnded')} transitionProps={{ duration: 0 }}>
      <p className="muted">{t('gate.sessionEndedText')}</p>
      <LogInForm onDone={done} />
    </Modal>
  );
}
