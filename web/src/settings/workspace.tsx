import { useTranslation } from 'react-i18next';
import { CloseBooksDocument, UpdateTenantDocument } from '../gql';
import { useAct } from '../lib/api';
import { countryName, formatDate } from '../lib/format';
import { useCan, useLang, useMe } from '../lib/session';
import { Act } from '../ui/Act';
import { Page, Section } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { SmallForm } from '../ui/SmallForm';
import { LetterheadSection } from './letterhead';
import { NumberSeriesSection } from './numberSeries';

export function WorkspacePage() {
  const { t } = useTranslation();
  const lang = useLang();
  const can = useCan();
  const { tenant } = useMe();
  const [update, close] = [useAct(UpdateTenantDocument), useAct(CloseBooksDocument)];
  return (
    <Page title={t('nav.workspaceSettings')} narrow>
      <Facts
        facts={[
          { label: t('field.country'), value: countryName(tenant.country, lang) },
          { label: t('gate.baseCurrency'), value: tenant.baseCurrency },
        ]}
      />
      <Section title={t('settings.general')}>
        <SmallForm
          fields={[
            { name: 'name', label: t('gate.company'), kind: 'text', required: true },
            { name: 'timeZone', label: t('field.timeZone'), kind: 'timeZone', required: true },
            {
              name: 'language',
              label: t('settings.workspaceLanguage'),
              kind: 'language',
              required: true,
              hint: t('settings.workspaceLanguageHint'),
            },
          ]}
          defaults={{ name: tenant.name, timeZone: tenant.timeZone, language: tenant.language }}
          submitLabel={t('ui.save')}
          doneText={t('ui.saved')}
          run={(input) => update.mutateAsync({ input: { ...input, version: tenant.version } })}
        />
      </Section>
      <LetterheadSection />
      {can('FINANCE_READ') ? <NumberSeriesSection /> : null}
      <Section title={t('settings.books')}>
        <p>{tenant.closedUntil ? t('settings.closedUntil', { date: formatDate(tenant.closedUntil, lang) }) : t('settings.booksOpen')}</p>
        {can('FINANCE_WRITE') ? (
          <Act
            label={t('settings.closeBooks')}
            text={t('settings.closeBooksText')}
            fields={[
              { name: 'until', label: t('settings.until'), kind: 'date', required: true },
              { name: 'reason', label: t('settings.reason'), kind: 'text', hint: t('settings.reasonHint') },
            ]}
            run={(input) =>
              close.mutateAsync({ input: { until: String(input.until), reason: (input.reason as string | undefined) ?? null } })
            }
          />
        ) : null}
      </Section>
    </Page>
  );
}
