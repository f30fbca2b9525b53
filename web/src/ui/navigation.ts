import type { Permission } from '../gql';

export interface NavItem {
  name: string;
  to: string;
  needs?: Permission;
}

/** Pages that are looked for together; its own link goes to the first of them. */
export interface NavGroup {
  name: string;
  items: NavItem[];
}

export interface Area {
  name: string;
  path: string;
  items: (NavItem | NavGroup)[];
  /** Has a page without items below. */
  alone?: boolean;
}

/** The order and the names that the whole product keeps. */
export const areas: Area[] = [
  { name: 'home', path: '/', items: [], alone: true },
  {
    name: 'sales',
    path: '/sales',
    items: [
      { name: 'deals', to: '/sales/deals', needs: 'SALES_READ' },
      { name: 'leads', to: '/sales/leads', needs: 'SALES_READ' },
      { name: 'services', to: '/sales/services', needs: 'CATALOGUE_READ' },
    ],
  },
  {
    name: 'companies',
    path: '/companies',
    items: [
      { name: 'companies', to: '/companies', needs: 'COMPANIES_READ' },
      { name: 'contacts', to: '/companies/contacts', needs: 'COMPANIES_READ' },
    ],
  },
  {
    name: 'delivery',
    path: '/delivery',
    items: [
      { name: 'projects', to: '/delivery/projects', needs: 'DELIVERY_READ' },
      { name: 'week', to: '/delivery/week', needs: 'TIME_WRITE' },
      { name: 'time', to: '/delivery/time', needs: 'DELIVERY_READ' },
    ],
  },
  {
    name: 'finance',
    path: '/finance',
    items: [
      {
        name: 'invoicing',
        items: [
          { name: 'invoices', to: '/finance/invoices', needs: 'INVOICES_READ' },
          { name: 'recurringInvoices', to: '/finance/recurring-invoices', needs: 'INVOICES_READ' },
          { name: 'recognition', to: '/finance/recognition', needs: 'FINANCE_READ' },
        ],
      },
      { name: 'payments', to: '/finance/payments', needs: 'FINANCE_READ' },
      { name: 'writeOffs', to: '/finance/write-offs', needs: 'FINANCE_READ' },
      {
        name: 'purchases',
        items: [
          { name: 'bills', to: '/finance/bills', needs: 'FINANCE_READ' },
          { name: 'expenses', to: '/finance/expenses', needs: 'FINANCE_READ' },
          { name: 'expenseCategories', to: '/finance/expense-categories', needs: 'FINANCE_READ' },
          { name: 'categoryRules', to: '/finance/category-rules', needs: 'FINANCE_READ' },
        ],
      },
      { name: 'myExpenses', to: '/finance/my-expenses', needs: 'EXPENSES_OWN' },
      {
        name: 'bank',
        items: [
          { name: 'bankAccounts', to: '/finance/bank', needs: 'FINANCE_READ' },
          { name: 'bankLines', to: '/finance/bank-lines', needs: 'FINANCE_READ' },
          { name: 'bankTransfers', to: '/finance/bank-transfers', needs: 'FINANCE_READ' },
          { name: 'exchangeRates', to: '/finance/exchange-rates', needs: 'FINANCE_READ' },
          { name: 'revaluation', to: '/finance/revaluation', needs: 'FINANCE_WRITE' },
        ],
      },
      {
        name: 'accounting',
        items: [
          { name: 'journal', to: '/finance/journal', needs: 'FINANCE_READ' },
          { name: 'ledger', to: '/finance/ledger', needs: 'FINANCE_READ' },
          { name: 'accounts', to: '/finance/accounts', needs: 'FINANCE_READ' },
          { name: 'fiscalYears', to: '/finance/fiscal-years', needs: 'FINANCE_READ' },
          { name: 'taxCodes', to: '/finance/tax-codes', needs: 'FINANCE_READ' },
        ],
      },
      {
        name: 'costControl',
        items: [
          { name: 'costCentres', to: '/finance/cost-centres', needs: 'FINANCE_READ' },
          { name: 'allocationRules', to: '/finance/allocation-rules', needs: 'FINANCE_READ' },
          { name: 'budgets', to: '/finance/budgets', needs: 'FINANCE_READ' },
        ],
      },
    ],
  },
  {
    name: 'people',
    path: '/people',
    items: [
      { name: 'employees', to: '/people/employees', needs: 'PEOPLE_READ' },
      { name: 'departments', to: '/people/departments', needs: 'PEOPLE_READ' },
    ],
  },
  {
    name: 'reports',
    path: '/reports',
    items: [
      { name: 'margin', to: '/reports/margin', needs: 'REPORTS_READ' },
      { name: 'costCentresReport', to: '/reports/cost-centres', needs: 'REPORTS_READ' },
      { name: 'cashFlow', to: '/reports/cash-flow', needs: 'REPORTS_READ' },
      { name: 'profitAndLoss', to: '/reports/profit-and-loss', needs: 'REPORTS_READ' },
      { name: 'balanceSheet', to: '/reports/balance-sheet', needs: 'REPORTS_READ' },
      { name: 'trialBalance', to: '/reports/trial-balance', needs: 'REPORTS_READ' },
      { name: 'generalLedger', to: '/reports/general-ledger', needs: 'FINANCE_READ' },
      { name: 'agedReceivables', to: '/reports/aged-receivables', needs: 'REPORTS_READ' },
      { name: 'agedPayables', to: '/reports/aged-payables', needs: 'REPORTS_READ' },
      { name: 'deferredRevenue', to: '/reports/deferred-revenue', needs: 'REPORTS_READ' },
      { name: 'taxReport', to: '/reports/tax', needs: 'REPORTS_READ' },
    ],
  },
  {
    name: 'settings',
    path: '/settings',
    items: [
      { name: 'profile', to: '/settings/profile' },
      { name: 'sessions', to: '/settings/sessions' },
      { name: 'members', to: '/settings/members', needs: 'MEMBERS_MANAGE' },
      { name: 'workspaceSettings', to: '/settings/workspace', needs: 'TENANT_MANAGE' },
      { name: 'pipelines', to: '/settings/pipelines', needs: 'SALES_WRITE' },
      { name: 'approvalRules', to: '/settings/approval-rules', needs: 'FINANCE_READ' },
      { name: 'delegations', to: '/settings/absences' },
      { name: 'audit', to: '/settings/audit', needs: 'AUDIT_READ' },
    ],
  },
];

/** What somebody may open; a group of which nothing is left goes too. */
export function allowed(items: Area['items'], may: (item: NavItem) => boolean): Area['items'] {
  return items
    .map((item) => ('items' in item ? { ...item, items: item.items.filter(may) } : item))
    .filter((item) => ('items' in item ? item.items.length > 0 : may(item)));
}

export const links = (item: NavItem | NavGroup): NavItem[] => ('items' in item ? item.items : [item]);
