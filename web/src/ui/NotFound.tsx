import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Empty, LinkButton, Page } from './Page';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('ui.notFound')}>
      <Empty title={t('ui.notFoundText')} action={<LinkButton to="/">{t('nav.home')}</LinkButton>} />
    </Page>
  );
}

/** The page itself broke, or a newer version took the place of the one that is open. */
export function Failed() {
  const { t } = useTranslation();
  const error = useRouteError();
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <Page title={t('ui.failed')}>
      <Empty title={t('ui.failedText')} action={<Button onClick={() => window.location.reload()}>{t('ui.reloadPage')}</Button>} />
    </Page>
  );
}
