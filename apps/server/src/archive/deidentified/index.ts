export { type DeidentifiedFile, deidentifiedFile, NotDeidentified } from './deidentified-file.ts';
export { onceHash, substitutesOf } from './substitutes.ts';
