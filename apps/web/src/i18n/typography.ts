export interface Texts {
  readonly [key: string]: string | Texts;
}

/** The spaces that French sets before ; ? ! : % » and after «, which no line may break at: written as plain ones in the source, where nobody could tell them apart. */
export const frenchSpaces = (text: string): string =>
  text
    .replaceAll(/ (?=[;?!])/g, '\u202f')
    .replaceAll(/ (?=[:»%])/g, '\u00a0')
    .replaceAll('« ', '«\u00a0');

export const inFrench = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts).map(([key, one]) => [key, typeof one === 'string' ? frenchSpaces(one) : inFrench(one)]),
  );

/** A text in both languages that is none of `i18n/fr`: one of the contract, or one that stands where the others can't be loaded. */
export interface BothLanguages {
  readonly fr: string;
  readonly en: string;
}

/** The one way by which the page reads such a text (`contract-texts.test.ts`), so that it is set as all others are. */
export const textIn = ({ fr, en }: BothLanguages, locale: 'fr' | 'en'): string => (locale === 'fr' ? frenchSpaces(fr) : en);
