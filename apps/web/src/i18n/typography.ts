export interface Texts {
  readonly [key: string]: string | Texts;
}

/** The spaces that French sets before ; ? » : and after «, which no line may break at: written as plain ones in the source, where nobody could tell them apart. */
export const frenchSpaces = (text: string): string =>
  text
    .replaceAll(/ (?=[;?])/g, '\u202f')
    .replaceAll(/ (?=[:»])/g, '\u00a0')
    .replaceAll('« ', '«\u00a0');

export const inFrench = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts).map(([key, one]) => [key, typeof one === 'string' ? frenchSpaces(one) : inFrench(one)]),
  );
