export { type DeidentifiedFile, deidentifiedFile, NotDeidentified } from './deidentified-file.ts';
export { hashBy, KEY_BYTES, onceHash, substitutesOf } from './substitutes.ts';
