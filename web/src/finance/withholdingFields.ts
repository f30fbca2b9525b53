import { useTranslation } from 'react-i18next';
import type { FieldDef, Values } from '../ui/fields';
import { withheldAmount, withheldBy, withheldOn } from './paymentInput';

/** The tax that is kept back from a supplier; how much, and of what, follows from its rate and the bills unless it's said. */
export function useWithholdingFields(currencyOf: (values: Values) => string, asked: (values: Values) => boolean = () => true): FieldDef[] {
  const { t } = useTranslation();
  const amount = (name: string, label: string, hint: string): FieldDef => ({
    name,
    label: (values) => `${label}, ${currencyOf(values)}`,
    kind: 'decimal',
    hint,
    half: true,
    when: (values) => asked(values) && values[withheldBy] !== '',
  });
  return [
    {
      name: withheldBy,
      label: t('payments.withholding'),
      kind: 'ref',
      ref: 'taxCode',
      base: () => ({ kind: { eq: 'WITHHOLDING' } }),
      hint: t('payments.withholdingHint'),
      when: asked,
    },
    amount(withheldOn, t('payments.withheldOn'), t('payments.withheldOnHint')),
    amount(withheldAmount, t('payments.withheld'), t('payments.withheldHint')),
  ];
}
