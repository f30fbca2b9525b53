import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { TypedDocumentString } from '../gql';
import { request, useAct, useGql } from '../lib/api';
import { useFlags, useLang } from '../lib/session';
import type { ApiError } from '../lib/errors';
import { asked, FieldInput, readValues, toInput, type FieldDef, type Values } from './fields';
import { FormShell } from './FormShell';
import { useOwnField, type OwnField } from './ownField';
import { ErrorNote, NotEditable, Page } from './Page';
import { useForm } from './useForm';

interface Stored {
  id: string;
  version: number;
  archivedAt?: string | null;
}

interface Props<L, C, CI, U, UI, V> {
  /** Where its list is, and in front of `/:id`. */
  path: string;
  titles: { create: string; edit: string };
  fields: FieldDef[];
  /** One that comes after them and keeps a value of its own kind. */
  own?: OwnField<V> | undefined;
  defaults?: Values;
  load: TypedDocumentString<L, { id: string }>;
  select: (answer: L) => Stored & object;
  create: TypedDocumentString<C, { input: CI }>;
  created: (answer: C) => string;
  update: TypedDocumentString<U, { input: UI }>;
}

/** Create at `…/new`, edit at `…/:id/edit`. Fields of a new record can be given in the address. */
export function EntityForm<L, C, CI, U, UI, V>(props: Props<L, C, CI, U, UI, V>) {
  const { id } = useParams();
  return id === undefined ? <CreateForm {...props} /> : <EditLoader {...props} id={id} />;
}

function CreateForm<L, C, CI, U, UI, V>(props: Props<L, C, CI, U, UI, V>) {
  const { path, titles, fields, defaults, create, created } = props;
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const act = useAct(create);
  const empty: Values = Object.fromEntries(fields.map((def) => [def.name, def.kind === 'check' ? false : '']));
  const own = useOwnField(props.own, null);
  const given = Object.fromEntries([...params].filter(([name]) => name in empty));
  const form = useForm(fields, { ...empty, ...defaults, ...given }, own.names);
  const save = async () => {
    let answer: C | undefined;
    const input = Object.fromEntries(Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null));
    if (await form.submit(async () => (answer = await act.mutateAsync({ input: { ...input, ...own.input } as CI })))) {
      if (answer) void navigate(`${path}/${created(answer)}`, { replace: true });
    }
  };
  return (
    <Page title={titles.create} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('ui.create')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || (own.touched && !form.saved)}
      >
        <Fields fields={fields} form={form}>
          {own.show(form.errors)}
        </Fields>
      </FormShell>
    </Page>
  );
}

function EditLoader<L, C, CI, U, UI, V>(props: Props<L, C, CI, U, UI, V> & { id: string }) {
  const { t } = useTranslation();
  const query = useGql(props.load, { id: props.id, ...useFlags(props.load) });
  if (query.error && !query.data) return <LoadError title={props.titles.edit} error={query.error} />;
  if (!query.data) return <p className="muted">{t('ui.loading')}</p>;
  const record = props.select(query.data);
  if (typeof record.archivedAt === 'string')
    return <NotEditable title={props.titles.edit} text={t('form.archived')} to={`${props.path}/${record.id}`} record={t('form.itsPage')} />;
  return <EditForm {...props} fields={props.fields.filter((def) => !def.createOnly)} record={record} />;
}

function LoadError({ title, error }: { title: string; error: ApiError }) {
  return (
    <Page title={title}>
      <ErrorNote error={error} />
    </Page>
  );
}

function EditForm<L, C, CI, U, UI, V>(props: Props<L, C, CI, U, UI, V> & { record: Stored & object }) {
  const { path, titles, fields, record, update, load, select } = props;
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const client = useQueryClient();
  const act = useAct(update);
  const flags = useFlags(load);
  const own = useOwnField(props.own, record);
  const form = useForm(fields, readValues(record, fields), own.names);
  const [version, setVersion] = useState(record.version);
  const [reloaded, setReloaded] = useState(false);
  const back = () => void navigate(`${path}/${record.id}`, { replace: true });
  const save = async () => {
    const input = { id: record.id, version, ...toInput(form.values, fields, lang, form.changed), ...own.input } as UI;
    if (await form.submit(() => act.mutateAsync({ input }))) back();
    setReloaded(false);
  };
  const reload = async () => {
    const fresh = select(
      await client.query({ queryKey: ['reload', record.id], queryFn: () => request(load, { id: record.id, ...flags }), staleTime: 0 }),
    );
    form.rebase(readValues(fresh, fields));
    own.rebase(fresh);
    setVersion(fresh.version);
    setReloaded(true);
  };
  return (
    <Page title={titles.edit} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('ui.save')}
        onCancel={back}
        dirty={form.dirty || (own.touched && !form.saved)}
        onReload={() => void reload()}
        reloaded={reloaded}
      >
        <Fields fields={fields} form={form}>
          {own.show(form.errors)}
        </Fields>
      </FormShell>
    </Page>
  );
}

interface FieldsProps {
  fields: readonly FieldDef[];
  form: ReturnType<typeof useForm>;
  /** More of them, which the caller keeps itself. */
  children?: ReactNode;
}

export function Fields({ fields, form, children }: FieldsProps) {
  return (
    <div className="fields">
      {asked(fields, form.values).map((def) => (
        <div key={def.name} className={def.half ? 'half' : 'full'}>
          <FieldInput def={def} values={form.values} error={form.errors[def.name]} onChange={form.set} />
        </div>
      ))}
      {children}
    </div>
  );
}
