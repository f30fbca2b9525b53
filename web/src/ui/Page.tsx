import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ApiError } from '../lib/errors';

interface Props {
  title: ReactNode;
  /** The window's title, where `title` isn't plain text. */
  name?: string;
  up?: { to: string; label: string };
  aside?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, name, up, aside, actions, narrow, children }: Props) {
  const windowTitle = name ?? (typeof title === 'string' ? title : '');
  useEffect(() => {
    document.title = windowTitle ? `${windowTitle} · Kamara` : 'Kamara';
  }, [windowTitle]);
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      {up ? (
        <Link className="up" to={up.to}>
          <span aria-hidden="true">← </span>
          {up.label}
        </Link>
      ) : null}
      <header className="page-head">
        <h1>{title}</h1>
        {aside}
        {actions ? <div className="actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function LinkButton({ to, children, primary }: { to: string; children: ReactNode; primary?: boolean }) {
  return (
    <Button component={Link} to={to} variant={primary ? 'filled' : 'default'}>
      {children}
    </Button>
  );
}

/** What is printed or sent, as a PDF in a tab of its own. */
export function PdfButton({ href, small = false }: { href: string; small?: boolean }) {
  return (
    <Button component="a" href={href} target="_blank" rel="noreferrer" variant="default" size={small ? 'xs' : 'sm'}>
      PDF
    </Button>
  );
}

/** What to do first, where there is nothing yet. */
export function Empty({ title, text, action }: { title: string; text?: string | undefined; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {text ? <p>{text}</p> : null}
      {action}
    </div>
  );
}

/** Instead of a form that the server would refuse: why, and the way to the record. */
export function NotEditable({ title, text, to, record }: { title: string; text: string; to: string; record: string }) {
  return (
    <Page title={title}>
      <p>{text}</p>
      <p>
        <Link to={to}>{record}</Link>
      </p>
    </Page>
  );
}

/** Our own words for a code; the server's, where it says more. */
export function useErrorText(): (error: ApiError) => string {
  const { t } = useTranslation();
  return (error) => (error.message !== '' && error.code !== 'INTERNAL' ? error.message : t(`error.${error.code}`));
}

export function ErrorNote({ error, retry }: { error: ApiError; retry?: (() => unknown) | undefined }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <Alert color="red" variant="light" role="alert" className="error-note">
      {text(error)}
      {retry && error.code !== 'NOT_FOUND' && error.code !== 'FORBIDDEN' ? (
        <Button variant="subtle" color="red" ml="sm" onClick={() => void retry()}>
          {t('ui.tryAgain')}
        </Button>
      ) : null}
    </Alert>
  );
}

export function Section({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
