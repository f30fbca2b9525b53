import { Checkbox, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NONE, type FilterDef } from '../lib/listState';
import type { RefKind } from '../lib/refs';
import { DateField } from './DateField';
import { RefSelect } from './RefSelect';

interface Props {
  def: FilterDef;
  values: Record<string, string>;
  onChange: (name: string, value: string) => void;
}

export function FilterField({ def, values, onChange }: Props) {
  const { t } = useTranslation();
  const value = values[def.param] ?? '';
  switch (def.kind) {
    case 'enum': {
      const name = (options: string) =>
        options
          .split(',')
          .map((option) => t(`${def.optionLabel}.${option}`))
          .join(', ');
      return (
        <Select
          aria-label={def.label}
          placeholder={def.label}
          data={[...def.options, ...(value.includes(',') ? [value] : [])].map((option) => ({ value: option, label: name(option) }))}
          value={value === '' ? null : value}
          onChange={(next) => onChange(def.param, next ?? '')}
          clearable
        />
      );
    }
    case 'ref':
      return (
        <RefSelect
          kind={def.ref as RefKind}
          value={value}
          onChange={(next) => onChange(def.param, next)}
          ariaLabel={def.label}
          placeholder={def.label}
          extra={
            value === NONE ? [{ value, label: t('reports.unassigned') }] : value.includes(',') ? [{ value, label: t('ui.several') }] : []
          }
        />
      );
    case 'flag':
      return (
        <Checkbox
          label={def.label}
          checked={value === '1'}
          onChange={(event) => onChange(def.param, event.currentTarget.checked ? '1' : '')}
        />
      );
    case 'dates':
      return (
        <span className="dates">
          <DateField
            ariaLabel={`${def.label}: ${t('ui.from')}`}
            placeholder={`${def.label}: ${t('ui.from')}`}
            value={values[`${def.param}From`] ?? ''}
            onChange={(next) => onChange(`${def.param}From`, next)}
          />
          <DateField
            ariaLabel={`${def.label}: ${t('ui.to')}`}
            placeholder={t('ui.to')}
            value={values[`${def.param}To`] ?? ''}
            onChange={(next) => onChange(`${def.param}To`, next)}
          />
        </span>
      );
  }
}
