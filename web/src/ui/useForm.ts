import { useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ApiError, placeError } from '../lib/errors';
import { useLang } from '../lib/session';
import { asked, checkValues, type FieldDef, type Value, type Values } from './fields';

/** Values, errors beside their fields, and what differs from where it began. `moreNames` are fields that the caller keeps itself. */
export function useForm(fields: readonly FieldDef[], initial: Values, moreNames: readonly string[] = []) {
  const { t } = useTranslation();
  const lang = useLang();
  const [base, setBase] = useState(initial);
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const changed = (name: string) => values[name] !== base[name];

  const set = (name: string, value: Value) => {
    const emptied = Object.fromEntries(fields.filter((def) => def.follows === name).map((def) => [def.name, '']));
    setValues((before) => ({ ...before, ...(before[name] === value ? {} : emptied), [name]: value }));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([key]) => key !== name)));
  };

  /**
   * Runs `save` unless a field is plainly wrong; an error of the server lands where it belongs. True when it went through. `names` are
   * the caller's own, where they follow from what is filled in.
   */
  const submit = async (save: () => Promise<unknown>, filledIn: Values = values, names = moreNames): Promise<boolean> => {
    const wrong = checkValues(filledIn, fields, lang, t);
    setErrors(wrong);
    setFailure(null);
    if (Object.keys(wrong).length > 0) return false;
    setSaving(true);
    try {
      await save();
      // At once, so that the guard against leaving has heard of it before the caller navigates.
      flushSync(() => {
        setSaved(true);
        setSaving(false);
      });
      return true;
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError('INTERNAL', '');
      const placed = placeError(known, [...asked(fields, filledIn).map((def) => def.name), ...names]);
      setErrors(placed.fields);
      setFailure(placed.form);
      setSaving(false);
      return false;
    }
  };

  /** A newer record came in: what the person changed stays, the rest is as stored. */
  const rebase = (fresh: Values) => {
    setValues((mine) =>
      Object.fromEntries(Object.entries(fresh).map(([name, value]) => [name, changed(name) ? (mine[name] ?? value) : value])),
    );
    setBase(fresh);
    setFailure(null);
  };

  const dirty = !saved && fields.some((def) => changed(def.name));
  return { values, set, errors, failure, saving, changed, submit, rebase, dirty, saved };
}
