import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { DealsDocument } from '../gql';
import { useGql } from '../lib/api';
import { useCan, useMe } from '../lib/session';
import { DataTable } from '../ui/DataTable';
import { query } from '../ui/entity';
import { ErrorNote, LinkButton, Section } from '../ui/Page';
import { DateText, Money, RecordLink } from '../ui/values';

/** For who doesn't see reports: the day's work. */
export function MyWork() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <>
      {can('SALES_WRITE') ? <MyDeals /> : null}
      <Section title={t('nav.delivery')}>
        <span className="section-buttons">
          {can('TIME_WRITE') ? <LinkButton to="/delivery/week">{t('time.new')}</LinkButton> : null}
          <LinkButton to="/delivery/projects">{t('nav.projects')}</LinkButton>
        </span>
      </Section>
      {can('PEOPLE_WRITE') ? (
        <Section title={t('nav.people')}>
          <span className="section-buttons">
            <LinkButton to="/people/employees">{t('nav.employees')}</LinkButton>
            <LinkButton to="/people/employees/new">{t('employees.new')}</LinkButton>
          </span>
        </Section>
      ) : null}
    </>
  );
}

/** One's own open deals, those that close next first. */
function MyDeals() {
  const { t } = useTranslation();
  const me = useMe();
  const ownerId = me.membership?.id ?? '';
  const answer = useGql(DealsDocument, {
    first: 10,
    filter: { status: { eq: 'OPEN' }, ownerId: { eq: ownerId } },
    orderBy: { field: 'EXPECTED_CLOSE_DATE', direction: 'ASC' },
  });
  if (answer.error) return <ErrorNote error={answer.error} retry={answer.refetch} />;
  const deals = answer.data?.deals;
  if (!deals) return <p className="muted">{t('ui.loading')}</p>;
  return (
    <Section
      title={t('home.myDeals')}
      aside={
        <span className="section-links">
          {deals.totalCount > deals.nodes.length ? (
            <Link to={`/sales/deals${query({ view: 'list', status: 'OPEN', ownerId })}`}>
              {t('ui.seeAll', { total: deals.totalCount })}
            </Link>
          ) : null}
          <Link to={`/sales/deals/new${query({ ownerId })}`}>{t('deals.new')}</Link>
        </span>
      }
    >
      {deals.nodes.length === 0 ? (
        <p className="muted">{t('home.noDeals')}</p>
      ) : (
        <DataTable
          label={t('home.myDeals')}
          rows={deals.nodes}
          rowKey={(deal) => deal.id}
          rowHref={(deal) => `/sales/deals/${deal.id}`}
          columns={[
            { key: 'name', label: t('field.name'), cell: (deal) => deal.name },
            { key: 'company', label: t('field.company'), cell: (deal) => <RecordLink to="/companies" record={deal.company} /> },
            { key: 'stage', label: t('field.stage'), cell: (deal) => deal.stage.name },
            { key: 'close', label: t('deals.expectedClose'), cell: (deal) => <DateText value={deal.expectedCloseDate} /> },
            { key: 'amount', label: t('field.amount'), numeric: true, cell: (deal) => <Money value={deal.amount} /> },
          ]}
        />
      )}
    </Section>
  );
}
