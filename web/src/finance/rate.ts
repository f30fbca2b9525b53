import { useTranslation } from 'react-i18next';
import { useMe } from '../lib/session';
import type { FieldDef, Values } from '../ui/fields';

/** What one unit of the chosen currency is worth in the base currency; asked for only where they differ. */
export function useRateField(): FieldDef {
  const { t } = useTranslation();
  const base = useMe().tenant.baseCurrency;
  return {
    name: 'rate',
    label: ({ currency }: Values) => t('field.rate', { base, currency }),
    kind: 'decimal',
    hint: t('field.rateHint'),
    half: true,
    follows: 'currency',
    when: ({ currency }: Values) => currency !== '' && currency !== base,
    read: (record: { currency: string; rate: string }) => (record.currency === base ? '' : record.rate),
  };
}
