import { isUid } from '../uid.ts';

/** HMAC or another keyed hash, at least 16 bytes; the label keeps apart what one key is used for. */
export type KeyedHash = (label: string, text: string) => Uint8Array;

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const PSEUDONYM_LETTERS = 10;
const MOST_DAYS = 3650;

function numberOf(bytes: Uint8Array, count: number): bigint {
  if (bytes.length < count) throw new RangeError('A keyed hash of at least 16 bytes is needed.');
  let number = 0n;
  for (const byte of bytes.subarray(0, count)) number = number * 256n + BigInt(byte);
  return number;
}

/** The UID that stands for another one: 2.25 and 128 bits of the hash (PS3.5 B.2). Padding makes no other UID. */
export const uidFrom = (hash: KeyedHash, original: string): string =>
  `2.25.${numberOf(hash('uid', original.replace(/[\0 ]+$/, '')), 16)}`;

/** A short name for a patient, without letters that look alike. */
export function pseudonymFrom(hash: KeyedHash, patient: string): string {
  let rest = numberOf(hash('pseudonym', patient), 16);
  let text = '';
  for (let at = 0; at < PSEUDONYM_LETTERS; at += 1) {
    text += LETTERS.charAt(Number(rest % BigInt(LETTERS.length)));
    rest /= BigInt(LETTERS.length);
  }
  return `P-${text}`;
}

/** Whole days back in time, from 1 to 3,650: a study is never moved into the future. */
export const shiftDaysFrom = (hash: KeyedHash, patient: string): number =>
  -1 - Number(numberOf(hash('shift', patient), 8) % BigInt(MOST_DAYS));

/** SOP classes, transfer syntaxes, coding schemes…: short numbers under the root of the standard. A longer one could carry a number of a person. */
const WELL_KNOWN = /^1\.2\.840\.10008(\.\d{1,4}){1,11}$/;

const FRAME_OF_REFERENCE = /^1\.2\.840\.10008\.1\.4(\.\d{1,4}){1,2}$/;

/** Of the UIDs that name instances and what is theirs these alone are nobody's (PS3.6 table A-2): under the standard's root there may be any other. */
export const isWellKnownFrame = (uid: string): boolean => FRAME_OF_REFERENCE.test(uid);

/** Whether a UID is one of the standard's own, which tell nothing of anybody. */
export const isWellKnownUid = (uid: string): boolean => uid.length <= 44 && isUid(uid) && WELL_KNOWN.test(uid);
