import type { Locale } from './format.ts';

const KEY = 'ng.locale';

function storedLocale(): Locale | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'fr' || value === 'en' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The stored choice, else the browser's language; French for everything that is not plainly another language. */
export function firstLocale(): Locale {
  return storedLocale() ?? (navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en');
}

/** The page says that it is in this language, and the next one is too. */
export function keepLocale(locale: Locale): void {
  document.documentElement.lang = locale;
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // Without storage the profile keeps the language.
  }
}

const CHOSEN = 'ng.chosen';
/** Longer ago it may be the choice of somebody else, who left the page without signing in. */
const CHOICE_MS = 15 * 60_000;

/** A language chosen by hand by who is not signed in yet; known to this tab alone. */
export function keepChoice(locale: Locale): void {
  keepLocale(locale);
  try {
    sessionStorage.setItem(CHOSEN, locale + Date.now());
  } catch {
    // Then the profile's language wins.
  }
}

/** That language, told once, to whoever signs in soon after. */
export function takeChoice(): Locale | undefined {
  try {
    const kept = sessionStorage.getItem(CHOSEN) ?? '';
    sessionStorage.removeItem(CHOSEN);
    const locale = kept.slice(0, 2);
    return (locale === 'fr' || locale === 'en') && Date.now() - Number(kept.slice(2)) < CHOICE_MS ? locale : undefined;
  } catch {
    return undefined;
  }
}
