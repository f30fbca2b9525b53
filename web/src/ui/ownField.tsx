import { useState, type ComponentType, type ReactNode } from 'react';
import type { Lang } from '../lib/i18n';
import { useLang } from '../lib/session';

interface FieldProps<V> {
  value: V;
  /** What the server said of one of its names. */
  error: (name: string) => string | undefined;
  onChange: (value: V) => void;
}

/** A field that FieldDefs can't describe: its value is no text, and it may stand for several fields of the API's input. */
export interface OwnField<V> {
  empty: V;
  read: (record: never) => V;
  names: (value: V) => readonly string[];
  input: (value: V, lang: Lang) => object;
  Field: ComponentType<FieldProps<V>>;
}

/** Its value while a form is open. Untouched it isn't sent, so that what is stored stays as it is. */
export function useOwnField<V>(def: OwnField<V> | undefined, record: object | null) {
  const lang = useLang();
  const begin = (from: object | null) => (def && from ? def.read(from as never) : def?.empty);
  const [value, setValue] = useState(() => begin(record));
  const [touched, setTouched] = useState(false);
  const change = (next: V) => {
    setTouched(true);
    setValue(next);
  };
  const shown = def !== undefined && value !== undefined ? { def, value } : null;
  return {
    names: shown ? shown.def.names(shown.value) : [],
    input: shown && touched ? shown.def.input(shown.value, lang) : {},
    touched,
    /** A newer record came in: what the person chose stays. */
    rebase: (fresh: object) => (touched ? undefined : setValue(begin(fresh))),
    show: (errors: { [name: string]: string }): ReactNode =>
      shown ? <shown.def.Field value={shown.value} error={(name) => errors[name]} onChange={change} /> : null,
  };
}
