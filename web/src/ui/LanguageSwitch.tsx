import { UpdateProfileDocument } from '../gql';
import { useAct } from '../lib/api';
import { setLanguage, toLanguage, type Lang } from '../lib/i18n';
import { useLang } from '../lib/session';

const names: Record<Lang, string> = { en: 'English', ka: 'ქართული' };

/** At once on the page; `stored` keeps it with the profile too. */
export function LanguageSwitch({ stored = false }: { stored?: boolean }) {
  const lang = useLang();
  const profile = useAct(UpdateProfileDocument);
  const choose = (next: Lang) => {
    setLanguage(next);
    if (stored) profile.mutate({ input: { language: toLanguage(next) } });
  };
  return (
    <span className="languages">
      {(['en', 'ka'] as const).map((code) => (
        <button key={code} type="button" lang={code} className="as-link" aria-pressed={lang === code} onClick={() => choose(code)}>
          {names[code]}
        </button>
      ))}
    </span>
  );
}
