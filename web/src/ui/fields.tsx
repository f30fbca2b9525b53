import { Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { countries, currencies, timeZones } from '../lib/choices';
import { fractionToPercent, normaliseDecimal, percentToFraction } from '../lib/decimal';
import type { Lang } from '../lib/i18n';
import type { Option, RefKind } from '../lib/refs';
import { useLang } from '../lib/session';
import { DateField } from './DateField';
import { RefSelect } from './RefSelect';

export type Value = string | boolean;
export type Values = Record<string, Value>;

export interface FieldDef {
  /** The name in the API's input. */
  name: string;
  label: string | ((values: Values) => string);
  kind:
    | 'text'
    | 'email'
    | 'password'
    | 'newPassword'
    | 'long'
    | 'decimal'
    | 'integer'
    | 'percent'
    | 'date'
    | 'check'
    | 'enum'
    | 'ref'
    | 'currency'
    | 'country'
    | 'timeZone'
    | 'language';
  required?: boolean;
  hint?: string;
  options?: readonly string[];
  /** Prefix of the texts of an enum's options. */
  optionLabel?: string;
  ref?: RefKind;
  /** Narrows what can be picked, by what is filled in already. */
  base?: (values: Values) => Record<string, unknown>;
  /** Where it's found in a record, when not under its own name. */
  read?: (record: never) => string | boolean | null | undefined;
  /** Whether it's asked for at all, by what is filled in already. */
  when?: (values: Values) => boolean;
  /** The field that it belongs to: another value there empties it. */
  follows?: string;
  /** Half a row. */
  half?: boolean;
  /** Set once; later changed by an act of its own. */
  createOnly?: boolean;
  autoComplete?: string;
  placeholder?: string;
}

interface Props {
  def: FieldDef;
  values: Values;
  error?: string | undefined;
  onChange: (name: string, value: Value, option?: Option | null) => void;
}

export function FieldInput({ def, values, error, onChange }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const value = values[def.name] ?? '';
  const text = typeof value === 'string' ? value : '';
  const set = (next: Value | null, option?: Option | null) => onChange(def.name, next ?? '', option);
  const label = typeof def.label === 'string' ? def.label : def.label(values);
  const common = { label, required: def.required ?? false, error, description: def.hint, name: def.name };
  const typed = {
    ...common,
    value: text,
    placeholder: def.placeholder,
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  switch (def.kind) {
    case 'check':
      return <Checkbox label={label} checked={value === true} error={error} onChange={(event) => set(event.currentTarget.checked)} />;
    case 'long':
      return <Textarea {...typed} autosize minRows={2} />;
    case 'password':
    case 'newPassword':
      return (
        <PasswordInput
          {...typed}
          autoComplete={def.kind === 'password' ? 'current-password' : 'new-password'}
          visibilityToggleButtonProps={{ 'aria-label': t('ui.showPassword') }}
        />
      );
    case 'date':
      return <DateField label={label} hint={def.hint} required={def.required ?? false} error={error} value={text} onChange={set} />;
    case 'ref':
      return (
        <RefSelect
          kind={def.ref ?? 'company'}
          base={def.base?.(values)}
          label={label}
          hint={def.hint}
          required={def.required ?? false}
          error={error}
          value={text}
          onChange={set}
        />
      );
    case 'integer':
      return <NumberInput {...common} value={text} onChange={(next) => set(String(next))} allowDecimal={false} min={0} hideControls />;
    case 'decimal':
    case 'percent':
      return (
        <TextInput
          {...typed}
          inputMode="decimal"
          classNames={{ input: 'num-input' }}
          rightSection={def.kind === 'percent' ? '%' : undefined}
        />
      );
    case 'enum':
    case 'language':
    case 'currency':
    case 'country':
    case 'timeZone':
      return (
        <Select
          {...common}
          data={choicesOf(def, t, lang)}
          value={text === '' ? null : text}
          onChange={(next) => set(next)}
          searchable={def.kind !== 'enum' && def.kind !== 'language'}
          clearable={!def.required}
          placeholder={t('ui.choose')}
          nothingFoundMessage={t('ui.nothingFound')}
          comboboxProps={{ transitionProps: { duration: 0 } }}
        />
      );
    default:
      return <TextInput {...typed} type={def.kind === 'email' ? 'email' : 'text'} autoComplete={def.autoComplete ?? 'off'} />;
  }
}

function choicesOf(def: FieldDef, t: (key: string) => string, lang: Lang): Option[] {
  switch (def.kind) {
    case 'currency':
      return currencies(lang);
    case 'country':
      return countries(lang);
    case 'timeZone':
      return timeZones();
    case 'language':
      return [
        { value: 'EN', label: 'English' },
        { value: 'KA', label: 'ქართული' },
      ];
    default:
      return (def.options ?? []).map((option) => ({ value: option, label: t(`${def.optionLabel ?? 'status'}.${option}`) }));
  }
}

/** The fields that these values ask for. */
export const asked = (fields: readonly FieldDef[], values: Values): FieldDef[] =>
  fields.filter((def) => def.when === undefined || def.when(values));

/** What a record holds for each field, as the form shows it. */
export function readValues(record: object, fields: readonly FieldDef[]): Values {
  return Object.fromEntries(fields.map((def) => [def.name, readValue(record, def)]));
}

function readValue(record: object, def: FieldDef): Value {
  const source = record as Record<string, unknown>;
  const raw: unknown = def.read ? def.read(record as never) : def.kind === 'ref' ? source[def.name.replace(/Id$/, '')] : source[def.name];
  if (typeof raw === 'boolean') return raw;
  if (raw === null || raw === undefined) return def.kind === 'check' ? false : '';
  const text = plain(raw);
  return def.kind === 'percent' && text !== '' ? fractionToPercent(text) : text;
}

/** A reference is its id, money its amount. */
function plain(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number') return raw.toString();
  if (typeof raw !== 'object' || raw === null) return '';
  const { id, amount } = raw as { id?: string; amount?: string };
  return id ?? amount ?? '';
}

/** The API's input for these values. Numbers typed in the person's own way come out plain; what can't be read is left for the server to refuse. */
export function toInput(
  values: Values,
  fields: readonly FieldDef[],
  lang: Lang,
  only?: (name: string) => boolean,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const def of asked(fields, values)) {
    if (only && !only(def.name)) continue;
    input[def.name] = inputValue(values[def.name] ?? '', def, lang);
  }
  return input;
}

function inputValue(value: Value, def: FieldDef, lang: Lang): unknown {
  if (typeof value === 'boolean') return value;
  const text = def.kind === 'password' || def.kind === 'newPassword' ? value : value.trim();
  if (text === '') return def.kind === 'check' ? false : null;
  if (def.kind === 'integer') return Number(text);
  if (def.kind === 'decimal') return normaliseDecimal(text, lang) ?? text;
  if (def.kind === 'percent') {
    const percent = normaliseDecimal(text, lang);
    return percent === null ? text : percentToFraction(percent);
  }
  return text;
}

/** What can be told before asking the server: a number that isn't one, a required field left empty. */
export function checkValues(values: Values, fields: readonly FieldDef[], lang: Lang, t: (key: string) => string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const def of asked(fields, values)) {
    const value = values[def.name] ?? '';
    const text = typeof value === 'string' ? value.trim() : 'given';
    if (def.required && text === '') errors[def.name] = t('form.required');
    else if ((def.kind === 'decimal' || def.kind === 'percent') && text !== '' && normaliseDecimal(text, lang) === null)
      errors[def.name] = t('form.notANumber');
  }
  return errors;
}
