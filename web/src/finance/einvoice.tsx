import { useTranslation } from 'react-i18next';
import type { EinvoiceStatus, SetBillEinvoiceDocument, SetEinvoiceDocument } from '../gql';
import { useAct } from '../lib/api';
import { Act } from '../ui/Act';

const einvoiceStates = ['SENT', 'CONFIRMED', 'DECLARED', 'REJECTED'] as const;

interface Props {
  record: { id: string; einvoiceNumber: string | null; einvoiceStatus: EinvoiceStatus | null };
  document: typeof SetEinvoiceDocument | typeof SetBillEinvoiceDocument;
}

/** Writes down the number and the status of the state's own e-invoice. */
export function Einvoice({ record, document }: Props) {
  const { t } = useTranslation();
  const set = useAct(document as typeof SetEinvoiceDocument);
  return (
    <Act
      label={t('invoices.einvoice')}
      text={t('invoices.einvoiceText')}
      confirm={t('ui.save')}
      fields={[
        { name: 'number', label: t('invoices.einvoiceNumber'), kind: 'text' },
        {
          name: 'status',
          label: t('invoices.einvoiceStatus'),
          kind: 'enum',
          options: einvoiceStates,
          optionLabel: 'einvoiceState',
        },
      ]}
      defaults={{ number: record.einvoiceNumber ?? '', status: record.einvoiceStatus ?? '' }}
      run={(input) => set.mutateAsync({ input: { ...input, id: record.id } })}
    />
  );
}
