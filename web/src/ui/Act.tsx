import { Button, Group, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLang } from '../lib/session';
import { Fields } from './EntityForm';
import { toInput, type FieldDef, type Values } from './fields';
import { ErrorNote } from './Page';
import { useForm } from './useForm';

interface Props {
  label: string;
  /** What it will do, said before it's done. */
  text: string;
  confirm?: string;
  fields?: FieldDef[];
  defaults?: Values;
  run: (input: Record<string, unknown>) => Promise<unknown>;
  primary?: boolean;
  danger?: boolean;
  /** Small, for a row of a table. */
  compact?: boolean;
}

/** A business act: says what it will do, asks for what it needs, and shows the server's answer in place. */
export function Act(props: Props) {
  return <ActDialog {...props}>{(close) => <ActForm {...props} onDone={close} />}</ActDialog>;
}

interface DialogProps extends Pick<Props, 'label' | 'primary' | 'compact'> {
  /** Has a table in it. */
  wide?: boolean;
  children: (close: () => void) => ReactNode;
}

/** The button of an act, and the dialog that it opens. */
export function ActDialog({ label, primary, compact, wide, children }: DialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size={compact ? 'compact-sm' : 'sm'} variant={primary ? 'filled' : 'default'} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={label} size={wide ? 'xl' : 'md'} transitionProps={{ duration: 0 }}>
        {children(() => setOpen(false))}
      </Modal>
    </>
  );
}

function ActForm({ label, text, confirm, fields = [], defaults = {}, run, danger, onDone }: Props & { onDone: () => void }) {
  const lang = useLang();
  const form = useForm(fields, { ...Object.fromEntries(fields.map((def) => [def.name, ''])), ...defaults });
  const go = async () => {
    const input = Object.fromEntries(Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null));
    if (await form.submit(() => run(input))) onDone();
  };
  return (
    <ActShell text={text} confirm={confirm ?? label} form={form} onSubmit={() => void go()} onCancel={onDone} danger={danger}>
      <Fields fields={fields} form={form} />
    </ActShell>
  );
}

interface ShellProps extends Pick<Props, 'text'> {
  confirm: string;
  form: Pick<ReturnType<typeof useForm>, 'failure' | 'saving'>;
  onSubmit: () => void;
  onCancel: () => void;
  danger?: boolean | undefined;
  children: ReactNode;
}

/** What an act says before its fields, and its buttons after them. */
export function ActShell({ text, confirm, form, onSubmit, onCancel, danger, children }: ShellProps) {
  const { t } = useTranslation();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <p>{text}</p>
      {children}
      {form.failure ? <ErrorNote error={form.failure} /> : null}
      <Group className="form-foot">
        <Button type="submit" loading={form.saving} color={danger ? 'red' : 'arch'}>
          {confirm}
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
      </Group>
    </form>
  );
}
