import { createRequire } from 'node:module';
import { UNSEEN } from '@negatoscope/contract';

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

/** What has no space takes the time of its length squared to be laid out: it may be broken after each of so many characters. */
const WITHOUT_SPACE = /\S{60}(?=\S)/gu;
const MAY_BREAK = '\u200b';
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029\v\f]/g;
/** Controls, and what turns a text round or is not seen. */
const CONTROLS = new RegExp(`(?!\\n)\\p{Cc}|[${UNSEEN}]`, 'gu');

/** A text in the letters that can be written. Narrow spaces are as wide as others, ends of lines are all alike, other controls are not written. */
export const writable = (text: string): string =>
  [...text.normalize('NFC').replaceAll(LINE_ENDS, '\n').replaceAll('\t', '    ').replaceAll(CONTROLS, '')]
    .map((character) => (character === '\u2009' || character === '\u202f' ? '\u00a0' : WRITTEN.test(character) ? character : '?'))
    .join('')
    .replaceAll(WITHOUT_SPACE, (run) => run + MAY_BREAK);
