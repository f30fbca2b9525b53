import { Button, Input } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fromMicros, trim } from '../lib/decimal';
import { formatDecimal } from '../lib/format';
import { useLang } from '../lib/session';
import { RefSelect } from '../ui/RefSelect';
import { Quantity, RecordLink } from '../ui/values';
import { inOne, leftOf, splitOver, withAnother, without, type Belongs, type CostCentreValue, type Split } from './costCentreSplits';
import { ShareRow } from './shareRow';

interface FieldProps {
  value: CostCentreValue;
  /** What the server said of a field of this line. */
  error: (name: string) => string | undefined;
  onChange: (value: CostCentreValue) => void;
}

/** Where what a line costs or earns belongs: one cost centre mostly, so that the shares of several are asked for only when wanted. */
export function CostCentreField({ value, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  if (value.splits.length > 0) return <Splits value={value} error={error} onChange={onChange} />;
  return (
    <div>
      <RefSelect
        kind="costCentre"
        label={t('field.costCentre')}
        value={value.costCentreId}
        error={error('costCentreId')}
        onChange={(costCentreId) => onChange({ costCentreId, splits: [] })}
      />
      <Button variant="subtle" size="compact-xs" onClick={() => onChange(splitOver(value))}>
        {t('costCentres.split')}
      </Button>
    </div>
  );
}

function Splits({ value, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const refused = error('costCentreSplits');
  const change = (key: number, patch: Partial<Split>) =>
    onChange({ costCentreId: '', splits: value.splits.map((share) => (share.key === key ? { ...share, ...patch } : share)) });
  return (
    <div className="splits">
      {value.splits.map((share, index) => (
        <ShareRow
          key={share.key}
          kind="costCentre"
          label={t('field.costCentre')}
          index={index}
          of={share.costCentreId}
          percent={share.percent}
          errors={{ of: error(`costCentreSplits.${index}.costCentreId`), percent: error(`costCentreSplits.${index}.percent`) }}
          onOf={(costCentreId) => change(share.key, { costCentreId })}
          onPercent={(percent) => change(share.key, { percent })}
          onRemove={() => onChange(without(value, share.key))}
        />
      ))}
      {refused ? <Input.Error role="alert">{refused}</Input.Error> : null}
      <div className="splits-foot">
        <Button variant="default" size="compact-sm" onClick={() => onChange(withAnother(value, lang))}>
          {t('allocation.addShare')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(inOne(value))}>
          {t('costCentres.one')}
        </Button>
        <Left value={value} />
      </div>
    </div>
  );
}

/** What the shares still lack, or have too much. */
function Left({ value }: { value: CostCentreValue }) {
  const { t } = useTranslation();
  const lang = useLang();
  const left = leftOf(value, lang);
  const percent = (micros: bigint) => formatDecimal(trim(fromMicros(micros)), lang);
  if (left === 0n) return <span className="muted">{t('costCentres.whole')}</span>;
  return <span>{left > 0n ? t('costCentres.left', { percent: percent(left) }) : t('costCentres.over', { percent: percent(-left) })}</span>;
}

interface Named {
  id: string;
  name: string;
  code: string | null;
}

/** The one that something is for, or the shares of several. */
export function CostCentres({ of: { costCentre, costCentreSplits = [] } }: { of: Belongs<Named> }) {
  if (costCentreSplits.length === 0) return <RecordLink to="/finance/cost-centres" record={costCentre} />;
  return (
    <>
      {costCentreSplits.map((share) => (
        <div key={share.costCentre.id}>
          <RecordLink to="/finance/cost-centres" record={share.costCentre} /> <Quantity value={share.percent} />
          {'\u00a0%'}
        </div>
      ))}
    </>
  );
}
