import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { type Identity, isNaming, wordsOf } from './identity.ts';
import { tellsInPieces } from './in-pieces.ts';
import { CODED_WORDS, DESCRIPTOR_WORDS } from './words.ts';

const NUMBER = /^\d{1,4}$/;
const MEASURE = /^\d{1,3}(MM|CM|ML|S|MS|D|T|KV|MA)?$|^[BT]\d{1,4}$/;
const LONGEST = 256;

const MOST_NUMBERS = 2;
/** Two of four are a day. */
const MOST_DIGITS = 5;

const isCodedWord = (word: string): boolean => word.length === 1 || NUMBER.test(word) || CODED_WORDS.has(word);

/** Numbers that are no terms: few, and short, since more of them could be a day or somebody's number. */
function hasFewNumbers(words: readonly string[]): boolean {
  const numbers = words.filter((word) => NUMBER.test(word) && !CODED_WORDS.has(word));
  return numbers.length <= MOST_NUMBERS && numbers.join('').length <= MOST_DIGITS;
}

/** Every word of it is a defined term. */
export function isCodedText(text: string): boolean {
  if (text.length > 16 || !/^[A-Z0-9_ ]*$/.test(text)) return false;
  const words = text.split(/[_ ]+/);
  return hasFewNumbers(words) && words.every((word) => word === '' || isCodedWord(word));
}

/** Every word of it is on the lists, or a number too short to be one of a person; at most two numbers of five digits: more could be a day. */
export function isDescriptorText(text: string): boolean {
  const words = wordsOf(text);
  if (text.length > LONGEST || !hasFewNumbers(words)) return false;
  return words.every((word) => isCodedWord(word) || DESCRIPTOR_WORDS.has(word) || MEASURE.test(word));
}

const isText = (value: DicomJsonValue): value is string => typeof value === 'string';

/** An element of text of which each value consists of known words and none names the patient, nor all together; undefined for another one. */
export function cleanedText(element: DicomJsonElement, identity: Identity): DicomJsonElement | undefined {
  const { vr, Value = [], BulkDataURI } = element;
  if (BulkDataURI !== undefined || Value.length === 0) return undefined;
  const texts = Value.filter(isText);
  if (texts.length < Value.length || !texts.every(isDescriptorText) || isNaming(element, identity.naming)) return undefined;
  return tellsInPieces(texts, identity) ? undefined : { vr, Value };
}

/**
 * A coded string whose values are defined terms. Its other values are emptied, so that the others keep their place; undefined when none is left, and where what is
 * left names somebody or may be a day.
 */
export function cleanedCodes({ vr, Value = [] }: DicomJsonElement, identity: Identity): DicomJsonElement | undefined {
  const values = Value.map((value) => (isText(value) && isCodedText(value) ? value : null));
  const texts = [...new Set(values.filter(isText))].filter((text) => text !== '');
  const longer = texts.flatMap((text) => text.split(/[_ ]+/)).filter((word) => word.length > 1);
  return texts.length === 0 || !hasFewNumbers(longer) || tellsInPieces(texts, identity) ? undefined : { vr, Value: values };
}
