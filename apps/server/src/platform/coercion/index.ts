export { coercedFile, type SentFile, type StoredFile } from './coerced-file.ts';
export { differences, type IndexedPatient, type IndexValues, readIndexValues, shownName } from './index-values.ts';
