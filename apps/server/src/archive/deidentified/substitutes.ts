import { createHmac, randomBytes } from 'node:crypto';
import { type DeidSubstitutes, type KeyedHash, pseudonymFrom, shiftDaysFrom, uidFrom } from '@negatoscope/dicom';

const KEY_BYTES = 32;

/** A key that is written down nowhere: what it makes can't be led back to anybody once it is gone, nor joined with what another one made. */
export function onceHash(): KeyedHash {
  const key = randomBytes(KEY_BYTES);
  return (label, text) => createHmac('sha256', key).update(`${label}\0`).update(text).digest();
}

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
