import { setLocale, useLocale } from '../i18n/index.ts';
import { keepChoice } from '../i18n/locale.ts';
import { LanguageButton } from './language-button.tsx';

/** The page in the other language, for who is not signed in yet: the choice stays with the browser, and goes into the profile of who signs in. */
export function OtherLanguage() {
  const other = useLocale() === 'fr' ? 'en' : 'fr';
  const choose = (): void => {
    keepChoice(other);
    void setLocale(other);
  };
  return <LanguageButton to={other} onClick={choose} />;
}
