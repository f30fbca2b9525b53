import { Button, FileButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import {
  CreateExpenseDocument,
  ExpenseDocument,
  ProposeCategoryDocument,
  RecordExpenseDocument,
  UpdateExpenseDocument,
  type CreateExpenseInput,
  type RecordExpenseInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { normaliseDecimal } from '../lib/decimal';
import { accepted, asApiError, upload } from '../lib/files';
import { chargedTaxes } from '../lib/refs';
import { useCan, useLang, useMe, useToday } from '../lib/session';
import { EntityForm, Fields } from '../ui/EntityForm';
import { toInput, type FieldDef, type Values } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { useOwnField, type OwnField } from '../ui/ownField';
import { Page } from '../ui/Page';
import { useForm } from '../ui/useForm';
import { warn } from '../ui/warn';
import { CostCentreField } from './costCentreField';
import { costCentreInput, costCentreNames, costCentresOf, noCostCentre, type CostCentreValue } from './costCentreSplits';
import { useRateField } from './rate';

const own = '/finance/my-expenses';
const all = '/finance/expenses';

const costCentres: OwnField<CostCentreValue> = {
  empty: noCostCentre,
  read: costCentresOf,
  names: costCentreNames,
  input: costCentreInput,
  Field: CostCentreField,
};

/** Where the cost belongs is said by who keeps the books. */
function useCostCentres(): OwnField<CostCentreValue> | undefined {
  const can = useCan();
  return can('FINANCE_WRITE') ? costCentres : undefined;
}

/** What the company paid; an employee's expense is changed here too, by who keeps the books. */
export function ExpenseForm() {
  const { id } = useParams();
  const fields = useRecordFields();
  const { t } = useTranslation();
  const record = useAct(RecordExpenseDocument);
  const save = async (input: Record<string, unknown>) => {
    const { recordExpense } = await record.mutateAsync({ input: input as unknown as RecordExpenseInput });
    warn(recordExpense.warnings);
    return recordExpense.expense.id;
  };
  if (id !== undefined) return <EditForm path={all} />;
  return <NewForm title={t('expenses.new')} path={all} fields={fields} submitLabel={t('expenses.record')} save={save} />;
}

/** What one paid oneself. */
export function MyExpenseForm() {
  const { id } = useParams();
  const fields = useClaimFields();
  const { t } = useTranslation();
  const create = useAct(CreateExpenseDocument);
  if (id !== undefined) return <EditForm path={own} />;
  return (
    <NewForm
      title={t('myExpenses.new')}
      path={own}
      fields={fields}
      submitLabel={t('expenses.claimSave')}
      save={async (input) => (await create.mutateAsync({ input: input as unknown as CreateExpenseInput })).createExpense.expense.id}
    />
  );
}

function EditForm({ path }: { path: string }) {
  const { t } = useTranslation();
  const fields = useClaimFields();
  return (
    <EntityForm
      path={path}
      titles={{ create: t('expenses.newClaim'), edit: t('expenses.editClaim') }}
      fields={fields}
      own={useCostCentres()}
      load={ExpenseDocument}
      select={({ expense }) => ({ ...expense, currency: expense.amount.currency })}
      create={CreateExpenseDocument}
      created={(answer) => answer.createExpense.expense.id}
      update={UpdateExpenseDocument}
    />
  );
}

function useClaimFields(): FieldDef[] {
  const { t } = useTranslation();
  const can = useCan();
  const rate = useRateField();
  const fields: FieldDef[] = [
    { name: 'description', label: t('field.description'), kind: 'text', required: true },
    { name: 'amount', label: t('expenses.amount'), kind: 'decimal', required: true, half: true },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'categoryId', label: t('field.category'), kind: 'ref', ref: 'expenseCategory', half: true },
    { name: 'supplierId', label: t('field.supplier'), kind: 'ref', ref: 'company', half: true },
    { name: 'projectId', label: t('field.project'), kind: 'ref', ref: 'project', half: true },
    { name: 'companyId', label: t('expenses.forClient'), kind: 'ref', ref: 'company', half: true },
  ];
  if (!can('FINANCE_WRITE')) return fields;
  return [
    ...fields,
    {
      name: 'accountId',
      label: t('expenses.account'),
      kind: 'ref',
      ref: 'account',
      base: () => ({ type: { in: ['EXPENSE', 'ASSET'] } }),
      half: true,
    },
    { name: 'taxCodeId', label: t('field.taxCode'), kind: 'ref', ref: 'taxCode', base: () => chargedTaxes, half: true },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
  ];
}

function useRecordFields(): FieldDef[] {
  const { t } = useTranslation();
  const claim = useClaimFields();
  const paidFrom: FieldDef = {
    name: 'paymentAccountId',
    label: t('expenses.paidFrom'),
    kind: 'ref',
    ref: 'account',
    base: () => ({ role: { in: ['CASH', 'BANK'] } }),
    half: true,
  };
  return [...claim, paidFrom, { name: 'employeeId', label: t('field.employee'), kind: 'ref', ref: 'employee', half: true }];
}

interface NewProps {
  title: string;
  path: string;
  fields: FieldDef[];
  submitLabel: string;
  save: (input: Record<string, unknown>) => Promise<string>;
}

function NewForm({ title, path, fields, submitLabel, save }: NewProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const { tenant } = useMe();
  const [params] = useSearchParams();
  const [receipts, setReceipts] = useState<File[]>([]);
  const given = Object.fromEntries(fields.map((def) => [def.name, params.get(def.name) ?? '']));
  const centres = useOwnField(useCostCentres(), null);
  const form = useForm(fields, { ...given, date: today, currency: tenant.baseCurrency }, centres.names);
  const go = async () => {
    const input = Object.fromEntries(Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null));
    let id = '';
    if (!(await form.submit(async () => (id = await save({ ...input, ...centres.input }))))) return;
    let notKept = '';
    try {
      for (const receipt of receipts) await upload('EXPENSE', id, receipt);
    } catch (error) {
      notKept = asApiError(error).message || t('error.NETWORK');
    }
    void navigate(`${path}/${id}`, { replace: true, state: { notKept } });
  };
  return (
    <Page title={title} narrow>
      <FormShell
        onSubmit={() => void go()}
        saving={form.saving}
        error={form.failure}
        submitLabel={submitLabel}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty || ((receipts.length > 0 || centres.touched) && !form.saved)}
      >
        <div className="receipt">
          <FileButton accept={accepted} multiple onChange={setReceipts}>
            {(props) => (
              <Button variant="default" {...props}>
                {t('files.photo')}
              </Button>
            )}
          </FileButton>
          <span className="muted">{receipts.length > 0 ? receipts.map((receipt) => receipt.name).join(', ') : t('files.receiptHint')}</span>
        </div>
        <Fields fields={fields} form={form}>
          {centres.show(form.errors)}
        </Fields>
        <Proposal values={form.values} base={tenant.baseCurrency} onTake={(category) => form.set('categoryId', category)} />
      </FormShell>
    </Page>
  );
}

