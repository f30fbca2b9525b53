import { countryName, localeOf } from './format';
import type { Lang } from './i18n';

interface Choice {
  value: string;
  label: string;
}

const common = ['GEL', 'USD', 'EUR', 'GBP', 'TRY', 'AZN', 'AMD', 'UAH', 'KZT', 'PLN', 'CHF', 'CZK', 'SEK', 'NOK', 'DKK', 'JPY', 'CNY', 'INR', 'ILS', 'AED', 'CAD', 'AUD'];

export function currencies(lang: Lang): Choice[] {
  const names = new Intl.DisplayNames([localeOf(lang)], { type: 'currency' });
  return common.map((code) => ({ value: code, label: `${code} ${names.of(code) ?? ''}`.trim() }));
}

// ISO 3166-1 alpha-2; the names come from the browser, in the person's language.
const codes =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW'.split(' ');

export function countries(lang: Lang): Choice[] {
  const sort = new Intl.Collator(localeOf(lang));
  return codes.map((code) => ({ value: code, label: countryName(code, lang) })).sort((a, b) => sort.compare(a.label, b.label));
}

export function timeZones(): Choice[] {
  return Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replace(/_/g, ' ') }));
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
