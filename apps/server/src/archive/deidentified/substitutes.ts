import { createHmac, randomBytes } from 'node:crypto';
import { type DeidSubstitutes, type KeyedHash, pseudonymFrom, shiftDaysFrom, uidFrom } from '@negatoscope/dicom';

export const KEY_BYTES = 32;

/** A hash by a key; what two keys make of the same text can't be joined. */
export const hashBy =
  (key: Uint8Array): KeyedHash =>
  (label, text) =>
    createHmac('sha256', key).update(`${label}\0`).update(text).digest();

/** A key that is written down nowhere: what it makes can't be led back to anybody once it is gone, nor joined with what another one made. */
export const onceHash = (): KeyedHash => hashBy(randomBytes(KEY_BYTES));

/** What stands for a patient and their UIDs wherever the same key is used. */
export function substitutesOf(hash: KeyedHash, patientId: string): DeidSubstitutes {
  const pseudonym = pseudonymFrom(hash, patientId);
  return {
    uid: (original) => uidFrom(hash, original),
    patientId: pseudonym,
    patientName: pseudonym,
    shiftDays: shiftDaysFrom(hash, patientId),
  };
}
