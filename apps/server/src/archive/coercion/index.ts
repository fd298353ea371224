export { opened, openStored } from './as-stored.ts';
export { APPROXIMATED, coercedFile, type HeavyCoercion, type SentFile } from './coerced-file.ts';
export {
  differenceAt,
  INDEXED_TAGS,
  type IndexValues,
  namedByIndex,
  type Overlay,
  readIndexValues,
  readOverlay,
  shownName,
} from './index-values.ts';
