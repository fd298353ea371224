import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { isNaming, wordsOf } from './identity.ts';
import { CODED_WORDS, DESCRIPTOR_WORDS } from './words.ts';

const NUMBER = /^\d{1,4}$/;
const MEASURE = /^\d{1,3}(MM|CM|ML|S|MS|D|T|KV|MA)?$|^[BT]\d{1,4}$/;
const LONGEST = 256;

const isCodedWord = (word: string): boolean => word.length === 1 || NUMBER.test(word) || CODED_WORDS.has(word);

/** Every word of it is a defined term. */
export const isCodedText = (text: string): boolean =>
  text.length <= 16 && /^[A-Z0-9_ ]*$/.test(text) && text.split(/[_ ]+/).every((word) => word === '' || isCodedWord(word));

/** Every word of it is on the lists, or a number too short to be one of a person; at most two numbers: three could be a date. */
export function isDescriptorText(text: string): boolean {
  const words = wordsOf(text);
  if (text.length > LONGEST || words.filter((word) => NUMBER.test(word)).length > 2) return false;
  return words.every((word) => isCodedWord(word) || DESCRIPTOR_WORDS.has(word) || MEASURE.test(word));
}

const isText = (value: DicomJsonValue): value is string => typeof value === 'string';

/** An element of text of which each value consists of known words and none names the patient; undefined for another one. */
export function cleanedText(element: DicomJsonElement, naming: ReadonlySet<string>): DicomJsonElement | undefined {
  const { vr, Value = [], BulkDataURI } = element;
  if (BulkDataURI !== undefined || Value.length === 0) return undefined;
  if (!Value.every((value) => isText(value) && isDescriptorText(value)) || isNaming(element, naming)) return undefined;
  return { vr, Value };
}

/** A coded string whose values are defined terms. Its other values are emptied, so that the others keep their place; undefined when none is left. */
export function cleanedCodes({ vr, Value = [] }: DicomJsonElement): DicomJsonElement | undefined {
  const values = Value.map((value) => (isText(value) && isCodedText(value) ? value : null));
  return values.some((value) => value !== null && value !== '') ? { vr, Value: values } : undefined;
}
