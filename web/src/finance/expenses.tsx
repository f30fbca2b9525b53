import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import {
  ExpenseDocument,
  ExpensesDocument,
  RecordExpenseDocument,
  ReverseExpenseDocument,
  type ExpenseOrderField,
  type ExpenseQuery,
  type ExpensesQuery,
  type RecordExpenseInput,
} from '../gql';
import { useAct } from '../lib/api';
import { useCan, useLang, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { Chain } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { Fields } from '../ui/EntityForm';
import { toInput, type FieldDef, type Values } from '../ui/fields';
import { FormShell } from '../ui/FormShell';
import { ListPage } from '../ui/ListPage';
import { Page } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { useForm } from '../ui/useForm';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { useRateField } from './rate';

type Row = ExpensesQuery['expenses']['nodes'][number];
type Record = ExpenseQuery['expense'];

export function ExpenseList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, ExpenseOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    { key: 'account', label: t('field.account'), cell: (row) => <RecordLink to="/finance/accounts" record={row.account} /> },
    { key: 'supplier', label: t('field.supplier'), cell: (row) => <RecordLink to="/companies" record={row.supplier} /> },
    {
      key: 'costCentre',
      label: t('field.costCentre'),
      cell: (row) => <RecordLink to="/finance/cost-centres" record={row.costCentre} />,
      wide: true,
    },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} />, wide: true },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
  ];
  return (
    <ListPage
      title={t('nav.expenses')}
      document={ExpensesDocument}
      select={(answer) => answer.expenses}
      columns={columns}
      href={(row) => `/finance/expenses/${row.id}`}
      filters={[
        { kind: 'ref', param: 'supplierId', ref: 'company', label: t('field.supplier') },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('expenses.forClient') },
        { kind: 'ref', param: 'projectId', ref: 'project', label: t('field.project') },
        { kind: 'ref', param: 'costCentreId', ref: 'costCentre', label: t('field.costCentre') },
        { kind: 'enum', param: 'status', options: ['POSTED', 'REVERSED'], label: t('field.status'), optionLabel: 'status' },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      withArchived={false}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('expenses.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/expenses/new', label: t('expenses.new') } : null}
      empty={{ title: t('expenses.empty'), text: t('expenses.emptyText') }}
    />
  );
}

export function ExpensePage() {
  const { t } = useTranslation();
  const can = useCan();
  const today = useToday();
  const reverse = useAct(ReverseExpenseDocument);
  return (
    <RecordPage
      path="/finance/expenses"
      up={t('nav.expenses')}
      load={ExpenseDocument}
      select={(answer) => answer.expense}
      title={(expense) => expense.description}
      status={(expense) => <Status value={expense.status} />}
      actions={(expense) =>
        can('FINANCE_WRITE') && expense.status === 'POSTED' ? (
          <Act
            label={t('ui.reverse')}
            text={t('expenses.reverseText')}
            fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
            defaults={{ date: today }}
            run={(input) => reverse.mutateAsync({ input: { ...input, id: expense.id } })}
            danger
          />
        ) : null
      }
    >
      {(expense) => <ExpenseBody expense={expense} />}
    </RecordPage>
  );
}

