import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type ByteReader, type ByteSpace, DicomError } from '@negatoscope/dicom';
import { coercedFile, type IndexValues } from '../../archive/coercion/index.ts';
import type { InstanceEntry } from '../../archive/pixels/series-table.ts';
import { Failure } from '../../kernel/failure.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';

const inflateAsync = promisify(inflateRaw);
/** A deflated dataset is held in memory while it is written in another form. */
const MAX_INFLATED_BYTES = 256 * 1024 * 1024;

/** A file as the index has it, to be read at any place. */
export interface FileSource {
  readonly sizeBytes: number;
  readonly isApproximated: boolean;
  /** Up to `length` bytes at `offset` of the file, or of its inflated dataset. */
  read(space: ByteSpace, offset: number, length: number): Promise<Buffer>;
  /** Answers what a reader of `packages/dicom` asks for. Fails with UNPROCESSABLE for what is no such file. */
  run<T>(reader: ByteReader<T>): Promise<T>;
}

const unreadable = (cause: unknown): Failure =>
  new Failure('UNPROCESSABLE', { detail: 'This file cannot be written in another transfer syntax.', cause });

/** Opens a stored file with the values of the index in it. Fails as `coercedFile` does. */
export async function openSource(
  objects: ObjectStore,
  entry: InstanceEntry,
  values: IndexValues | undefined,
): Promise<FileSource> {
  const coerced = await coercedFile(objects, entry, values);
  const sizeBytes = coerced?.sizeBytes ?? entry.sizeBytes;
  const readFile = async (offset: number, length: number): Promise<Buffer> => {
    const available = Math.min(length, sizeBytes - offset);
    if (available <= 0) return Buffer.alloc(0);
    return coerced === undefined ? objects.read(entry.id, offset, available) : coerced.read(offset, available);
  };
  let inflateFrom = 0;
  let inflated: Promise<Buffer> | undefined;
  const dataset = (): Promise<Buffer> => {
    inflated ??= readFile(inflateFrom, sizeBytes - inflateFrom)
      .then((bytes) => inflateAsync(bytes, { maxOutputLength: MAX_INFLATED_BYTES }))
      .catch((cause: unknown) => {
        throw cause instanceof Failure ? cause : unreadable(cause);
      });
    return inflated;
  };
  const read = async (space: ByteSpace, offset: number, length: number): Promise<Buffer> =>
    space === 'file' ? readFile(offset, length) : (await dataset()).subarray(offset, offset + length);
  return {
    sizeBytes,
    isApproximated: (coerced?.approximated.length ?? 0) > 0,
    read,
    run: async (reader) => {
      try {
        let step = reader.next();
        while (step.done !== true) {
          inflateFrom = step.value.inflateFrom ?? inflateFrom;
          step = reader.next(await read(step.value.space, step.value.offset, step.value.length));
        }
        return step.value;
      } catch (error) {
        throw error instanceof DicomError ? unreadable(error) : error;
      }
    },
  };
}
