import type { ParsedInstance } from '@negatoscope/dicom';

/** Sequences that hold compressed pixels of their own (icons): they can't stay in a dataset of another transfer syntax. */
export function compressedInside({ bulkData }: ParsedInstance): Record<string, undefined> {
  const nested = bulkData.filter(({ encapsulated, path }) => encapsulated && path.includes('/'));
  return Object.fromEntries(nested.map(({ path }) => [path.slice(0, 8), undefined]));
}
