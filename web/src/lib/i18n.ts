import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en, ka } from '../locales';
import type { Language } from '../gql';

export type Lang = 'en' | 'ka';
const key = 'kamara.language';

function stored(): Lang | null {
  try {
    const value = localStorage.getItem(key);
    return value === 'en' || value === 'ka' ? value : null;
  } catch {
    return null;
  }
}

function preferred(): Lang {
  if (typeof navigator === 'undefined') return 'en';
  return navigator.language.toLowerCase().startsWith('ka') ? 'ka' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: stored() ?? preferred(),
  fallbackLng: 'en',
  resources: { en: { translation: en }, ka: { translation: ka } },
  interpolation: { escapeValue: false },
  returnNull: false,
});

export function currentLanguage(): Lang {
  return i18next.language === 'ka' ? 'ka' : 'en';
}

export function setLanguage(lang: Lang): void {
  try {
    localStorage.setItem(key, lang);
  } catch {
    // Private windows may refuse to store; the switch still holds for this page.
  }
  document.documentElement.lang = lang;
  if (i18next.language !== lang) void i18next.changeLanguage(lang);
}

export const toLang = (language: Language): Lang => (language === 'KA' ? 'ka' : 'en');
export const toLanguage = (lang: Lang): Language => (lang === 'ka' ? 'KA' : 'EN');

export { i18next };
