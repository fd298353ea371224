import { DEFINED_TERMS, type DicomJsonObject, KNOWN_CODE, pseudonymDataset, SHOWN_ATTRIBUTES, vrOf } from '@negatoscope/dicom';
import type { DicomJson, DicomJsonElement } from '../search/qido-repository.ts';

/** Whether the allowlist names the attribute, whatever its value. */
const isShownWithoutIdentity = (tag: string): boolean => SHOWN_ATTRIBUTES.has(tag);

/** What values of a VR look like (PS3.5 Table 6.2-1): a file may say any VR, and write a name where a code or a number belongs. The database reads the same expressions. */
const NUMBER = /^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$/;
const PATTERNS: Readonly<Record<string, RegExp>> = {
  CS: KNOWN_CODE,
  UI: /^[0-9.]{1,64}$/,
  DA: /^[0-9]{4}[.]?[0-9]{2}[.]?[0-9]{2}$/,
  TM: /^[0-9]{2}:?[0-9]{0,2}:?[0-9]{0,2}([.][0-9]{1,6})?$/,
  DT: /^[0-9]{4,14}([.][0-9]{1,6})?([+-][0-9]{4})?$/,
  AT: /^[0-9A-F]{8}$/,
};
const NUMBERS = new Set('IS DS US SS UL SL UV SV FL FD'.split(' '));
const BYTES = new Set('OB OW OF OD OV'.split(' '));
/** VRs among which the dataset chooses: those of pixels, and signed numbers for unsigned ones (PS3.5 A.2, C.7.6.3.1.5 of PS3.3). */
const CHOICES: Readonly<Record<string, readonly string[]>> = { OB: ['OB', 'OW'], OW: ['OB', 'OW'], US: ['US', 'SS'] };
const LUT_DATA = '00283006';

function vrsOf(tag: string): readonly string[] {
  const known = vrOf(tag) ?? '';
  return [...(CHOICES[known] ?? [known]), ...(tag === LUT_DATA ? ['OW'] : [])];
}
const isItsVr = (tag: string, vr: string): boolean => vrsOf(tag).includes(vr);

/** What the attributes of a path must be, and the value of the last one look like, to be shown. */
export interface ShownForm {
  /** For each attribute the VRs that it may have, with bars between: `US|SS`. */
  readonly vrs: readonly string[];
  /** A regular expression that means the same to the database. */
  readonly form: string;
}

/** The rule of what is shown as a search is matched by it: what is not shown matches nothing. Undefined where nothing is shown that text matches. */
export function shownForm(path: readonly string[]): ShownForm | undefined {
  const [last = '', ...above] = path.toReversed();
  if (!path.every(isShownWithoutIdentity) || !above.every((tag) => vrOf(tag) === 'SQ')) return undefined;
  const terms = DEFINED_TERMS.get(last);
  const vr = vrOf(last) ?? '';
  const form = terms === undefined ? (NUMBERS.has(vr) ? NUMBER : PATTERNS[vr])?.source : `^(${[...terms].join('|')})$`;
  return form === undefined ? undefined : { vrs: path.map((tag) => vrsOf(tag).join('|')), form };
}

function isPlain(tag: string, vr: string, value: unknown): boolean {
  if (value === null) return true;
  const terms = DEFINED_TERMS.get(tag);
  if (terms !== undefined) return typeof value === 'string' && terms.has(value);
  if (NUMBERS.has(vr)) return typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value));
  if (typeof value !== 'string') return false;
  return PATTERNS[vr]?.test(value) ?? false;
}

const isDataset = (value: unknown): value is DicomJson => typeof value === 'object' && value !== null;

/** The element with what it may say; undefined when it may not be shown. Values that are not of their VR's form are empty. */
function shown(tag: string, element: DicomJsonElement, isNested: boolean): DicomJsonElement | undefined {
  const { vr, Value, InlineBinary, BulkDataURI } = element;
  if (!isShownWithoutIdentity(tag) || !isItsVr(tag, vr)) return undefined;
  if (vr === 'SQ')
    return { vr, ...(Value === undefined ? {} : { Value: Value.filter(isDataset).map((item) => filtered(item, true)) }) };
  const isBytes = BYTES.has(vr);
  // Bulk data other than the pixels are behind an address that asks for identity.
  if (BulkDataURI !== undefined) return isBytes && !isNested && tag.startsWith('7FE0') ? { vr, BulkDataURI } : undefined;
  if (InlineBinary !== undefined) return isBytes ? { vr, InlineBinary } : undefined;
  return { vr, ...(Value === undefined ? {} : { Value: Value.map((value) => (isPlain(tag, vr, value) ? value : null)) }) };
}

function filtered(json: DicomJson, isNested: boolean): DicomJson {
  const result: DicomJson = {};
  for (const [tag, element] of Object.entries(json)) {
    const kept = shown(tag, element, isNested);
    if (kept !== undefined) result[tag] = kept;
  }
  return result;
}

/**
 * The dataset as the profile of pseudonyms of `packages/dicom/src/deid` leaves it, sequences included: no person, no institution, no free text, no private
 * attribute, no overlay, and of the rest only values of the form that a search is matched by (`shownForm`). `named`: attributes of the patient that
 * the dataset may lack.
 */
export const pseudonymise = (json: DicomJson, named: DicomJsonObject = {}): DicomJson =>
  filtered(pseudonymDataset(json as DicomJsonObject, named) as DicomJson, false); // Written by ingest.
