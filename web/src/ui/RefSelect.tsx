import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refOf, type Option, type RefKind } from '../lib/refs';

export interface RefSelectProps {
  kind: RefKind;
  value: string;
  onChange: (value: string, option: Option | null) => void;
  base?: Record<string, unknown> | undefined;
  label?: string;
  ariaLabel?: string;
  placeholder?: string;
  required?: boolean;
  error?: string | undefined;
  hint?: string | undefined;
  /** A choice in front of the found ones, such as "not assigned". */
  extra?: Option[];
}

/** Picks one record of a kind by typing a part of its name. */
export function RefSelect({ kind, value, onChange, base, extra = [], ...props }: RefSelectProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text, 200);
  const [chosen, setChosen] = useState<Option | null>(null);
  const [open, setOpen] = useState(false);
  const ref = refOf(kind);
  const picked = [...extra, ...(chosen ? [chosen] : [])].find((option) => option.value === value);
  const one = useQuery({
    queryKey: ['ref', kind, 'one', value],
    queryFn: () => ref.one?.(value) ?? null,
    enabled: value !== '' && !picked && ref.one !== undefined,
    retry: false,
  });
  const settled = picked ?? (one.data?.value === value ? one.data : undefined);
  // The field's text is the chosen one's name until something else is typed.
  const search = ref.one === undefined || typed === settled?.label ? '' : typed;
  const found = useQuery({
    queryKey: ['ref', kind, base ?? {}, search],
    queryFn: () => ref.search(search, base ?? {}),
    enabled: open || (value !== '' && ref.one === undefined),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const known = [...extra, ...(found.data ?? [])];
  const current = settled ?? known.find((option) => option.value === value);
  // What was found for an earlier text mustn't be picked for this one: until the answer is there, only what fits it is offered.
  const stale = found.isPlaceholderData || text !== typed || ref.one === undefined;
  const wanted = text.trim().toLocaleLowerCase();
  const fitting =
    !stale || wanted === '' || text === current?.label
      ? known
      : known.filter((option) => option.label.toLocaleLowerCase().includes(wanted));
  const options = current && !fitting.some((option) => option.value === current.value) ? [current, ...fitting] : fitting;
  const unique = options.filter((option, index) => options.findIndex((other) => other.value === option.value) === index);
  return (
    <Select
      label={props.label}
      aria-label={props.ariaLabel}
      placeholder={props.placeholder ?? t('ui.choose')}
      required={props.required ?? false}
      error={props.error}
      description={props.hint}
      data={unique.map(({ value: id, label }) => ({ value: id, label }))}
      value={value === '' ? null : value}
      onChange={(next) => {
        const option = unique.find((candidate) => candidate.value === next) ?? null;
        setChosen(option);
        onChange(next ?? '', option);
      }}
      onSearchChange={setText}
      onDropdownOpen={() => setOpen(true)}
      filter={({ options: all }) => all}
      nothingFoundMessage={
        found.isError ? t('error.FORBIDDEN') : found.isFetching || text !== typed ? t('ui.loading') : t('ui.nothingFound')
      }
      searchable
      clearable={!props.required}
      maxDropdownHeight={280}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
