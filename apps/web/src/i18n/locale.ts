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
