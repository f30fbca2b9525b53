import type { ComponentType } from 'react';
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { AcceptInvitation, ForgotPassword, LogIn, ResetPassword, SignUp } from './settings/gate';
import { RequireMe } from './settings/RequireMe';
import { Failed, NotFound } from './ui/NotFound';

/** A page of an area; each area is a chunk of its own, fetched when first opened. */
function page<M>(path: string, area: () => Promise<M>, pick: (module: M) => ComponentType): RouteObject {
  return { path, lazy: async () => ({ Component: pick(await area()) }) };
}

/** The four addresses of an entity: its list, a new one, one record, and its form. */
function entity<M>(
  path: string,
  area: () => Promise<M>,
  pick: (module: M) => { list: ComponentType; page: ComponentType; form?: ComponentType },
): RouteObject[] {
  const form = (module: M) => pick(module).form ?? NotFound;
  return [
    page(path, area, (module) => pick(module).list),
    page(`${path}/new`, area, form),
    page(`${path}/:id`, area, (module) => pick(module).page),
    page(`${path}/:id/edit`, area, form),
  ];
}

const home = () => import('./home/home');
const companies = () => import('./companies');
const sales = () => import('./sales');
const delivery = () => import('./delivery');
const finance = () => import('./finance');
const people = () => import('./people');
const reports = () => import('./reports/pages');
const settings = () => import('./settings');

