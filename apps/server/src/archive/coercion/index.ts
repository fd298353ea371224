export { opened, openStored } from './as-stored.ts';
export { APPROXIMATED, coercedFile, type HeavyCoercion, type SentFile } from './coerced-file.ts';
export { differenceAt, INDEXED_TAGS, namedByIndex, shownName } from './index-values.ts';
export { type IndexValues, type Overlay, readIndexValues, readOverlay } from './read-overlay.ts';
