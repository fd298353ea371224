export { type DeidentifiedFile, deidentifiedFile, NotDeidentified, type RefusedBecause } from './deidentified-file.ts';
export { onceHash, substitutesOf } from './substitutes.ts';
