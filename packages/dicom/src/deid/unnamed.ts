import { decodeBase64 } from '../base64.ts';
import { vrsOf } from '../dictionary/index.ts';
import type { DicomJsonElement } from '../types.ts';
import { valueBytes } from '../write/values.ts';
import { cleanedCodes, cleanedText } from './descriptors.ts';
import { type Identity, isNumberOf } from './identity.ts';
import { isSpelledBy } from './in-pieces.ts';
import { isNamedIn } from './named-bytes.ts';

/** Binary attributes that hold samples, tables or points of geometry and nothing else. */
const TECHNICAL_BYTES = new Set(
  `7FE00001 7FE00002 7FE00008 7FE00009 7FE00010 00283006 00281201 00281202 00281203 00281204 00281101 00281102 00281103 00281104
   00281221 00281222 00281223 00281408 56000020 54001010 00660016 00660021 00660023 00660024 00660025 00660026 00660028 00660029 00660040
   00660041 00660042 00660043 00660129 00640009 00701A04 00701A05 00701A06 00701A07 00221452 30040058`
    .trim()
    .split(/\s+/),
);
const NUMBERS = new Set('DS IS FD FL SL SS SV UL US UV AT'.split(' '));
const BYTES = new Set('OB OD OF OL OV OW'.split(' '));
/** Letters, digits and the marks of names that follow each other in the bytes of numbers: more than chance puts there. */
const WHOLE_TEXT = /[A-Za-z0-9^ ,.'-]{6}/;
const FLOAT_TEXT = /[A-Za-z0-9^ ,.'-]{8}/;
/** What is measured is neither smaller nor larger; letters read as fractions mostly are. */
const LEAST_MEASURE = 1e-12;
const MOST_MEASURE = 1e12;
const LONGEST_CHECKED = 4096;
/** Of a longer list in a technical table each run is chance. */
const SHORT_TABLE = 64;

/** Whether the VR is one that PS3.6 has for the attribute: what comes under another one is not what its name says. */
export function isVrOf(tag: string, { vr, InlineBinary, BulkDataURI }: DicomJsonElement): boolean {
  const expected = vrsOf(tag);
  // Words and bytes are written for each other; Pixel Data and tables are OB or OW as their syntax has it.
  const isBinary = BYTES.has(vr) && (InlineBinary ?? BulkDataURI) !== undefined;
  return expected.some((one) => vr === one || (isBinary && BYTES.has(one)));
}

/** Whether bytes that are said to be numbers read as text. Long lists are measured by their beginning. */
function readsAsText(tag: string, { vr, Value = [] }: DicomJsonElement): boolean {
  if (vr === 'DS' || vr === 'IS' || (TECHNICAL_BYTES.has(tag) && Value.length > SHORT_TABLE)) return false;
  const isFloat = vr === 'FD' || vr === 'FL';
  if (isFloat && Value.some(isNoMeasure)) return true;
  if (Value.length === 1 && !isFloat && vr !== 'AT' && Number(Value[0]) < 65_536) return false;
  const text = String.fromCharCode(...valueBytes({ vr, Value: Value.slice(0, LONGEST_CHECKED) }).subarray(0, 16_384));
  return (isFloat ? FLOAT_TEXT : WHOLE_TEXT).test(text);
}

function isNoMeasure(value: unknown): boolean {
  const size = typeof value === 'number' ? Math.abs(value) : 0;
  return size !== 0 && (size < LEAST_MEASURE || size > MOST_MEASURE);
}

const isNumber = (value: unknown): boolean =>
  value === null ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && /^(NaN|-?inf)$/.test(value));

/** Numbers that are such; undefined for text in the place of a number, and for a number of the patient's. */
export function keptNumbers(tag: string, element: DicomJsonElement, { naming, numbers }: Identity): DicomJsonElement | undefined {
  const { vr, Value = [], BulkDataURI, InlineBinary } = element;
  if (BulkDataURI !== undefined || InlineBinary !== undefined) return undefined;
  const isRight =
    vr === 'AT' ? Value.every((value) => typeof value === 'string' && /^[0-9A-F]{8}$/.test(value)) : Value.every(isWide);
  try {
    const isNobodys = !isNumberOf(element, numbers) && !isSpelledBy(Value, naming);
    return isRight && isNobodys && !readsAsText(tag, element) ? { vr, ...(Value.length === 0 ? {} : { Value }) } : undefined;
  } catch {
    return undefined;
  }
}

/** A number, or one of 64 bits as JSON has it. */
const isWide = (value: unknown): boolean => isNumber(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value));

/** Technical bytes, kept by their attribute where no name is in them. Those that stayed in the file are looked at by whoever reads it. */
function keptBytes(tag: string, element: DicomJsonElement, naming: ReadonlySet<string>): DicomJsonElement | undefined {
  if (!TECHNICAL_BYTES.has(tag)) return undefined;
  return isNamedIn(decodeBase64(element.InlineBinary ?? ''), naming) ? undefined : element;
}

/**
 * What is left of a public attribute that no row names, by its VR: numbers, technical bytes, coded strings of defined terms, short text of known
 * words; undefined for all else. Sequences, dates and UIDs have their own rules.
 */
export function keptUnnamed(tag: string, element: DicomJsonElement, identity: Identity): DicomJsonElement | undefined {
  if (!isVrOf(tag, element)) return undefined;
  if (element.Value === undefined && element.InlineBinary === undefined && element.BulkDataURI === undefined) return element;
  if (NUMBERS.has(element.vr)) return keptNumbers(tag, element, identity);
  if (BYTES.has(element.vr)) return keptBytes(tag, element, identity.naming);
  if (element.vr === 'CS') return cleanedCodes(element, identity);
  if (element.vr === 'SH' || element.vr === 'LO') return cleanedText(element, identity);
  return undefined;
}
