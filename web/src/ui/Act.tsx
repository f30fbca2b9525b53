import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
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
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size={props.compact ? 'compact-sm' : 'sm'} variant={props.primary ? 'filled' : 'default'} onClick={() => setOpen(true)}>
        {props.label}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={props.label} transitionProps={{ duration: 0 }}>
        <ActForm {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ActForm({ label, text, confirm, fields = [], defaults = {}, run, danger, onDone }: Props & { onDone: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const form = useForm(fields, { ...Object.fromEntries(fields.map((def) => [def.name, ''])), ...defaults });
  const go = async () => {
    const input = Object.fromEntries(Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null));
    if (await form.submit(() => run(input))) onDone();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <p>{text}</p>
      <Fields fields={fields} form={form} />
      {form.failure ? <ErrorNote error={form.failure} /> : null}
      <Group className="form-foot">
        <Button type="submit" loading={form.saving} color={danger ? 'red' : 'arch'}>
          {confirm ?? label}
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          {t('ui.cancel')}
        </Button>
      </Group>
    </form>
  );
}
