import { useTranslation } from 'react-i18next';
import { Page } from '../ui/Page';
import { CashFlowReport, cashPeriod } from './cashFlow';
import { CostCentreReport } from './costCentres';
import { GroupPicker, MarginReport, useGroup } from './margin';
import { PeriodPicker, usePeriod } from './period';

export function MarginPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  const [group] = useGroup();
  return (
    <Page title={t('reports.margin')} actions={<PeriodPicker />}>
      <p>
        <GroupPicker />
      </p>
      <MarginReport period={period} group={group} />
    </Page>
  );
}

export function CostCentresPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  return (
    <Page title={t('nav.costCentresReport')} actions={<PeriodPicker />}>
      <CostCentreReport period={period} />
    </Page>
  );
}

export function CashFlowPage() {
  const { t } = useTranslation();
  const { period, today } = usePeriod();
  return (
    <Page title={t('nav.cashFlow')} actions={<PeriodPicker />}>
      <CashFlowReport period={cashPeriod(period, today)} />
    </Page>
  );
}
