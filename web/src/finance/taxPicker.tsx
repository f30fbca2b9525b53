import { MultiSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TaxCodeOptionsDocument } from '../gql';
import { useGql } from '../lib/api';
import { chargedTaxes } from '../lib/refs';

interface Props {
  value: string[];
  error?: string | undefined;
  onChange: (value: string[]) => void;
}

/** The taxes of a line, none, one or several. */
export function TaxPicker({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const codes = useGql(TaxCodeOptionsDocument, { filter: chargedTaxes }, { keep: true }).data?.taxCodes.nodes ?? [];
  return (
    <MultiSelect
      label={t('invoices.taxes')}
      data={codes.map((code) => ({ value: code.id, label: code.code }))}
      value={value}
      error={error}
      onChange={onChange}
      searchable
      maxValues={8}
      nothingFoundMessage={t('ui.nothingFound')}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
