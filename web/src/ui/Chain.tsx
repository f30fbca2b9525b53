import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export const links = ['company', 'lead', 'deal', 'project', 'time', 'expense', 'invoice', 'payment', 'ledger'] as const;
export type LinkName = (typeof links)[number];

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
  return (
    <nav className="chain" aria-label={t('chain.title')}>
      <ol>
        {steps.map((step) => (
          <li key={step.link} className={step.here ? 'here' : step.to ? '' : 'missing'} aria-current={step.here ? 'step' : undefined}>
            <span className="chain-kind">{t(`chain.${step.link}`)}</span>
            {step.to && !step.here ? <Link to={step.to}>{step.label ?? t('chain.open')}</Link> : <span>{step.here ? (step.label ?? t('chain.here')) : t('chain.none')}</span>}
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
export function stepOf(link: LinkName, few: Few, path: string, all: string, count: (total: number) => string): Step {
  const only = few.totalCount === 1 ? few.nodes[0] : undefined;
  if (only) return { link, to: `${path}/${only.id}`, label: only.name ?? only.number ?? count(1) };
  return few.totalCount > 1 ? { link, to: all, label: count(few.totalCount) } : { link };
}
