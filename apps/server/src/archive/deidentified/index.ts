export { type DeidentifiedFile, deidentifiedFile, type PixelDecision } from './deidentified-file.ts';
export type { MaskTools } from './masked-pixels.ts';
export { previewedFile } from './previewed-file.ts';
export { previewedPicture } from './previewed-picture.ts';
export { NotDeidentified, type RefusedBecause, WaitsForPerson } from './refusal.ts';
export { hashBy, KEY_BYTES, onceHash, substitutesOf } from './substitutes.ts';
export { suspectedText, unseenText } from './suspected-text.ts';
