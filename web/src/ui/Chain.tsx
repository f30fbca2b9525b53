import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Permission } from '../gql';
import { useCan } from '../lib/session';

export const links = ['company', 'lead', 'deal', 'project', 'time', 'expense', 'bill', 'invoice', 'payment', 'ledger'] as const;
export type LinkName = (typeof links)[number];

/** Who may see the records of a link; anyone, where none is named. */
const needs: Partial<Record<LinkName, Permission>> = {
  lead: 'SALES_READ',
  deal: 'SALES_READ',
  expense: 'FINANCE_READ',
  bill: 'FINANCE_READ',
  invoice: 'INVOICES_READ',
  payment: 'FINANCE_READ',
  ledger: 'FINANCE_READ',
};

export interface Step {
  link: LinkName;
  /** The record, or the list of them, one click away. */
  to?: string | null | undefined;
  label?: string | null | undefined;
  here?: boolean;
}

/** Where a record stands: lead → deal → project → time and expenses → invoice → payment → ledger. */
export function Chain({ steps }: { steps: Step[] }) {
  const { t } = useTranslation();
  const can = useCan();
  const shown = steps.filter(({ link }) => {
    const permission = needs[link];
    return permission === undefined || can(permission);
  });
  return (
    <nav className="chain" aria-label={t('chain.title')}>
      <ol>
        {shown.map((step) => (
          <li key={step.link} className={step.here ? 'here' : step.to ? '' : 'missing'} aria-current={step.here ? 'step' : undefined}>
            <span className="chain-kind">{t(`chain.${step.link}`)}</span>
            {step.to && !step.here ? (
              <Link to={step.to}>{step.label ?? t('chain.open')}</Link>
            ) : (
              <span>{step.here ? (step.label ?? t('chain.here')) : t('chain.none')}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface Few {
  totalCount: number;
  nodes: { id: string; name?: string | null; number?: string | null }[];
}

/** One record is linked itself, several by their list. */
export function stepOf(link: LinkName, few: Few | undefined, path: string, all: string, count: (total: number) => string): Step {
  if (!few) return { link };
  const only = few.totalCount === 1 ? few.nodes[0] : undefined;
  if (only) return { link, to: `${path}/${only.id}`, label: only.name ?? only.number ?? count(1) };
  return few.totalCount > 1 ? { link, to: all, label: count(few.totalCount) } : { link };
}
