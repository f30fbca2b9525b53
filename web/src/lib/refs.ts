import * as gql from '../gql';
import { request } from './api';

export interface Option {
  value: string;
  label: string;
  /** What a form may fill in, or ask for, by choosing this. */
  extra?: { unitPrice?: string; currency?: string; taxCodeId?: string | null; rate?: string; role?: gql.AccountRole | null };
}

interface Ref {
  /** Options for what was typed; `base` narrows them further (a client's deals). */
  search: (text: string, base: Record<string, unknown>) => Promise<Option[]>;
  /** The one that is chosen already. A kind without it is short: its search gives all, and the field filters them. */
  one?: (id: string) => Promise<Option | null>;
}

interface Named {
  id: string;
  name: string;
  code?: string | null;
}

const named = (node: Named): Option => ({ value: node.id, label: node.code ? `${node.code} ${node.name}` : node.name });
const plain = (node: Named): Option => ({ value: node.id, label: node.name });
const invoice = (node: { id: string; number: string | null; date: string; company: Named }): Option => ({
  value: node.id,
  label: [node.number, node.company.name, node.date].filter(Boolean).join(' · '),
});
const recurring = (node: { id: string; startDate: string; company: Named }): Option => ({
  value: node.id,
  label: `${node.company.name} · ${node.startDate}`,
});
const find = (text: string, base: Record<string, unknown>) => ({ filter: text.trim() === '' ? base : { ...base, search: text.trim() } });

/** Taxes that may stand on a line: what is withheld is kept back when a supplier is paid. */
export const chargedTaxes = { kind: { in: ['STANDARD', 'EXEMPT', 'REVERSE_CHARGE'] } } satisfies gql.TaxCodeFilter;

export const refs = {
  company: {
    search: async (text, base) => (await request(gql.CompanyOptionsDocument, find(text, base))).companies.nodes.map(plain),
    one: async (id) => plain((await request(gql.CompanyNameDocument, { id })).company),
  },
  contact: {
    search: async (text, base) => (await request(gql.ContactOptionsDocument, find(text, base))).contacts.nodes.map(plain),
    one: async (id) => plain((await request(gql.ContactNameDocument, { id })).contact),
  },
  deal: {
    search: async (text, base) => (await request(gql.DealOptionsDocument, find(text, base))).deals.nodes.map(plain),
    one: async (id) => plain((await request(gql.DealNameDocument, { id })).deal),
  },
  project: {
    search: async (text, base) => (await request(gql.ProjectOptionsDocument, find(text, base))).projects.nodes.map(named),
    one: async (id) => plain((await request(gql.ProjectNameDocument, { id })).project),
  },
  service: {
    search: async (text, base) =>
      (await request(gql.ServiceOptionsDocument, find(text, base))).services.nodes.map((node) => ({
        ...plain(node),
        extra: { unitPrice: node.unitPrice.amount, currency: node.unitPrice.currency, taxCodeId: node.taxCode?.id ?? null },
      })),
    one: async (id) => plain((await request(gql.ServiceNameDocument, { id })).service),
  },
  invoice: {
    search: async (text, base) => (await request(gql.InvoiceOptionsDocument, find(text, base))).invoices.nodes.map(invoice),
    one: async (id) => invoice((await request(gql.InvoiceNameDocument, { id })).invoice),
  },
  recurringInvoice: {
    search: async (text, base) =>
      (await request(gql.RecurringInvoiceOptionsDocument, find(text, base))).recurringInvoices.nodes.map(recurring),
    one: async (id) => recurring((await request(gql.RecurringInvoiceNameDocument, { id })).recurringInvoice),
  },
  employee: {
    search: async (text, base) => (await request(gql.EmployeeOptionsDocument, find(text, base))).employees.nodes.map(plain),
    one: async (id) => plain((await request(gql.EmployeeNameDocument, { id })).employee),
  },
  department: {
    search: async (text, base) => (await request(gql.DepartmentOptionsDocument, find(text, base))).departments.nodes.map(plain),
    one: async (id) => plain((await request(gql.DepartmentNameDocument, { id })).department),
  },
  account: {
    // A group takes no entries: it's offered only where groups are asked for.
    search: async (text, base) =>
      (await request(gql.AccountOptionsDocument, find(text, { isGroup: false, ...base }))).accounts.nodes.map((node) => ({
        ...named(node),
        extra: { role: node.role },
      })),
    one: async (id) => named((await request(gql.AccountNameDocument, { id })).account),
  },
  bankAccount: {
    search: async (text, base) =>
      (await request(gql.BankAccountOptionsDocument, find(text, base))).bankAccounts.nodes.map((node) => ({
        value: node.id,
        label: `${node.name} · ${node.currency}`,
      })),
    one: async (id) => plain((await request(gql.BankAccountNameDocument, { id })).bankAccount),
  },
  costCentre: {
    search: async (text, base) => (await request(gql.CostCentreOptionsDocument, find(text, base))).costCentres.nodes.map(named),
    one: async (id) => named((await request(gql.CostCentreNameDocument, { id })).costCentre),
  },
  expenseCategory: {
    search: async (text, base) => (await request(gql.ExpenseCategoryOptionsDocument, find(text, base))).expenseCategories.nodes.map(plain),
    one: async (id) => plain((await request(gql.ExpenseCategoryNameDocument, { id })).expenseCategory),
  },
  taxCode: {
    search: async (text, base) =>
      (await request(gql.TaxCodeOptionsDocument, find(text, base))).taxCodes.nodes.map((node) => ({
        ...named(node),
        extra: { rate: node.rate },
      })),
    one: async (id) => named((await request(gql.TaxCodeNameDocument, { id })).taxCode),
  },
  member: {
    search: async () => (await request(gql.MemberOptionsDocument, {})).members.nodes.map(plain),
  },
  stage: {
    search: async () => {
      const pipelines = (await request(gql.StageOptionsDocument, {})).pipelines.nodes;
      return pipelines.flatMap((pipeline) =>
        pipeline.stages.map((stage) => ({ value: stage.id, label: pipelines.length > 1 ? `${pipeline.name}: ${stage.name}` : stage.name })),
      );
    },
  },
} as const satisfies Record<string, Ref>;

export type RefKind = keyof typeof refs;
export const refOf = (kind: RefKind): Ref => refs[kind];
