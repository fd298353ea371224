export interface Texts {
  readonly [key: string]: string | Texts;
}

/** The spaces that French sets before ; ? ! : % » and after «, which no line may break at: written as plain ones in the source, where nobody could tell them apart. */
export const frenchSpaces = (text: string): string =>
  text
    .replaceAll(/ (?=[;?!])/g, '\u202f')
    .replaceAll(/ (?=[:»%])/g, '\u00a0')
    .replaceAll('« ', '«\u00a0');

/** French counts whole millions by a form of their own (CLDR `many`), which is written like the others: without it the name of the text would be shown. */
const keysOf = (key: string): string[] => (key.endsWith('_other') ? [key, key.replace(/_other$/, '_many')] : [key]);

export const inFrench = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([key, one]) => {
      const set = typeof one === 'string' ? frenchSpaces(one) : inFrench(one);
      return keysOf(key).map((name) => [name, set]);
    }),
  );

/** A text in both languages that is none of `i18n/fr`: one of the contract, or one that stands where the others can't be loaded. */
export interface BothLanguages {
  readonly fr: string;
  readonly en: string;
}

/** The one way by which the page reads such a text (`contract-texts.test.ts`), so that it is set as all others are. */
export const textIn = ({ fr, en }: BothLanguages, locale: 'fr' | 'en'): string => (locale === 'fr' ? frenchSpaces(fr) : en);
