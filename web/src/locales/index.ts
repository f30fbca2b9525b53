/** All texts, by area; each area has the same file in both languages. */
import enUi from './en/ui.json';
import enWords from './en/words.json';
import enHome from './en/home.json';
import enCompanies from './en/companies.json';
import enSales from './en/sales.json';
import enDelivery from './en/delivery.json';
import enPeople from './en/people.json';
import enFinance from './en/finance.json';
import enReports from './en/reports.json';
import enSettings from './en/settings.json';
import kaUi from './ka/ui.json';
import kaWords from './ka/words.json';
import kaHome from './ka/home.json';
import kaCompanies from './ka/companies.json';
import kaSales from './ka/sales.json';
import kaDelivery from './ka/delivery.json';
import kaPeople from './ka/people.json';
import kaFinance from './ka/finance.json';
import kaReports from './ka/reports.json';
import kaSettings from './ka/settings.json';

export const en = {
  ...enUi,
  ...enWords,
  ...enHome,
  ...enCompanies,
  ...enSales,
  ...enDelivery,
  ...enPeople,
  ...enFinance,
  ...enReports,
  ...enSettings,
};
export const ka = {
  ...kaUi,
  ...kaWords,
  ...kaHome,
  ...kaCompanies,
  ...kaSales,
  ...kaDelivery,
  ...kaPeople,
  ...kaFinance,
  ...kaReports,
  ...kaSettings,
};
