import { type ByteReader, type CoercedFile, coercePart10, DicomError, type ParseOptions } from '@negatoscope/dicom';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import { differences } from './index-values.ts';
import type { IndexValues } from './read-overlay.ts';

/** Pieces of one file; one that needs more has its attributes many times over, and is none that somebody wrote. */
const MAX_PIECES = 10_000;

/** How a stored file of `sizeBytes` is made to say what the index says. Fails as `coercePart10` does, with BAD_STRUCTURE for too many pieces. */
export function* coercion(sizeBytes: number, values: IndexValues, limits: ParseOptions = {}): ByteReader<CoercedFile> {
  const options = {
    replacements: (json: Parameters<typeof differences>[0]) => differences(json, values),
    modifiedAt: values.modified_at,
    modifyingSystem: 'NEGATOSCOPE',
    implementation: IMPLEMENTATION,
  };
  const file = yield* coercePart10(sizeBytes, options, limits);
  if (file.pieces.length > MAX_PIECES) throw new DicomError('BAD_STRUCTURE', { pieces: file.pieces.length });
  return file;
}
