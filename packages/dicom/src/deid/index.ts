export {
  type BurnedIn,
  type BurnedInReason,
  burnedIn,
  outsideRegions,
  type PixelRectangle,
  recognisableFace,
} from './burned-in.ts';
export { isKnownCode, KNOWN_CODE } from './coded.ts';
export { deidentifyDataset } from './dataset.ts';
export { deidentifyPart10 } from './file.ts';
export { namingWords } from './identity.ts';
export * from './mask/index.ts';
export { frameSearch, isNamedBeside } from './named-frame.ts';
export { nativeSearch, overlapping } from './named-native.ts';
export { SAFE_PRIVATE } from './private.ts';
export { DEFINED_TERMS, pseudonymDataset, SHOWN_ATTRIBUTES } from './pseudonym.ts';
export { findText } from './text/find-text.ts';
export type { TextBox } from './text/lines.ts';
export * from './types.ts';
export { type KeyedHash, pseudonymFrom, shiftDaysFrom, uidFrom } from './uids.ts';
