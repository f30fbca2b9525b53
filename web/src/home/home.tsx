import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { HomeDocument, type HomeQuery, type Permission } from '../gql';
import { useGql } from '../lib/api';
import { formatDate } from '../lib/format';
import { useCan, useLang, useMe } from '../lib/session';
import { CashFlowReport, cashPeriod } from '../reports/cashFlow';
import { CostCentreReport } from '../reports/costCentres';
import { GroupPicker, MarginReport, useGroup } from '../reports/margin';
import { PeriodPicker, usePeriod } from '../reports/period';
import { WaitsForMe } from '../ui/Approvals';
import { ErrorNote, Page, Section } from '../ui/Page';
import { MyWork } from './MyWork';

export function Home() {
  const { t } = useTranslation();
  const can = useCan();
  const { tenant } = useMe();
  const counts = useGql(HomeDocument, { catalogue: can('CATALOGUE_READ'), invoices: can('INVOICES_READ'), finance: can('FINANCE_READ') });
  const isNew = counts.data ? isEmpty(counts.data) : false;
  const reports = can('REPORTS_READ') && counts.data !== undefined && !isNew;
  return (
    <Page title={t('nav.home')} name={tenant.name} actions={reports ? <PeriodPicker /> : null}>
      {counts.error ? <ErrorNote error={counts.error} retry={counts.refetch} /> : null}
      <WaitsForMe />
      {counts.data && isNew ? <FirstSteps counts={counts.data} /> : null}
      {reports ? <Reports /> : null}
      {counts.data && !can('REPORTS_READ') ? <MyWork /> : null}
    </Page>
  );
}

/** Nothing is posted yet, so there is nothing to report. */
function isEmpty(counts: HomeQuery): boolean {
  return counts.issued?.totalCount === 0 && counts.expenses?.totalCount === 0;
}

function FirstSteps({ counts }: { counts: HomeQuery }) {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const can = useCan();
  const steps: { key: string; to: string; done: boolean; needs: Permission }[] = [
    { key: 'company', to: '/companies/new', done: counts.companies.totalCount > 0, needs: 'COMPANIES_WRITE' },
    { key: 'service', to: '/sales/services/new', done: (counts.services?.totalCount ?? 0) > 0, needs: 'CATALOGUE_WRITE' },
    { key: 'invoice', to: '/finance/invoices/new', done: (counts.invoices?.totalCount ?? 0) > 0, needs: 'FINANCE_WRITE' },
    { key: 'issue', to: '/finance/invoices', done: (counts.issued?.totalCount ?? 0) > 0, needs: 'FINANCE_WRITE' },
    { key: 'expense', to: '/finance/expenses/new', done: (counts.expenses?.totalCount ?? 0) > 0, needs: 'FINANCE_WRITE' },
  ];
  return (
    <div className="empty">
      <p className="empty-title">{t('home.welcome', { name: tenant.name })}</p>
      <p>{t('home.welcomeText')}</p>
      <ol className="steps">
        {steps.map(({ key, to, done, needs }) => (
          <li key={key}>
            {done ? (
              <>
                {t(`home.${key}`)} <span className="status good">{t('home.done')}</span>
              </>
            ) : can(needs) ? (
              <Link to={to}>{t(`home.${key}`)}</Link>
            ) : (
              t(`home.${key}`)
            )}
            <br />
            <span className="muted">{t(`home.${key}Text`)}</span>
          </li>
        ))}
      </ol>
      <p className="muted">{t('home.importText')}</p>
    </div>
  );
}

function Reports() {
  const { t } = useTranslation();
  const lang = useLang();
  const { period, today } = usePeriod();
  const [group] = useGroup();
  const cash = cashPeriod(period, today);
  const span = (from: string, to: string) => `${formatDate(from, lang)} – ${formatDate(to, lang)}`;
  return (
    <div className="reports-grid">
      <Section
        title={
          <>
            {t('reports.margin')} <span className="muted span">{span(period.from, period.to)}</span>
          </>
        }
        aside={
          <span className="section-links">
            <GroupPicker />
          </span>
        }
      >
        <MarginReport period={period} group={group} limit={10} />
      </Section>
      <Section
        title={
          <>
            {t('nav.cashFlow')} <span className="muted span">{span(cash.from, cash.to)}</span>
          </>
        }
      >
        <CashFlowReport period={cash} />
      </Section>
      <Section
        title={
          <>
            {t('nav.costCentresReport')} <span className="muted span">{span(period.from, period.to)}</span>
          </>
        }
      >
        <CostCentreReport period={period} />
      </Section>
    </div>
  );
}
