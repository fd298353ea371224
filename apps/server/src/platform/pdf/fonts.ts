import { createRequire } from 'node:module';

/** Names by which a document's fonts are chosen. */
export const [REGULAR, BOLD] = ['Noto Sans', 'Noto Sans Bold'];
/** With the letters of West African alphabets and Cyrillic, which the fonts that every reader of PDF has lack. Only what is written of them is in the file. */
const require = createRequire(import.meta.url);
export const FONTS = {
  [REGULAR]: require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
  [BOLD]: require.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'),
};

/** Scripts that the fonts have; letters of any other become question marks. */
const WRITTEN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]$/u;

/** A text in the letters that can be written. Narrow spaces are as wide as others. */
export const writable = (text: string): string =>
  [...text.normalize('NFC').replaceAll(/[\u2009\u202f]/g, '\u00a0')]
    .map((character) => (WRITTEN.test(character) ? character : '?'))
    .join('');
