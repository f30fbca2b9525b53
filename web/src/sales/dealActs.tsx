import { useTranslation } from 'react-i18next';
import { LoseDealDocument, MoveDealDocument, ReopenDealDocument, WinDealDocument, type DealQuery } from '../gql';
import { useAct } from '../lib/api';
import { useToday } from '../lib/session';
import { Act } from '../ui/Act';
import type { FieldDef } from '../ui/fields';

/** What can be done with a deal, by where it stands. */
export function DealActs({ deal }: { deal: DealQuery['deal'] }) {
  const { t } = useTranslation();
  const today = useToday();
  const [win, lose, reopen, move] = [
    useAct(WinDealDocument),
    useAct(LoseDealDocument),
    useAct(ReopenDealDocument),
    useAct(MoveDealDocument),
  ];
  const at = { id: deal.id, version: deal.version };
  const day: FieldDef = { name: 'date', label: t('field.date'), kind: 'date' };
  if (deal.status !== 'OPEN') {
    return <Act label={t('deals.reopen')} text={t('deals.reopenText')} run={() => reopen.mutateAsync({ input: at })} />;
  }
  return (
    <>
      <Act
        label={t('deals.win')}
        text={t('deals.winText')}
        fields={[day]}
        defaults={{ date: today }}
        run={(input) => win.mutateAsync({ input: { ...input, ...at } })}
        primary
      />
      <Act
        label={t('deals.lose')}
        text={t('deals.loseText')}
        fields={[day, { name: 'reason', label: t('deals.lossReason'), kind: 'text' }]}
        defaults={{ date: today }}
        run={(input) => lose.mutateAsync({ input: { ...input, ...at } })}
      />
      <Act
        label={t('deals.move')}
        text={t('deals.moveText')}
        fields={[{ name: 'stageId', label: t('field.stage'), kind: 'ref', ref: 'stage', required: true }]}
        defaults={{ stageId: deal.stage.id }}
        run={(input) => move.mutateAsync({ input: { ...at, stageId: String(input.stageId) } })}
      />
    </>
  );
}
