import type { BudgetQuery } from '../gql';

type Line = BudgetQuery['budget']['lines'][number];

/** A row of the grid: what has a budget, and its amount in each month by the month's first day. */
export interface GridRow {
  key: string;
  accountId: string;
  costCentreId: string;
  departmentId: string;
  label: string;
  detail: string;
  amounts: Record<string, string>;
}

/** The first days of the months from one day to another. */
export function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  let year = Number(from.slice(0, 4));
  let month = Number(from.slice(5, 7));
  for (;;) {
    const day = `${String(year)}-${String(month).padStart(2, '0')}-01`;
    if (day > to) return months;
    months.push(day);
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year += 1;
  }
}

export function rowsOf(lines: readonly Line[]): GridRow[] {
  const rows = new Map<string, GridRow>();
  for (const { account, costCentre, department, month, amount } of lines) {
    const key = [account.id, costCentre?.id ?? '', department?.id ?? ''].join('/');
    const row = rows.get(key) ?? {
      key,
      accountId: account.id,
      costCentreId: costCentre?.id ?? '',
      departmentId: department?.id ?? '',
      label: `${account.code} ${account.name}`,
      detail: [costCentre?.name, department?.name].filter((name) => name !== undefined).join(', '),
      amounts: {},
    };
    row.amounts[month] = amount.amount;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => a.label.localeCompare(b.label) || a.detail.localeCompare(b.detail));
}
