import { DicomError } from './errors.ts';

declare const uidBrand: unique symbol;

/** A UID that may be stored and compared; made only by the functions of this file. */
export type Uid = string & { readonly [uidBrand]: 'uid' };
export type StudyInstanceUid = Uid & { readonly __level?: 'study' };
export type SeriesInstanceUid = Uid & { readonly __level?: 'series' };
export type SopInstanceUid = Uid & { readonly __level?: 'instance' };
export type SopClassUid = Uid & { readonly __level?: 'class' };
export type TransferSyntaxUid = Uid & { readonly __level?: 'syntax' };

const STRICT = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*$/;
const STORABLE = /^[0-9]+(\.[0-9]+)*$/;
const MAX_LENGTH = 64;

/** Whether a text is a UID to the letter: digits and dots, at most 64, no component with a leading zero (PS3.5 9.1). */
export function isUid(text: string): text is Uid {
  return text.length <= MAX_LENGTH && STRICT.test(text);
}

/** Whether a text can be kept as a UID: as `isUid`, but components may have leading zeros, which files in the field have. */
export function isStorableUid(text: string): text is Uid {
  return text.length <= MAX_LENGTH && STORABLE.test(text);
}

/** A strict UID. Fails with INVALID_UID. Source: PS3.5 9.1. */
export function parseUid(text: string): Uid {
  if (!isUid(text)) throw new DicomError('INVALID_UID', { length: text.length });
  return text;
}

/** A UID that may have leading zeros in its components. Fails with INVALID_UID. */
export function parseStorableUid(text: string): Uid {
  if (!isStorableUid(text)) throw new DicomError('INVALID_UID', { length: text.length });
  return text;
}
