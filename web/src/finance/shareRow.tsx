import { ActionIcon, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RefKind } from '../lib/refs';
import { RefSelect } from '../ui/RefSelect';

interface Props {
  kind: RefKind;
  label: string;
  /** Its place among the shares, from 0. */
  index: number;
  of: string;
  percent: string;
  errors: { of: string | undefined; percent: string | undefined };
  onOf: (id: string) => void;
  onPercent: (percent: string) => void;
  onRemove: (() => void) | null;
}

/** One of several shares: whose it is, and how much in percent. */
export function ShareRow({ kind, label, index, of, percent, errors, onOf, onPercent, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className="share" aria-label={t('allocation.share', { number: index + 1 })}>
      <RefSelect kind={kind} label={label} value={of} error={errors.of} onChange={onOf} required />
      <TextInput
        label={t('allocation.percent')}
        value={percent}
        error={errors.percent}
        inputMode="decimal"
        classNames={{ input: 'num-input' }}
        onChange={(event) => onPercent(event.currentTarget.value)}
      />
      {onRemove ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t('allocation.removeShare', { number: index + 1 })} onClick={onRemove}>
          ×
        </ActionIcon>
      ) : (
        <span />
      )}
    </fieldset>
  );
}
