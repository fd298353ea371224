import { firstLocale, keepChoice } from '../i18n/locale.ts';

/** The page in the person's language, and a button for the other one: the style sheet shows what is of that language. */
export function speak(page: Document): void {
  page.documentElement.lang = firstLocale();
  for (const button of page.querySelectorAll<HTMLElement>('[data-language]')) {
    button.addEventListener('click', () => {
      const locale = button.dataset.language === 'en' ? 'en' : 'fr';
      keepChoice(locale);
      page.documentElement.lang = locale;
      // The one that was pressed is gone: whoever goes by the keyboard stays where they are.
      page.querySelector<HTMLElement>(`[data-language="${locale === 'en' ? 'fr' : 'en'}"]`)?.focus();
    });
  }
}
