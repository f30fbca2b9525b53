import { Alert, Button, Group, Modal } from '@mantine/core';
import type { ReactNode, SyntheticEvent } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';
import type { ApiError } from '../lib/errors';
import { ErrorNote } from './Page';

interface Props {
  children: ReactNode;
  onSubmit: () => void;
  saving: boolean;
  error: ApiError | null;
  submitLabel: string;
  onCancel?: (() => void) | undefined;
  /** Typed and not saved: leaving asks first. */
  dirty?: boolean;
  /** Someone else saved meanwhile: takes theirs under what was typed here. */
  onReload?: (() => void) | undefined;
  reloaded?: boolean;
  extra?: ReactNode;
}

export function FormShell({ children, onSubmit, saving, error, submitLabel, onCancel, dirty = false, onReload, reloaded, extra }: Props) {
  const { t } = useTranslation();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!saving) onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate className="form">
      {children}
      {error?.code === 'CONFLICT' && onReload ? <Conflict onReload={onReload} /> : error ? <ErrorNote error={error} /> : null}
      {reloaded ? <Alert color="arch">{t('form.reloaded')}</Alert> : null}
      <Group className="form-foot">
        <Button type="submit" loading={saving}>
          {submitLabel}
        </Button>
        {extra}
        {onCancel ? (
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {t('ui.cancel')}
          </Button>
        ) : null}
      </Group>
      <LeaveGuard dirty={dirty} />
    </form>
  );
}

function Conflict({ onReload }: { onReload: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" role="alert" title={t('form.conflict')}>
      <p>{t('form.conflictText')}</p>
      <Button variant="default" onClick={onReload}>
        {t('form.reload')}
      </Button>
    </Alert>
  );
}

function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={t('form.leaveTitle')}
      transitionProps={{ duration: 0 }}
    >
      <p>{t('form.leaveText')}</p>
      <Group>
        <Button onClick={() => blocker.reset?.()}>{t('form.stay')}</Button>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {t('form.leave')}
        </Button>
      </Group>
    </Modal>
  );
}
