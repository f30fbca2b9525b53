import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../ui/Page';
import { CashFlowReport, cashPeriod, intervals, usualInterval } from './cashFlow';
import { CostCentreReport } from './costCentres';
import { GroupPicker, MarginReport, useGroup } from './margin';
import { PeriodPicker, usePeriod } from './period';
import { TaxReport } from './tax';

export { AgedPayablesPage, AgedReceivablesPage } from './aged';
export { DeferredRevenuePage } from './deferredRevenue';
export { GeneralLedgerPage } from './generalLedger';
export { BalanceSheetPage, ProfitAndLossPage, TrialBalancePage } from './statements';

export function MarginPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  const [group] = useGroup();
  return (
    <Page title={t('reports.margin')} actions={<PeriodPicker />}>
      <p>
        <GroupPicker />
      </p>
      <div className="full">
        <MarginReport period={period} group={group} />
      </div>
    </Page>
  );
}

export function CostCentresPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  return (
    <Page title={t('nav.costCentresReport')} actions={<PeriodPicker />}>
      <div className="full">
        <CostCentreReport period={period} />
      </div>
    </Page>
  );
}

export function CashFlowPage() {
  const { t } = useTranslation();
  const { period, today } = usePeriod();
  const [params, setParams] = useSearchParams();
  const cash = cashPeriod(period, today);
  const interval = intervals.find((name) => name === params.get('interval')) ?? usualInterval(cash);
  const choose = (next: string) =>
    setParams((before) => {
      before.set('interval', next);
      return before;
    });
  return (
    <Page title={t('nav.cashFlow')} actions={<PeriodPicker />}>
      <p>
        <SegmentedControl
          data={intervals.map((name) => ({ value: name, label: t(`interval.${name}`) }))}
          value={interval}
          onChange={choose}
          transitionDuration={0}
        />
      </p>
      <div className="full">
        <CashFlowReport period={cash} interval={interval} />
      </div>
    </Page>
  );
}

export function TaxReportPage() {
  const { t } = useTranslation();
  const { period } = usePeriod();
  return (
    <Page title={t('nav.taxReport')} actions={<PeriodPicker />}>
      <div className="full">
        <TaxReport period={period} />
      </div>
    </Page>
  );
}
