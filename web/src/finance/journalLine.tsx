import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountRole, JournalLineInput } from '../gql';
import { normaliseDecimal } from '../lib/decimal';
import type { Lang } from '../lib/i18n';
import type { RefKind } from '../lib/refs';
import { asked, FieldInput, type FieldDef } from '../ui/fields';
import { RefSelect } from '../ui/RefSelect';
import { CostCentreField } from './costCentreField';
import { costCentreInput, costCentreNames, noCostCentre, type CostCentreValue } from './costCentreSplits';
import { useRateField } from './rate';

export interface Line extends CostCentreValue {
  key: number;
  accountId: string;
  /** What the chosen account is used for. */
  role: AccountRole | null;
  debit: string;
  credit: string;
  currency: string;
  rate: string;
  description: string;
  partyId: string;
  companyId: string;
  projectId: string;
  departmentId: string;
  employeeId: string;
  serviceId: string;
  dealId: string;
  sellerId: string;
}
type RefName = (typeof refNames)[number];
type TextName = 'debit' | 'credit' | 'description';

let keys = 0;
export const emptyLine = (currency: string): Line => ({
  key: keys++,
  accountId: '',
  role: null,
  debit: '',
  credit: '',
  currency,
  rate: '',
  description: '',
  partyId: '',
  companyId: '',
  projectId: '',
  departmentId: '',
  employeeId: '',
  serviceId: '',
  dealId: '',
  sellerId: '',
  ...noCostCentre,
});

const refNames = [
  'accountId',
  'partyId',
  'companyId',
  'projectId',
  'departmentId',
  'employeeId',
  'serviceId',
  'dealId',
  'sellerId',
] as const;

/** Accounts that are kept by whom they are owed by or to: a line there says whom. */
const parties: Partial<Record<AccountRole, 'partyId' | 'employeeId'>> = {
  RECEIVABLE: 'partyId',
  PAYABLE: 'partyId',
  CUSTOMER_ADVANCE: 'partyId',
  SUPPLIER_ADVANCE: 'partyId',
  EMPLOYEE_PAYABLE: 'employeeId',
};
const partyOf = ({ role }: Line) => (role ? (parties[role] ?? null) : null);

/** The names under which the API speaks of the fields that this line shows. */
export const lineNames = (line: Line): string[] => [
  ...['debit', 'credit', 'currency', 'rate', 'description'],
  ...refNames.filter((name) => name !== 'partyId' || partyOf(line) === 'partyId'),
  ...costCentreNames(line),
];

export function lineInput(line: Line, baseCurrency: string, lang: Lang): JournalLineInput {
  const given = (text: string) => (text.trim() === '' ? null : text.trim());
  const decimal = (text: string) => (text.trim() === '' ? null : (normaliseDecimal(text, lang) ?? text));
  return {
    accountId: line.accountId,
    debit: decimal(line.debit),
    credit: decimal(line.credit),
    currency: line.currency,
    rate: line.currency === baseCurrency ? null : decimal(line.rate),
    description: given(line.description),
    ...costCentreInput(line, lang),
    partyId: partyOf(line) === 'partyId' ? given(line.partyId) : null,
    companyId: given(line.companyId),
    projectId: given(line.projectId),
    departmentId: given(line.departmentId),
    employeeId: given(line.employeeId),
    serviceId: given(line.serviceId),
    dealId: given(line.dealId),
    sellerId: given(line.sellerId),
  };
}

interface LineProps {
  line: Line;
  index: number;
  errors: { [name: string]: string };
  onChange: (patch: Partial<Line>) => void;
  onRemove: (() => void) | null;
}

const columns = 'minmax(180px, 2fr) 120px 120px minmax(140px, 2fr) 32px';

export function LineEditor({ line, index, errors, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const currency: FieldDef = { name: 'currency', label: t('field.currency'), kind: 'currency', required: true };
  const money = asked([currency, useRateField()], { currency: line.currency });
  const error = (name: string) => errors[`lines.${index}.${name}`];
  const party = partyOf(line);
  const text = (name: TextName, label: string) => (
    <TextInput
      label={label}
      value={line[name]}
      error={error(name)}
      classNames={name === 'description' ? {} : { input: 'num-input' }}
      inputMode={name === 'description' ? 'text' : 'decimal'}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  const ref = (name: RefName, kind: RefKind, label: string, hint?: string) => (
    <RefSelect
      kind={kind}
      label={label}
      hint={hint}
      value={line[name]}
      error={error(name)}
      required={name === 'accountId' || name === party}
      onChange={(value, option) => onChange({ [name]: value, ...(name === 'accountId' ? { role: option?.extra?.role ?? null } : {}) })}
    />
  );
  return (
    <fieldset className="line" style={{ gridTemplateColumns: columns }} aria-label={t('invoices.line', { number: index + 1 })}>
      {ref('accountId', 'account', t('field.account'))}
      {text('debit', t('journal.debit'))}
      {text('credit', t('journal.credit'))}
      <div className="whole">{text('description', t('field.description'))}</div>
      {onRemove ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t('invoices.removeLine', { number: index + 1 })} onClick={onRemove}>
          ×
        </ActionIcon>
      ) : (
        <span />
      )}
      <div className="whole line-more">
        {party === 'partyId' ? ref('partyId', 'company', t('ledger.party'), t('journal.byCompany')) : null}
        {party === 'employeeId' ? ref('employeeId', 'employee', t('field.employee'), t('journal.byEmployee')) : null}
        {money.map((def) => (
          <FieldInput
            key={def.name}
            def={def}
            values={{ currency: line.currency, rate: line.rate }}
            error={error(def.name)}
            onChange={(name, value) => onChange({ ...(name === 'currency' ? { rate: '' } : {}), [name]: value })}
          />
        ))}
        {ref('companyId', 'company', t('field.company'))}
        {ref('projectId', 'project', t('field.project'))}
        <CostCentreField value={line} error={error} onChange={onChange} />
        <More line={line} error={error} onChange={onChange} />
      </div>
    </fieldset>
  );
}

interface MoreProps {
  line: Line;
  error: (name: string) => string | undefined;
  onChange: (patch: Partial<Line>) => void;
}

/** What few lines need: folded, except where something is filled in or wrong. */
function More({ line, error, onChange }: MoreProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const fields: { name: RefName; kind: RefKind; label: string }[] = [
    { name: 'departmentId', kind: 'department', label: t('field.department') },
    { name: 'employeeId', kind: 'employee', label: t('field.employee') },
    { name: 'serviceId', kind: 'service', label: t('field.service') },
    { name: 'dealId', kind: 'deal', label: t('field.deal') },
    { name: 'sellerId', kind: 'employee', label: t('invoices.seller') },
  ];
  const shown = fields.filter(({ name }) => name !== partyOf(line) && (open || line[name] !== '' || error(name) !== undefined));
  return (
    <>
      {shown.map(({ name, kind, label }) => (
        <RefSelect
          key={name}
          kind={kind}
          label={label}
          value={line[name]}
          error={error(name)}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
      <div className="line-fold">
        <Button variant="subtle" size="compact-xs" onClick={() => setOpen(!open)} aria-expanded={open}>
          {t(open ? 'journal.fewerFields' : 'journal.moreFields')}
        </Button>
      </div>
    </>
  );
}
