export { APPROXIMATED, coercedFile } from './coerced-file.ts';
export { type IndexValues, readIndexValues, shownName } from './index-values.ts';
