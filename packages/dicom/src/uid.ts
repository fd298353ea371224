const STRICT = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*$/;
const STORABLE = /^[0-9]+(\.[0-9]+)*$/;
const MAX_LENGTH = 64;

/** Whether a text is a UID to the letter: digits and dots, at most 64, no component with a leading zero (PS3.5 9.1). */
export const isUid = (text: string): boolean => text.length <= MAX_LENGTH && STRICT.test(text);

/** Whether a text can be kept as a UID: as `isUid`, but components may have leading zeros, which files in the field have. */
export const isStorableUid = (text: string): boolean => text.length <= MAX_LENGTH && STORABLE.test(text);
