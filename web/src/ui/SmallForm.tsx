import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useLang } from '../lib/session';
import { Fields } from './EntityForm';
import { toInput, type FieldDef, type Values } from './fields';
import { ErrorNote } from './Page';
import { useForm } from './useForm';

interface Props {
  fields: FieldDef[];
  defaults?: Values;
  submitLabel: string;
  /** Said once it's done; the form stays where it is. */
  doneText: string;
  run: (input: Record<string, unknown>) => Promise<unknown>;
  /** Empty the fields once it's done. */
  clear?: boolean;
}

/** A form that stays on its page. */
export function SmallForm({ fields, defaults = {}, submitLabel, doneText, run, clear = false }: Props) {
  const lang = useLang();
  const [done, setDone] = useState(false);
  const empty = { ...Object.fromEntries(fields.map((def) => [def.name, ''])), ...defaults };
  const form = useForm(fields, empty);
  const go = async () => {
    setDone(false);
    if (await form.submit(() => run(toInput(form.values, fields, lang)))) {
      setDone(true);
      if (clear) for (const [name, value] of Object.entries(empty)) form.set(name, value);
    }
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
      <Group>
        <Button type="submit" loading={form.saving}>
          {submitLabel}
        </Button>
        <span role="status" className="muted">
          {done ? doneText : ''}
        </span>
      </Group>
    </form>
  );
}
