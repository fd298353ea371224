import {
  DicomError,
  type DicomJsonElement,
  type DicomJsonObject,
  EXPLICIT_VR_LITTLE_ENDIAN,
  fileStart,
  parsePart10,
  writeBareDataset,
} from '@negatoscope/dicom';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';

/**
 * The identifier of a request (PS3.4 C.4.1.1.3); undefined for what is none. Of `keys` a number that is none stays text: a wildcard, or what is malformed. Without
 * a value it would match everything.
 */
export function readIdentifier(bytes: Uint8Array, transferSyntaxUid: string, { keys = false } = {}): DicomJsonObject | undefined {
  const start = fileStart({ sopClassUid: '', sopInstanceUid: '' }, { transferSyntaxUid, implementation: IMPLEMENTATION });
  const file = new Uint8Array(start.length + bytes.length);
  file.set(start);
  file.set(bytes, start.length);
  try {
    return parsePart10(file, { keepsText: keys }).json;
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

export const writeIdentifier = (json: DicomJsonObject, transferSyntaxUid: string): Uint8Array =>
  writeBareDataset(json, { isExplicit: transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN });

/** The values of a key as one text, as PS3.5 6.4 joins them. */
export function keyText({ Value = [] }: DicomJsonElement): string {
  const texts = Value.map((value) => {
    if (typeof value === 'object' && value !== null) {
      const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>; // A name's groups: sequences are left out before.
      return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
    }
    return value === null ? '' : String(value);
  });
  return texts.join('\\').trim();
}