function ExpenseBody({ expense }: { expense: Record }) {
  const { t } = useTranslation();
  const { project } = expense;
  return (
    <>
      <Chain
        steps={[
          { link: 'deal', to: project?.deal ? `/sales/deals/${project.deal.id}` : null, label: project?.deal?.name },
          { link: 'project', to: project ? `/delivery/projects/${project.id}` : null, label: project?.name },
          { link: 'expense', here: true },
          {
            link: 'ledger',
            to: expense.journalEntry ? `/finance/journal/${expense.journalEntry.id}` : null,
            label: expense.journalEntry ? t('journal.entry', { seq: expense.journalEntry.seq }) : null,
          },
        ]}
      />
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={expense.amount} />, figure: true },
          { label: t('invoices.net'), value: <Money value={expense.net} /> },
          { label: t('invoices.tax'), value: <Money value={expense.tax} /> },
          { label: t('field.date'), value: <DateText value={expense.date} /> },
          { label: t('field.account'), value: <RecordLink to="/finance/accounts" record={expense.account} /> },
          { label: t('expenses.paidFrom'), value: <RecordLink to="/finance/accounts" record={expense.paymentAccount} /> },
          { label: t('field.supplier'), value: <RecordLink to="/companies" record={expense.supplier} /> },
          { label: t('field.costCentre'), value: <RecordLink to="/finance/cost-centres" record={expense.costCentre} /> },
          { label: t('expenses.forClient'), value: <RecordLink to="/companies" record={expense.company} /> },
          { label: t('field.project'), value: <RecordLink to="/delivery/projects" record={project} /> },
          { label: t('field.employee'), value: <RecordLink to="/people/employees" record={expense.employee} /> },
          { label: t('invoices.seller'), value: <RecordLink to="/people/employees" record={expense.seller} /> },
          { label: t('field.department'), value: <RecordLink to="/people/departments" record={expense.department} /> },
        ]}
      />
    </>
  );
}

export function ExpenseForm() {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const today = useToday();
  const { tenant } = useMe();
  const [params] = useSearchParams();
  const record = useAct(RecordExpenseDocument);
  const rate = useRateField();
  const fields: FieldDef[] = [
    { name: 'description', label: t('field.description'), kind: 'text', required: true },
    { name: 'amount', label: t('expenses.amount'), kind: 'decimal', required: true, half: true },
    { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
    rate,
    { name: 'date', label: t('field.date'), kind: 'date', required: true, half: true },
    { name: 'accountId', label: t('expenses.account'), kind: 'ref', ref: 'account', base: () => ({ type: { eq: 'EXPENSE' } }), half: true },
    {
      name: 'paymentAccountId',
      label: t('expenses.paidFrom'),
      kind: 'ref',
      ref: 'account',
      base: () => ({ role: { in: ['CASH', 'BANK'] } }),
      half: true,
    },
    { name: 'taxCodeId', label: t('field.taxCode'), kind: 'ref', ref: 'taxCode', half: true },
    { name: 'supplierId', label: t('field.supplier'), kind: 'ref', ref: 'company', half: true },
    { name: 'costCentreId', label: t('field.costCentre'), kind: 'ref', ref: 'costCentre', half: true },
    { name: 'companyId', label: t('expenses.forClient'), kind: 'ref', ref: 'company', half: true },
    { name: 'projectId', label: t('field.project'), kind: 'ref', ref: 'project', half: true },
    { name: 'employeeId', label: t('field.employee'), kind: 'ref', ref: 'employee', half: true },
    { name: 'departmentId', label: t('field.department'), kind: 'ref', ref: 'department', half: true },
  ];
  const empty: Values = Object.fromEntries(fields.map((def) => [def.name, params.get(def.name) ?? '']));
  const form = useForm(fields, { ...empty, date: today, currency: tenant.baseCurrency });
  const save = async () => {
    const input = Object.fromEntries(
      Object.entries(toInput(form.values, fields, lang)).filter(([, value]) => value !== null),
    ) as unknown as RecordExpenseInput;
    let id = '';
    if (await form.submit(async () => (id = (await record.mutateAsync({ input })).recordExpense.expense.id)))
      void navigate(`/finance/expenses/${id}`, { replace: true });
  };
  return (
    <Page title={t('expenses.new')} narrow>
      <FormShell
        onSubmit={() => void save()}
        saving={form.saving}
        error={form.failure}
        submitLabel={t('expenses.record')}
        onCancel={() => void navigate(-1)}
        dirty={form.dirty}
      >
        <Fields fields={fields} form={form} />
      </FormShell>
    </Page>
  );
}