const inside: RouteObject[] = [
  page('/', home, (m) => m.Home),
  ...entity('/sales/leads', sales, (m) => ({ list: m.LeadList, page: m.LeadPage, form: m.LeadForm })),
  ...entity('/sales/deals', sales, (m) => ({ list: m.Deals, page: m.DealPage, form: m.DealForm })),
  ...entity('/sales/services', sales, (m) => ({ list: m.ServiceList, page: m.ServicePage, form: m.ServiceForm })),
  ...entity('/companies/contacts', companies, (m) => ({ list: m.ContactList, page: m.ContactPage, form: m.ContactForm })),
  ...entity('/companies', companies, (m) => ({ list: m.CompanyList, page: m.CompanyPage, form: m.CompanyForm })),
  ...entity('/delivery/projects', delivery, (m) => ({ list: m.ProjectList, page: m.ProjectPage, form: m.ProjectForm })),
  page('/delivery/week', delivery, (m) => m.WeekPage),
  ...entity('/delivery/time', delivery, (m) => ({ list: m.TimeList, page: m.TimePage, form: m.TimeForm })),
  ...entity('/finance/invoices', finance, (m) => ({ list: m.InvoiceList, page: m.InvoicePage, form: m.InvoiceForm })),
  page('/finance/invoices/:id/credit', finance, (m) => m.CreditNoteForm),
  ...entity('/finance/recurring-invoices', finance, (m) => ({
    list: m.RecurringInvoiceList,
    page: m.RecurringInvoicePage,
    form: m.RecurringInvoiceForm,
  })),
  page('/finance/write-offs', finance, (m) => m.WriteOffList),
  ...entity('/finance/payments', finance, (m) => ({ list: m.PaymentList, page: m.PaymentPage, form: m.PaymentForm })),
  ...entity('/finance/bank', finance, (m) => ({ list: m.BankAccountList, page: m.BankAccountPage, form: m.BankAccountForm })),
  page('/finance/bank-lines', finance, (m) => m.BankLineList),
  page('/finance/bank-lines/:id', finance, (m) => m.BankLinePage),
  page('/finance/bank-transfers', finance, (m) => m.BankTransferList),
  page('/finance/bank-import', finance, (m) => m.BankImportPage),
  page('/finance/bank-reconciliation', finance, (m) => m.BankReconciliationPage),
  ...entity('/finance/bills', finance, (m) => ({ list: m.BillList, page: m.BillPage, form: m.BillForm })),
  ...entity('/finance/expenses', finance, (m) => ({ list: m.ExpenseList, page: m.ExpensePage, form: m.ExpenseForm })),
  ...entity('/finance/my-expenses', finance, (m) => ({ list: m.MyExpenseList, page: m.MyExpensePage, form: m.MyExpenseForm })),
  ...entity('/finance/expense-categories', finance, (m) => ({
    list: m.ExpenseCategoryList,
    page: m.ExpenseCategoryPage,
    form: m.ExpenseCategoryForm,
  })),
  ...entity('/finance/category-rules', finance, (m) => ({ list: m.CategoryRuleList, page: m.CategoryRulePage, form: m.CategoryRuleForm })),
  ...entity('/finance/journal', finance, (m) => ({ list: m.JournalList, page: m.JournalPage, form: m.JournalForm })),
  page('/finance/ledger', finance, (m) => m.LedgerList),
  ...entity('/finance/accounts', finance, (m) => ({ list: m.AccountList, page: m.AccountPage, form: m.AccountForm })),
  ...entity('/finance/cost-centres', finance, (m) => ({ list: m.CostCentreList, page: m.CostCentrePage, form: m.CostCentreForm })),
  ...entity('/finance/allocation-rules', finance, (m) => ({
    list: m.AllocationRuleList,
    page: m.AllocationRulePage,
    form: m.AllocationRuleForm,
  })),
  ...entity('/finance/budgets', finance, (m) => ({ list: m.BudgetList, page: m.BudgetPage, form: m.BudgetForm })),
  ...entity('/finance/tax-codes', finance, (m) => ({ list: m.TaxCodeList, page: m.TaxCodePage, form: m.TaxCodeForm })),
  page('/finance/fiscal-years', finance, (m) => m.FiscalYearsPage),
  page('/finance/opening-balances', finance, (m) => m.OpeningBalancesPage),
  page('/finance/exchange-rates', finance, (m) => m.ExchangeRateList),
  page('/finance/revaluation', finance, (m) => m.RevaluationPage),
  page('/finance/recognition', finance, (m) => m.RecognitionPage),
  ...entity('/people/employees', people, (m) => ({ list: m.EmployeeList, page: m.EmployeePage, form: m.EmployeeForm })),
  ...entity('/people/departments', people, (m) => ({ list: m.DepartmentList, page: m.DepartmentPage, form: m.DepartmentForm })),
  page('/reports/margin', reports, (m) => m.MarginPage),
  page('/reports/cost-centres', reports, (m) => m.CostCentresPage),
  page('/reports/cash-flow', reports, (m) => m.CashFlowPage),
  page('/reports/profit-and-loss', reports, (m) => m.ProfitAndLossPage),
  page('/reports/balance-sheet', reports, (m) => m.BalanceSheetPage),
  page('/reports/trial-balance', reports, (m) => m.TrialBalancePage),
  page('/reports/general-ledger', reports, (m) => m.GeneralLedgerPage),
  page('/reports/aged-receivables', reports, (m) => m.AgedReceivablesPage),
  page('/reports/aged-payables', reports, (m) => m.AgedPayablesPage),
  page('/reports/tax', reports, (m) => m.TaxReportPage),
  page('/reports/deferred-revenue', reports, (m) => m.DeferredRevenuePage),
  page('/settings/profile', settings, (m) => m.ProfilePage),
  page('/settings/sessions', settings, (m) => m.SessionsPage),
  page('/settings/members', settings, (m) => m.MembersPage),
  page('/settings/workspace', settings, (m) => m.WorkspacePage),
  page('/settings/pipelines', settings, (m) => m.PipelinesPage),
  ...entity('/settings/approval-rules', settings, (m) => ({
    list: m.ApprovalRuleList,
    page: m.ApprovalRulePage,
    form: m.ApprovalRuleForm,
  })),
  page('/settings/absences', settings, (m) => m.DelegationsPage),
  page('/settings/audit', settings, (m) => m.AuditPage),
  { path: '/sales', element: <Navigate to="/sales/deals" replace /> },
  { path: '/delivery', element: <Navigate to="/delivery/projects" replace /> },
  { path: '/finance', element: <Navigate to="/finance/invoices" replace /> },
  { path: '/people', element: <Navigate to="/people/employees" replace /> },
  { path: '/reports', element: <Navigate to="/reports/margin" replace /> },
  { path: '/settings', element: <Navigate to="/settings/profile" replace /> },
  { path: '*', element: <NotFound /> },
];

export const router = createBrowserRouter([
  { path: '/log-in', element: <LogIn />, errorElement: <Failed /> },
  { path: '/sign-up', element: <SignUp />, errorElement: <Failed /> },
  { path: '/forgot-password', element: <ForgotPassword />, errorElement: <Failed /> },
  { path: '/reset-password', element: <ResetPassword />, errorElement: <Failed /> },
  { path: '/accept-invitation', element: <AcceptInvitation />, errorElement: <Failed /> },
  { element: <RequireMe />, errorElement: <Failed />, children: inside, hydrateFallbackElement: <></> },
]);
