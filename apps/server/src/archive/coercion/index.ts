export { APPROXIMATED, coercedFile } from './coerced-file.ts';
export { differenceAt, INDEXED_TAGS, type IndexValues, readIndexValues, shownName } from './index-values.ts';
