import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeQuery, Permission } from '../gql';
import type { Lang } from './i18n';

export type Me = MeQuery['me'] & { tenant: NonNullable<MeQuery['me']['tenant']> };

export const MeContext = createContext<Me | null>(null);

/** The caller. Only pages inside the workspace ask. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of a workspace');
  return me;
}

export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

export const useToday = (): string => useMe().tenant.today;

export function useLang(): Lang {
  const { i18n } = useTranslation();
  return i18n.language === 'ka' ? 'ka' : 'en';
}

/** Variables by which a document leaves out what the role may not see: `$sales: Boolean!` with `@include(if: $sales)`. */
const flags: Record<string, Permission> = { sales: 'SALES_READ', invoices: 'INVOICES_READ', finance: 'FINANCE_READ', pay: 'PAY_READ' };

export function useFlags(document: { toString(): string }): Record<string, boolean> {
  const can = useCan();
  const text = document.toString();
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([name]) => text.includes(`$${name}: Boolean!`))
      .map(([name, permission]) => [name, can(permission)]),
  );
}
