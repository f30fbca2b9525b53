import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import {
  ArchiveExpenseDocument,
  ExpenseDocument,
  ExpensesDocument,
  MyExpensesDocument,
  PostExpenseDocument,
  RestoreExpenseDocument,
  ReturnExpenseDocument,
  ReverseExpenseDocument,
  SubmitExpenseDocument,
  type ExpenseOrderField,
  type ExpenseQuery,
  type ExpensesQuery,
  type MyExpensesQuery,
} from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatMoney } from '../lib/format';
import { useCan, useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { ApprovalsOf } from '../ui/Approvals';
import { Chain } from '../ui/Chain';
import type { Column } from '../ui/DataTable';
import { Files } from '../ui/Files';
import { ListPage } from '../ui/ListPage';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, RecordLink, Status, Text } from '../ui/values';
import { warn } from '../ui/warn';
import { CostCentres } from './costCentreField';
import { PayOut } from './payOut';

type Row = ExpensesQuery['expenses']['nodes'][number];
type Own = MyExpensesQuery['myExpenses']['nodes'][number];
type Record = ExpenseQuery['expense'];

const statuses = ['DRAFT', 'SUBMITTED', 'POSTED', 'REIMBURSED', 'REVERSED'] as const;

export function ExpenseList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, ExpenseOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    {
      key: 'category',
      label: t('field.category'),
      cell: (row) => <RecordLink to="/finance/expense-categories" record={row.category} />,
      wide: true,
    },
    { key: 'account', label: t('field.account'), cell: (row) => <RecordLink to="/finance/accounts" record={row.account} /> },
    { key: 'supplier', label: t('field.supplier'), cell: (row) => <RecordLink to="/companies" record={row.supplier} /> },
    {
      key: 'employee',
      label: t('field.employee'),
      cell: (row) => <RecordLink to="/people/employees" record={row.employee} />,
      wide: true,
    },
    { key: 'costCentre', label: t('field.costCentre'), cell: (row) => <CostCentres of={row} />, wide: true },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
    {
      key: 'due',
      label: t('expenses.owed'),
      cell: (row) => (isZero(row.due.amount) ? null : <Money value={row.due} />),
      numeric: true,
      wide: true,
    },
  ];
  return (
    <ListPage
      title={t('nav.expenses')}
      document={ExpensesDocument}
      select={(answer) => answer.expenses}
      columns={columns}
      href={(row) => `/finance/expenses/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: [...statuses], label: t('field.status'), optionLabel: 'status' },
        { kind: 'flag', param: 'paidByEmployee', label: t('expenses.newClaim') },
        { kind: 'ref', param: 'categoryId', ref: 'expenseCategory', label: t('field.category') },
        { kind: 'ref', param: 'employeeId', ref: 'employee', label: t('field.employee') },
        { kind: 'ref', param: 'supplierId', ref: 'company', label: t('field.supplier') },
        { kind: 'ref', param: 'companyId', ref: 'company', label: t('expenses.forClient') },
        { kind: 'ref', param: 'projectId', ref: 'project', label: t('field.project') },
        { kind: 'ref', param: 'costCentreId', ref: 'costCentre', label: t('field.costCentre') },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('expenses.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/expenses/new', label: t('expenses.new') } : null}
      empty={{ title: t('expenses.empty'), text: t('expenses.emptyText') }}
    />
  );
}

export function MyExpenseList() {
  const { t } = useTranslation();
  const columns: Column<Own, ExpenseOrderField>[] = [
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} />, sort: 'DATE' },
    { key: 'description', label: t('field.description'), cell: (row) => <Text value={row.description} /> },
    { key: 'category', label: t('field.category'), cell: (row) => <Text value={row.category?.name} />, wide: true },
    {
      key: 'receipt',
      label: t('myExpenses.receipt'),
      cell: (row) => <Text value={row.files.length > 0 ? '✓' : null} />,
      wide: true,
    },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true, sort: 'AMOUNT' },
  ];
  return (
    <ListPage
      title={t('nav.myExpenses')}
      document={MyExpensesDocument}
      select={(answer) => answer.myExpenses}
      columns={columns}
      href={(row) => `/finance/my-expenses/${row.id}`}
      filters={[
        { kind: 'enum', param: 'status', options: [...statuses], label: t('field.status'), optionLabel: 'status' },
        { kind: 'dates', param: 'date', label: t('field.date') },
      ]}
      order={{ field: 'DATE', direction: 'DESC' }}
      searchLabel={t('expenses.search')}
      create={{ to: '/finance/my-expenses/new', label: t('myExpenses.new') }}
      empty={{ title: t('myExpenses.empty'), text: t('myExpenses.emptyText') }}
    />
  );
}

export const ExpensePage = () => <OneExpense path="/finance/expenses" own={false} />;
export const MyExpensePage = () => <OneExpense path="/finance/my-expenses" own />;

function OneExpense({ path, own }: { path: string; own: boolean }) {
  const { t } = useTranslation();
  const can = useCan();
  const keeps = can('FINANCE_WRITE');
  const isOpen = (expense: Record) => expense.paidByEmployee && (expense.status === 'DRAFT' || (keeps && expense.status === 'SUBMITTED'));
  return (
    <RecordPage
      path={path}
      up={t(own ? 'nav.myExpenses' : 'nav.expenses')}
      load={ExpenseDocument}
      select={(answer) => answer.expense}
      title={(expense) => expense.description}
      status={(expense) => <Status value={expense.status} />}
      mayEdit={(expense) => (own || keeps) && isOpen(expense)}
      archive={{ archive: ArchiveExpenseDocument, restore: RestoreExpenseDocument }}
      actions={(expense) => <Acts expense={expense} own={own} />}
    >
      {(expense) => <Body expense={expense} mayChange={keeps || (own && expense.status === 'DRAFT')} />}
    </RecordPage>
  );
}

function Acts({ expense, own }: { expense: Record; own: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const [submit, giveBack] = [useAct(SubmitExpenseDocument), useAct(ReturnExpenseDocument)];
  const post = useAct(PostExpenseDocument);
  const keeps = can('FINANCE_WRITE');
  const { id, version } = expense;
  if (expense.status === 'DRAFT')
    return own || keeps ? (
      <Act
        label={t('expenses.submit')}
        text={t('expenses.submitText')}
        run={async () => warn((await submit.mutateAsync({ input: { id, version } })).submitExpense.warnings)}
        primary
      />
    ) : null;
  if (!keeps || own) return null;
  if (expense.status === 'SUBMITTED')
    return (
      <>
        <Act
          label={t('expenses.postAct')}
          text={t('expenses.postText', { total: formatMoney(expense.amount, lang) })}
          run={async () => warn((await post.mutateAsync({ input: { id } })).postExpense.warnings)}
          primary
        />
        <Act
          label={t('expenses.returnAct')}
          text={t('expenses.returnText')}
          fields={[{ name: 'reason', label: t('expenses.reason'), kind: 'text', required: true }]}
          run={(input) => giveBack.mutateAsync({ input: { reason: String(input.reason), id } })}
        />
      </>
    );
  if (expense.status !== 'POSTED') return null;
  return (
    <>
      {expense.employee && !isZero(expense.due.amount) ? (
        <PayOut
          label={t('expenses.reimburse')}
          text={t('expenses.reimburseText', { name: expense.employee.name, due: formatMoney(expense.due, lang) })}
          due={expense.due}
          to={{ employeeId: expense.employee.id }}
          settles={{ expenseId: expense.id }}
        />
      ) : null}
      {expense.journalEntry && isZero(expense.reimbursed.amount) ? <Reverse id={id} /> : null}
    </>
  );
}

function Reverse({ id }: { id: string }) {
  const { t } = useTranslation();
  const today = useToday();
  const reverse = useAct(ReverseExpenseDocument);
  return (
    <Act
      label={t('ui.reverse')}
      text={t('expenses.reverseText')}
      fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
      defaults={{ date: today }}
      run={(input) => reverse.mutateAsync({ input: { ...input, id } })}
      danger
    />
  );
}

function Body({ expense, mayChange }: { expense: Record; mayChange: boolean }) {
  const { t } = useTranslation();
  const can = useCan();
  const ledger = can('FINANCE_READ');
  const { project } = expense;
  // What happened to the receipt when the expense was saved a moment ago.
  const { notKept } = (useLocation().state ?? {}) as { notKept?: string };
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
      {notKept ? <p role="alert">{t('files.notKept', { reason: notKept })}</p> : null}
      <Facts
        facts={[
          { label: t('field.amount'), value: <Money value={expense.amount} />, figure: true },
          expense.paidByEmployee && !isZero(expense.due.amount)
            ? { label: t('expenses.owed'), value: <Money value={expense.due} />, figure: true }
            : null,
          expense.returnReason ? { label: t('expenses.returned'), value: expense.returnReason } : null,
          { label: t('invoices.net'), value: <Money value={expense.net} /> },
          { label: t('invoices.tax'), value: <Money value={expense.tax} /> },
          { label: t('field.date'), value: <DateText value={expense.date} /> },
          {
            label: t('field.category'),
            value: ledger ? (
              <RecordLink to="/finance/expense-categories" record={expense.category} />
            ) : (
              <Text value={expense.category?.name} />
            ),
          },
          { label: t('expenses.paidBy'), value: t(expense.paidByEmployee ? 'expenses.paidByEmployee' : 'expenses.paidByCompany') },
          ledger ? { label: t('field.account'), value: <RecordLink to="/finance/accounts" record={expense.account} /> } : null,
          expense.paidByEmployee
            ? null
            : { label: t('expenses.paidFrom'), value: <RecordLink to="/finance/accounts" record={expense.paymentAccount} /> },
          expense.paidByEmployee ? { label: t('expenses.reimbursed'), value: <Money value={expense.reimbursed} /> } : null,
          { label: t('field.supplier'), value: <RecordLink to="/companies" record={expense.supplier} /> },
          ledger ? { label: t('field.costCentre'), value: <CostCentres of={expense} /> } : null,
          { label: t('expenses.forClient'), value: <RecordLink to="/companies" record={expense.company} /> },
          { label: t('field.project'), value: <RecordLink to="/delivery/projects" record={project} /> },
          { label: t('field.employee'), value: <RecordLink to="/people/employees" record={expense.employee} /> },
          expense.seller ? { label: t('invoices.seller'), value: <RecordLink to="/people/employees" record={expense.seller} /> } : null,
          { label: t('field.department'), value: <RecordLink to="/people/departments" record={expense.department} /> },
        ]}
      />
      <ApprovalsOf subjectId={expense.id} />
      <Files
        title={t('files.receipts')}
        subject="EXPENSE"
        id={expense.id}
        files={expense.files}
        mayChange={mayChange && !expense.archivedAt}
      />
      {mayChange && expense.paidByEmployee && expense.status === 'DRAFT' && expense.files.length === 0 ? (
        <p className="muted">{t('files.receiptHint')}</p>
      ) : null}
    </>
  );
}
