import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import {
  AcceptInvitationDocument,
  LogInDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  SignUpDocument,
  type AcceptInvitationInput,
  type LogInInput,
  type SignUpInput,
} from '../gql';
import { request } from '../lib/api';
import { ownTimeZone } from '../lib/choices';
import { toLanguage } from '../lib/i18n';
import { useLang } from '../lib/session';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef, type Values } from '../ui/fields';
import { LanguageSwitch } from '../ui/LanguageSwitch';
import { ErrorNote } from '../ui/Page';
import { useForm } from '../ui/useForm';

interface GateProps {
  title: string;
  text?: string;
  children: ReactNode;
  foot?: ReactNode;
}

/** The pages in front of the workspace. */
export function Gate({ title, text, children, foot }: GateProps) {
  useEffect(() => {
    document.title = `${title} · Kamara`;
  }, [title]);
  return (
    <main className="gate">
      <div className="gate-box">
        <span className="brand">
          <img src="/arch.svg" alt="" width={24} height={24} />
          Kamara
        </span>
        <h1>{title}</h1>
        {text ? <p className="muted">{text}</p> : null}
        {children}
        <div className="gate-foot">
          {foot}
          <LanguageSwitch />
        </div>
      </div>
    </main>
  );
}

interface GateFormProps {
  fields: FieldDef[];
  defaults?: Values;
  submitLabel: string;
  onSubmit: (input: Record<string, unknown>) => Promise<unknown>;
  onDone: () => void;
}

function GateForm({ fields, defaults = {}, submitLabel, onSubmit, onDone }: GateFormProps) {
  const lang = useLang();
  const form = useForm(fields, { ...Object.fromEntries(fields.map((def) => [def.name, ''])), ...defaults });
  const go = async () => {
    if (await form.submit(() => onSubmit(toInput(form.values, fields, lang)))) onDone();
  };
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <Fields fields={fields} form={form} />
      {form.failure ? <ErrorNote error={form.failure} /> : null}
      <Button type="submit" loading={form.saving} fullWidth>
        {submitLabel}
      </Button>
    </form>
  );
}

/** Where to go once in: where the person was headed, if that is a page of ours. */
function useEnter() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [params] = useSearchParams();
  return () => {
    const next = params.get('next');
    client.clear();
    void navigate(next?.startsWith('/') && !next.startsWith('//') ? next : '/', { replace: true });
  };
}

export function LogInForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'email', label: t('field.email'), kind: 'email', required: true, autoComplete: 'username' },
    { name: 'password', label: t('gate.password'), kind: 'password', required: true },
  ];
  return (
    <GateForm
      fields={fields}
      submitLabel={t('gate.logIn')}
      onSubmit={(input) => request(LogInDocument, { input: { ...(input as unknown as LogInInput), cookie: true } })}
      onDone={onDone}
    />
  );
}

export function LogIn() {
  const { t } = useTranslation();
  const enter = useEnter();
  return (
    <Gate
      title={t('gate.logIn')}
      foot={
        <>
          <Link to="/sign-up">{t('gate.signUp')}</Link>
          <Link to="/forgot-password">{t('gate.forgot')}</Link>
        </>
      }
    >
      <LogInForm onDone={enter} />
    </Gate>
  );
}

export function SignUp() {
  const { t } = useTranslation();
  const lang = useLang();
  const enter = useEnter();
  const fields: FieldDef[] = [
    { name: 'company', label: t('gate.company'), kind: 'text', required: true, autoComplete: 'organization' },
    { name: 'country', label: t('field.country'), kind: 'country', required: true, half: true },
    { name: 'baseCurrency', label: t('gate.baseCurrency'), kind: 'currency', required: true, half: true },
    { name: 'timeZone', label: t('field.timeZone'), kind: 'timeZone', required: true },
    { name: 'name', label: t('gate.yourName'), kind: 'text', required: true, autoComplete: 'name' },
    { name: 'email', label: t('field.email'), kind: 'email', required: true, autoComplete: 'username' },
    { name: 'password', label: t('gate.password'), kind: 'newPassword', required: true, hint: t('gate.passwordHint') },
  ];
  return (
    <Gate title={t('gate.signUp')} text={t('gate.signUpText')} foot={<Link to="/log-in">{t('gate.haveAccount')}</Link>}>
      <GateForm
        fields={fields}
        defaults={{ country: 'GE', baseCurrency: 'GEL', timeZone: ownTimeZone() === 'UTC' ? 'Asia/Tbilisi' : ownTimeZone() }}
        submitLabel={t('gate.signUp')}
        onSubmit={(input) =>
          request(SignUpDocument, { input: { ...(input as unknown as SignUpInput), language: toLanguage(lang), cookie: true } })
        }
        onDone={enter}
      />
    </Gate>
  );
}

export function ForgotPassword() {
  const { t } = useTranslation();
  const [sent, setSent] = useState(false);
  return (
    <Gate
      title={t('gate.forgotTitle')}
      text={sent ? t('gate.forgotSent') : t('gate.forgotText')}
      foot={<Link to="/log-in">{t('gate.logIn')}</Link>}
    >
      {sent ? null : (
        <GateForm
          fields={[{ name: 'email', label: t('field.email'), kind: 'email', required: true, autoComplete: 'username' }]}
          submitLabel={t('gate.sendLink')}
          onSubmit={(input) => request(RequestPasswordResetDocument, { input: { email: String(input.email) } })}
          onDone={() => setSent(true)}
        />
      )}
    </Gate>
  );
}

export function ResetPassword() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [done, setDone] = useState(false);
  const token = params.get('token') ?? '';
  return (
    <Gate
      title={t('gate.resetTitle')}
      text={done ? t('gate.resetDone') : t('gate.passwordHint')}
      foot={<Link to="/log-in">{t('gate.logIn')}</Link>}
    >
      {done ? null : (
        <GateForm
          fields={[{ name: 'newPassword', label: t('gate.newPassword'), kind: 'newPassword', required: true }]}
          submitLabel={t('gate.resetTitle')}
          onSubmit={(input) => request(ResetPasswordDocument, { input: { token, newPassword: String(input.newPassword) } })}
          onDone={() => setDone(true)}
        />
      )}
    </Gate>
  );
}

export function AcceptInvitation() {
  const { t } = useTranslation();
  const enter = useEnter();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const fields: FieldDef[] = [
    { name: 'name', label: t('gate.yourName'), kind: 'text', required: true, autoComplete: 'name' },
    { name: 'password', label: t('gate.password'), kind: 'password', required: true, hint: t('gate.invitedPasswordHint') },
  ];
  return (
    <Gate title={t('gate.acceptTitle')} text={t('gate.acceptText')} foot={<Link to="/log-in">{t('gate.logIn')}</Link>}>
      <GateForm
        fields={fields}
        submitLabel={t('gate.accept')}
        onSubmit={(input) =>
          request(AcceptInvitationDocument, { input: { ...(input as unknown as AcceptInvitationInput), token, cookie: true } })
        }
        onDone={enter}
      />
    </Gate>
  );
}
