import { recipient as en } from '../i18n/en/recipient.ts';
import { formatNumber, type Locale } from '../i18n/format.ts';
import { recipient as fr } from '../i18n/fr/recipient.ts';
import { firstLocale, keepLocale } from '../i18n/locale.ts';
import { textIn } from '../i18n/typography.ts';

type Texts = typeof fr;
type Base<K> = K extends `${infer B}_one` | `${infer B}_other` ? B : K;
export type Word = Base<keyof Texts>;

let spoken: Locale = firstLocale();
export const language = (): Locale => spoken;

/** The page in another language, which is kept for the next time. */
export function speak(locale: Locale): void {
  spoken = locale;
  keepLocale(locale);
}

const isWord = (key: string): key is keyof Texts => Object.hasOwn(fr, key);

/** A text in the page's language, with its values put in; of what is counted, the form of that number (`count`). */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const form = new Intl.PluralRules(spoken).select(Number(values.count ?? 0)) === 'one' ? 'one' : 'other';
  const key = isWord(word) ? word : `${word}_${form}`;
  if (!isWord(key)) return '';
  return textIn({ fr: fr[key], en: en[key] }, spoken).replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? formatNumber(value, spoken) : value;
  });
}
