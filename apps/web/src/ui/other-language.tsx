import { setLocale, useLocale } from '../i18n/index.ts';
import { LanguageButton } from './language-button.tsx';

/** The page in the other language, for who has no profile yet that says which: the choice stays with the browser. */
export function OtherLanguage() {
  const other = useLocale() === 'fr' ? 'en' : 'fr';
  return <LanguageButton to={other} onClick={() => void setLocale(other)} />;
}
