import { DicomError } from './errors.ts';
import { part10Reader } from './part10.ts';
import type { ByteReader } from './part10-start.ts';
import type { ParsedInstance, ParseOptions } from './types.ts';

const DEFAULT_MAX_INFLATED_BYTES = 268_435_456;

export interface InflateOptions {
  /** Inflates raw deflate data (RFC 1951); throws when it would exceed `maxOutputBytes`. */
  readonly inflateRaw?: (bytes: Uint8Array, maxOutputBytes: number) => Uint8Array;
  /** Default 268,435,456. */
  readonly maxInflatedBytes?: number;
}

export interface ParseBytesOptions extends ParseOptions, InflateOptions {}

/** Answers every request of a reader from bytes in memory. `inflate` is called once, when the reader first asks for the inflated dataset. */
export function runReader<Result>(reader: ByteReader<Result>, file: Uint8Array, inflate: (from: number) => Uint8Array): Result {
  let dataset: Uint8Array | undefined;
  let step = reader.next();
  while (!step.done) {
    const { space, offset, inflateFrom = 0 } = step.value;
    if (space === 'inflated') {
      dataset ??= inflate(inflateFrom);
      step = reader.next(dataset.subarray(offset));
    } else {
      step = reader.next(file.subarray(offset));
    }
  }
  return step.value;
}

/**
 * Reads a DICOM file that is in memory; see `part10Reader` for what it does and how it fails. A deflated dataset needs `inflateRaw`:
 * without it the call fails with UNSUPPORTED_TRANSFER_SYNTAX; what `inflateRaw` throws becomes INFLATE_FAILED unless it is a DicomError.
 */
export function parsePart10(bytes: Uint8Array, options: ParseBytesOptions = {}): ParsedInstance {
  return runReader(part10Reader(bytes.length, options), bytes, (from) => inflateDataset(bytes.subarray(from), options));
}

/** Runs the caller's inflater under its cap. */
export function inflateDataset(bytes: Uint8Array, options: InflateOptions): Uint8Array {
  if (options.inflateRaw === undefined) throw new DicomError('UNSUPPORTED_TRANSFER_SYNTAX', { reason: 'no inflater' });
  try {
    return options.inflateRaw(bytes, options.maxInflatedBytes ?? DEFAULT_MAX_INFLATED_BYTES);
  } catch (error) {
    throw error instanceof DicomError ? error : new DicomError('INFLATE_FAILED');
  }
}
