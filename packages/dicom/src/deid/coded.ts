import { CODED_WORDS } from './words.ts';

const LONGEST = 16;
/** Terms with numbers: other numbers could be a day, or somebody's. */
const NUMBERED = [
  'YBR_(?:FULL|PARTIAL)_42[02]',
  'ISO_(?:10918|14495)_1',
  'ISO_15444_[12]',
  'ISO_13818_2',
  'ISO_14496_1[02]',
  'ISO_23008_2',
  'ISO(?:_| 2022 )IR [0-9]{1,3}',
];

/** One defined term or several; PostgreSQL reads the same expression. */
export const KNOWN_CODE = new RegExp(`^(?:(?:${[...CODED_WORDS, ...NUMBERED].join('|')})(?:[ _]+|$))+$`);

/**
 * Whether a text is a code string (PS3.5 Table 6.2-1, CS) of defined terms: a file may have anything where a code belongs, a name in capitals too. De-identification
 * keeps each of them, unless a word of it names somebody of the dataset.
 */
export const isKnownCode = (text: string): boolean => text.length <= LONGEST && KNOWN_CODE.test(text);
