import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { monthEnd, addMonths, isDate } from '../lib/dates';
import type { RefKind } from '../lib/refs';
import { useToday } from '../lib/session';
import { DateField } from '../ui/DateField';
import { RefSelect } from '../ui/RefSelect';

const dimensions = ['company', 'project', 'department', 'costCentre', 'employee'] as const satisfies readonly RefKind[];
type Dimension = (typeof dimensions)[number];

/** The part of the ledger that a statement is about, kept in the address: at most one dimension at a time. */
export function usePart() {
  const [params, setParams] = useSearchParams();
  const by = dimensions.find((name) => params.has(`${name}Id`));
  const id = by ? (params.get(`${by}Id`) ?? '') : '';
  const set = (dimension: Dimension | undefined, value: string) =>
    setParams((before) => {
      for (const name of dimensions) before.delete(`${name}Id`);
      if (dimension) before.set(`${dimension}Id`, value);
      before.delete('after');
      return before;
    });
  const filter: { [name: string]: string } = by && id !== '' ? { [`${by}Id`]: id } : {};
  return { by, id, set, filter };
}

export function PartPicker() {
  const { t } = useTranslation();
  const { by, id, set } = usePart();
  return (
    <>
      <Select
        aria-label={t('statements.part')}
        data={[{ value: '', label: t('statements.whole') }, ...dimensions.map((name) => ({ value: name, label: t(`field.${name}`) }))]}
        value={by ?? ''}
        allowDeselect={false}
        onChange={(next) =>
          set(
            dimensions.find((name) => name === next),
            '',
          )
        }
      />
      {by ? <RefSelect kind={by} value={id} onChange={(next) => set(by, next)} ariaLabel={t(`field.${by}`)} /> : null}
    </>
  );
}

/** The day of a statement, kept in the address; today unless chosen. */
export function useDay(): [string, (day: string) => void] {
  const [params, setParams] = useSearchParams();
  const today = useToday();
  const given = params.get('at');
  const set = (day: string) =>
    setParams((before) => {
      before.set('at', day);
      return before;
    });
  return [isDate(given) ? given : today, set];
}

export function DayPicker() {
  const { t } = useTranslation();
  const [day, set] = useDay();
  const today = useToday();
  const days = [
    { value: today, label: t('statements.today') },
    { value: monthEnd(addMonths(today, -1)), label: t('statements.lastMonthEnd') },
    { value: `${Number(today.slice(0, 4)) - 1}-12-31`, label: t('statements.lastYearEnd') },
  ];
  const known = days.some((one) => one.value === day);
  return (
    <div className="period">
      <Select
        aria-label={t('statements.day')}
        data={[...days, ...(known ? [] : [{ value: day, label: t('statements.otherDay') }])]}
        value={day}
        allowDeselect={false}
        onChange={(next) => next && set(next)}
      />
      <DateField ariaLabel={t('statements.day')} value={day} onChange={(next) => next !== '' && set(next)} required />
    </div>
  );
}