/** The category that the words, the supplier and the amount speak for, and why. */
function Proposal({ values, base, onTake }: { values: Values; base: string; onTake: (category: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const text = (name: string) => (typeof values[name] === 'string' ? values[name].trim() : '');
  const [description] = useDebouncedValue(text('description'), 400);
  const supplierId = text('supplierId') || null;
  const amount = text('currency') === base ? normaliseDecimal(text('amount'), lang) : null;
  const [asked] = useDebouncedValue(JSON.stringify({ description, supplierId, amount }), 400);
  const input = JSON.parse(asked) as { description: string; supplierId: string | null; amount: string | null };
  const enabled = input.description !== '' || input.supplierId !== null;
  const query = useGql(ProposeCategoryDocument, { input }, { enabled, keep: true });
  const proposal = enabled ? query.data?.proposeCategory : null;
  if (!proposal || values.categoryId === proposal.category.id) {
    return proposal ? <p className="muted">{proposal.reason}</p> : null;
  }
  return (
    <p role="status">
      {t('expenses.proposed', { name: proposal.category.name })} <span className="muted">{proposal.reason}</span>{' '}
      <Button size="compact-sm" variant="default" onClick={() => onTake(proposal.category.id)}>
        {t('expenses.useProposed')}
      </Button>
    </p>
  );
}
