import type { Locale } from '../i18n/format.ts';
import { firstLocale, keepLocale } from '../i18n/locale.ts';

/** What the style sheet can't put into a language. */
function say(page: Document, locale: Locale): void {
  page.documentElement.lang = locale;
  for (const picture of page.querySelectorAll<HTMLImageElement>('img[data-alt-fr]'))
    picture.alt = (locale === 'fr' ? picture.dataset.altFr : picture.dataset.altEn) ?? '';
}

/** The page in the person's language, and a button for the other one. */
export function speak(page: Document): void {
  say(page, firstLocale());
  for (const button of page.querySelectorAll<HTMLElement>('[data-language]')) {
    button.addEventListener('click', () => {
      const locale = button.dataset.language === 'en' ? 'en' : 'fr';
      keepLocale(locale);
      say(page, locale);
      // The one that was pressed is gone: whoever goes by the keyboard stays where they are.
      page.querySelector<HTMLElement>(`[data-language="${locale === 'en' ? 'fr' : 'en'}"]`)?.focus();
    });
  }
}
