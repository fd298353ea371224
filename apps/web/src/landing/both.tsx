import { auth as authEn } from '../i18n/en/auth.ts';
import { landing as landingEn } from '../i18n/en/landing.ts';
import type { Locale } from '../i18n/format.ts';
import { auth } from '../i18n/fr/auth.ts';
import { landing } from '../i18n/fr/landing.ts';
import { textIn } from '../i18n/typography.ts';

const fr = { ...landing, signIn: auth.signIn };
const en: typeof fr = { ...landingEn, signIn: authEn.signIn };
type LandingText = keyof typeof fr;

export const landingText = (of: LandingText, locale: Locale): string => textIn({ fr: fr[of], en: en[of] }, locale);

/** A text in both languages, of which the style sheet shows the page's one: it stands before any code runs. */
export function Both({ of }: { readonly of: LandingText }) {
  return (
    <>
      <span data-in="fr">{landingText(of, 'fr')}</span>
      <span data-in="en">{landingText(of, 'en')}</span>
    </>
  );
}
