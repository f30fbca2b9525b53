import { DateInput } from '@mantine/dates';
import { useLang } from '../lib/session';

interface Props {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  ariaLabel?: string;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  error?: string | undefined;
  hint?: string | undefined;
}

/** A business date, typed or picked; the value is "YYYY-MM-DD" or empty. */
export function DateField({ value, onChange, label, ariaLabel, placeholder, required = false, disabled = false, error, hint }: Props) {
  const lang = useLang();
  return (
    <DateInput
      label={label}
      aria-label={ariaLabel}
      placeholder={placeholder ?? (lang === 'ka' ? 'დდ.თთ.წწწწ' : 'dd/mm/yyyy')}
      value={value === '' ? null : value}
      onChange={(next) => onChange(next ?? '')}
      valueFormat={lang === 'ka' ? 'DD.MM.YYYY' : 'DD/MM/YYYY'}
      dateParser={parseTyped}
      required={required}
      disabled={disabled}
      error={error}
      description={hint}
      clearable={!required}
      popoverProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

/** Day first, as both languages write it, with any sign between; the stored form is understood too. */
export function parseTyped(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  const typed = /^(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})$/.exec(text.trim());
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : typed ? [typed[3], typed[2], typed[1]] : [];
  if (!year || !month || !day) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : null;
}
