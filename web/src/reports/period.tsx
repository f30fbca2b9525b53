import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { presetPeriod, presets, readPeriod, type Period, type Preset } from '../lib/dates';
import { useToday } from '../lib/session';
import { DateField } from '../ui/DateField';

export function usePeriod() {
  const [params, setParams] = useSearchParams();
  const today = useToday();
  const period = readPeriod(params, today);
  const set = (next: Period) =>
    setParams((before) => {
      before.set('from', next.from);
      before.set('to', next.to);
      return before;
    });
  return { period, set, today };
}

/** From and to, kept in the address; the usual periods by name. */
export function PeriodPicker() {
  const { t } = useTranslation();
  const { period, set, today } = usePeriod();
  const change = (next: Partial<Period>) => {
    const both = { ...period, ...next };
    if (both.from !== '' && both.to !== '') set(both.from <= both.to ? both : { from: both.to, to: both.from });
  };
  return (
    <div className="period">
      <Select
        aria-label={t('reports.period')}
        data={[
          ...presets.map((name) => ({ value: name, label: t(`period.${name}`) })),
          ...(period.preset ? [] : [{ value: 'own', label: t('period.own') }]),
        ]}
        value={period.preset ?? 'own'}
        allowDeselect={false}
        onChange={(name) => {
          if (name !== null && name !== 'own') set(presetPeriod(name as Preset, today));
        }}
      />
      <span className="dates">
        <DateField ariaLabel={t('ui.from')} value={period.from} onChange={(from) => change({ from })} required />
        <DateField ariaLabel={t('ui.to')} value={period.to} onChange={(to) => change({ to })} required />
      </span>
    </div>
  );
}
