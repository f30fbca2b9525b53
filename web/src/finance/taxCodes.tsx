import { useTranslation } from 'react-i18next';
import {
  ArchiveTaxCodeDocument,
  CreateTaxCodeDocument,
  RestoreTaxCodeDocument,
  SetTaxRateDocument,
  TaxCodeDocument,
  TaxCodesDocument,
  UpdateTaxCodeDocument,
  type TaxCodeQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { useCan, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import { ListPage } from '../ui/ListPage';
import { LinkButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Quantity, Rate } from '../ui/values';

export function TaxCodeList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.taxCodes')}
      document={TaxCodesDocument}
      select={(answer) => answer.taxCodes}
      columns={[
        { key: 'code', label: t('field.code'), cell: (row) => row.code, sort: 'CODE' },
        { key: 'name', label: t('field.name'), cell: (row) => row.name },
        { key: 'kind', label: t('taxCodes.kind'), cell: (row) => t(`taxKind.${row.kind}`) },
        { key: 'inclusive', label: t('taxCodes.inclusive'), cell: (row) => (row.inclusive ? t('ui.yes') : '') },
        {
          key: 'recoverable',
          label: t('taxCodes.recoverable'),
          cell: (row) => <Quantity value={row.recoverablePercent} />,
          numeric: true,
          wide: true,
        },
        { key: 'rate', label: t('taxCodes.rate'), cell: (row) => <Rate value={row.rate} />, numeric: true },
      ]}
      href={(row) => `/finance/tax-codes/${row.id}`}
      order={{ field: 'CODE', direction: 'ASC' }}
      searchLabel={t('taxCodes.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/tax-codes/new', label: t('taxCodes.new') } : null}
      empty={{ title: t('taxCodes.empty'), text: t('taxCodes.emptyText') }}
    />
  );
}

export function TaxCodePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/tax-codes"
      up={t('nav.taxCodes')}
      load={TaxCodeDocument}
      select={(answer) => answer.taxCode}
      title={(code) => code.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveTaxCodeDocument, restore: RestoreTaxCodeDocument }}
      actions={(code) => <LinkButton to={`/finance/ledger${query({ taxCodeId: code.id })}`}>{t('ledger.lines')}</LinkButton>}
    >
      {(code) => (
        <>
          <Facts
            facts={[
              { label: t('taxCodes.rate'), value: <Rate value={code.rate} />, figure: true },
              { label: t('field.code'), value: code.code },
              { label: t('taxCodes.kind'), value: t(`taxKind.${code.kind}`) },
              code.exemptReason ? { label: t('taxCodes.exemptReason'), value: code.exemptReason } : null,
              { label: t('taxCodes.inclusive'), value: code.inclusive ? t('ui.yes') : t('ui.no') },
              { label: t('taxCodes.recoverable'), value: <Quantity value={code.recoverablePercent} /> },
              { label: t('taxCodes.rounding'), value: code.rounding ? t(`taxRounding.${code.rounding}`) : t('taxCodes.roundingOfBooks') },
            ]}
          />
          <Rates code={code} />
        </>
      )}
    </RecordPage>
  );
}

function Rates({ code }: { code: TaxCodeQuery['taxCode'] }) {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const set = useAct(SetTaxRateDocument);
  const rows = [{ validFrom: null, rate: code.firstRate }, ...code.rates].reverse();
  return (
    <Section
      title={t('taxCodes.rates')}
      aside={
        can('FINANCE_WRITE') && code.kind !== 'EXEMPT' ? (
          <Act
            label={t('taxCodes.setRate')}
            text={t('taxCodes.ratesText')}
            fields={[
              { name: 'from', label: t('taxCodes.from'), kind: 'date', required: true },
              { name: 'rate', label: t('taxCodes.rate'), kind: 'percent', required: true },
            ]}
            defaults={{ from: today }}
            run={(input) => set.mutateAsync({ input: { taxCodeId: code.id, from: String(input.from), rate: String(input.rate) } })}
          />
        ) : null
      }
    >
      <DataTable
        label={t('taxCodes.rates')}
        columns={[
          {
            key: 'from',
            label: t('taxCodes.from'),
            cell: (row) => (row.validFrom ? <DateText value={row.validFrom} /> : t('taxCodes.firstRate')),
          },
          { key: 'rate', label: t('taxCodes.rate'), cell: (row) => <Rate value={row.rate} />, numeric: true },
        ]}
        rows={rows}
        rowKey={(row) => row.validFrom ?? 'first'}
      />
    </Section>
  );
}

const kinds = ['STANDARD', 'EXEMPT', 'REVERSE_CHARGE', 'WITHHOLDING'] as const;

export function TaxCodeForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/finance/tax-codes"
      titles={{ create: t('taxCodes.new'), edit: t('taxCodes.edit') }}
      fields={[
        { name: 'code', label: t('field.code'), kind: 'text', required: true, half: true },
        { name: 'name', label: t('field.name'), kind: 'text', required: true, half: true },
        {
          name: 'rate',
          label: t('taxCodes.rate'),
          kind: 'percent',
          required: true,
          half: true,
          read: (record: { firstRate: string }) => record.firstRate,
        },
        {
          name: 'kind',
          label: t('taxCodes.kind'),
          kind: 'enum',
          options: kinds,
          optionLabel: 'taxKind',
          required: true,
          half: true,
          createOnly: true,
        },
        {
          name: 'exemptReason',
          label: t('taxCodes.exemptReason'),
          kind: 'text',
          required: true,
          when: ({ kind }) => kind === 'EXEMPT',
        },
        { name: 'inclusive', label: t('taxCodes.inclusive'), kind: 'check', when: ({ kind }) => kind === 'STANDARD' },
        {
          name: 'recoverablePercent',
          label: t('taxCodes.recoverable'),
          kind: 'decimal',
          half: true,
          hint: t('taxCodes.recoverableHint'),
        },
        {
          name: 'rounding',
          label: t('taxCodes.rounding'),
          kind: 'enum',
          options: ['LINE', 'DOCUMENT'],
          optionLabel: 'taxRounding',
          half: true,
          hint: t('taxCodes.roundingOfBooks'),
        },
      ]}
      load={TaxCodeDocument}
      select={(answer) => answer.taxCode}
      create={CreateTaxCodeDocument}
      created={(answer) => answer.createTaxCode.taxCode.id}
      update={UpdateTaxCodeDocument}
    />
  );
}
