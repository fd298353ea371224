import { setLocale, useLocale } from '../i18n/index.ts';

/** The page in the other language, for who has no profile yet that says which: the choice stays with the browser. */
export function OtherLanguage() {
  const other = useLocale() === 'fr' ? 'en' : 'fr';
  return (
    <button
      type="button"
      lang={other}
      className="flex h-9 items-center rounded-lg px-3 text-dim hover:text-text coarse:h-11"
      onClick={() => void setLocale(other)}
    >
      {other === 'en' ? 'English' : 'Français'}
    </button>
  );
}
