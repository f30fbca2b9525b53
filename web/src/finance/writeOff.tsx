import { useTranslation } from 'react-i18next';
import { ReverseWriteOffDocument, UndoAllocationDocument, WriteOffDocument, type MoneyFieldsFragment } from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';

interface Props {
  /** What it’s of; a credit note is named as what it credits is. */
  of: { invoiceId: string } | { billId: string } | { paymentId: string };
  due: MoneyFieldsFragment;
  /** Whether the company owes it: nobody asks for it, which is a gain. */
  gain?: boolean;
}

/** Writes off what is open of a document: all of it, unless less is said. */
export function WriteOff({ of, due, gain = false }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const today = useToday();
  const writeOff = useAct(WriteOffDocument);
  if (isZero(due.amount)) return null;
  const types = gain ? (['EXPENSE', 'INCOME'] as const) : (['EXPENSE'] as const);
  return (
    <Act
      label={t('writeOffs.act')}
      text={t(gain ? 'writeOffs.gainText' : 'writeOffs.lossText', { due: formatMoney(due, lang) })}
      fields={[
        { name: 'amount', label: `${t('field.amount')}, ${due.currency}`, kind: 'decimal', required: true, half: true },
        { name: 'date', label: t('field.date'), kind: 'date', half: true },
        { name: 'reason', label: t('writeOffs.reason'), kind: 'long', required: true },
        {
          name: 'accountId',
          label: t('field.account'),
          kind: 'ref',
          ref: 'account',
          base: () => ({ type: { in: types } }),
          hint: t(gain ? 'writeOffs.gainAccountHint' : 'writeOffs.lossAccountHint'),
        },
      ]}
      defaults={{ amount: due.amount, date: today }}
      run={(input) => writeOff.mutateAsync({ input: { reason: '', ...input, ...of } })}
      danger
    />
  );
}

/** Takes a write-off back. */
export function ReverseWriteOff({ id }: { id: string }) {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  const reverse = useAct(ReverseWriteOffDocument);
  if (!writes) return null;
  return <Act label={t('ui.reverse')} text={t('writeOffs.undoText')} run={() => reverse.mutateAsync({ input: { id } })} compact danger />;
}

interface UndoProps {
  part: { id: string; writeOff?: { id: string } | null };
  /** What it does, said before it’s done; of a write-off it’s always the same. */
  text: string;
}

/** Takes back what settles a document. */
export function Undo({ part, text }: UndoProps) {
  const { t } = useTranslation();
  const writes = useCan()('FINANCE_WRITE');
  const undo = useAct(UndoAllocationDocument);
  if (part.writeOff) return <ReverseWriteOff id={part.writeOff.id} />;
  if (!writes) return null;
  return <Act label={t('bills.undo')} text={text} run={() => undo.mutateAsync({ input: { id: part.id } })} compact />;
}
