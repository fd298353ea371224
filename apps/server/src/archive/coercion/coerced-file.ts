import { type CoercedFile, DicomError, type Glimpse, glimpse, readGlimpse } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/failure.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import { type ObjectReader, SENT_CHUNK_BYTES } from '../../platform/objects/store/index.ts';
import type { ReadBytes } from '../../platform/workers/killable-worker.ts';
import { isHeavy, QUICK_HEADER } from '../../platform/workers/quick-work.ts';
import { coercion } from './coercion.ts';
import { deflatedDataset } from './deflated-dataset.ts';
import { COMPARED_TAGS, differences } from './index-values.ts';
import type { IndexValues } from './read-overlay.ts';
import { bytesOf, readPieces, type SentPiece, sizeOf } from './sent-pieces.ts';

export interface StoredFile {
  /** Of the object. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** A file that leaves with other values than it is stored with; its preamble is zeros. */
export interface SentFile {
  readonly sizeBytes: number;
  readonly bytes: AsyncGenerator<Buffer>;
  /** Up to `length` bytes at `offset`, for who writes the file in another form. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Tags of text that the file's character set can't hold, written without accents or with question marks. */
  readonly approximated: readonly string[];
  /** Gives back what it takes, whether it was sent or not. */
  discard(): Promise<void>;
}

/** Where a header that is long or deflated is read: not on the event loop. Fails with DicomError as `coercion` does, or with UNPROCESSABLE. */
export interface HeavyCoercion {
  coerce(sizeBytes: number, values: IndexValues, read: ReadBytes): Promise<CoercedFile>;
}

export interface CoercionTools {
  /** Gives the stored bytes. */
  readonly objects: ObjectReader;
  /** Where waits what is made before it is sent. */
  readonly scratch: Pick<Scratch, 'create'>;
  readonly heavy: HeavyCoercion;
}

/** Text of a Warning (RFC 9111 5.5) about what `SentFile.approximated` names. */
export const APPROXIMATED = 'Current patient or study text was approximated in the character set of the files';

/**
 * A stored file as the index has it, or undefined when the stored bytes say the same (or `values` is undefined, because they are what is
 * wanted). The first megabyte is read at once, the rest while it is sent. Fails with UNPROCESSABLE when the values can't be put in: a
 * wrong name is never sent instead. Fails as the store does.
 */
export async function coercedFile(
  tools: CoercionTools,
  stored: StoredFile,
  values: IndexValues | undefined,
): Promise<SentFile | undefined> {
  if (values === undefined) return undefined;
  const start = await tools.objects.read(stored.id, 0, Math.min(SENT_CHUNK_BYTES, stored.sizeBytes));
  if (saysTheSame(start, stored.sizeBytes, values)) return undefined;
  try {
    return await coerce(tools, stored, values);
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new Failure('UNPROCESSABLE', {
      detail: 'This file cannot be given its current patient; original=true gives it as stored.',
      cause,
    });
  }
}

/** What the last file said that agreed with these values: others of its study mostly have the same bytes there. */
const agreed = new WeakMap<IndexValues, Glimpse>();

/** Whether a plain file agrees with the index, told by the few attributes that are compared; reading a header takes a hundred times as long. */
function saysTheSame(start: Buffer, sizeBytes: number, values: IndexValues): boolean {
  const seen = glimpse(start, sizeBytes, COMPARED_TAGS);
  if (seen === undefined) return false;
  const known = agreed.get(values);
  if (known?.isExplicit === seen.isExplicit && Buffer.compare(known.bytes, seen.bytes) === 0) return true;
  if (Object.keys(differences(readGlimpse(seen), values)).length > 0) return false;
  agreed.set(values, seen);
  return true;
}

/** What became of long headers, which take seconds: objects never change. */
const known = new LRUCache<string, CoercedFile>({ max: 200 });

/** Here when the header is short, else where it can be ended. */
async function read(
  heavy: HeavyCoercion,
  { id, sizeBytes }: StoredFile,
  values: IndexValues,
  bytes: ReadBytes,
): Promise<CoercedFile> {
  const reader = coercion(sizeBytes, values, QUICK_HEADER);
  try {
    let step = reader.next();
    while (step.done !== true && step.value.space === 'file')
      step = reader.next(await bytes(step.value.offset, step.value.length));
    if (step.done === true) return step.value;
  } catch (error) {
    if (!isHeavy(error)) throw error;
  }
  const key = `${id} ${JSON.stringify(values)}`;
  const file = known.get(key) ?? (await heavy.coerce(sizeBytes, values, bytes));
  known.set(key, file);
  return file;
}

async function coerce(tools: CoercionTools, stored: StoredFile, values: IndexValues): Promise<SentFile | undefined> {
  const { objects, scratch, heavy } = tools;
  const { id, sizeBytes } = stored;
  const bytes: ReadBytes = async (offset, length) => {
    const available = Math.min(length, sizeBytes - offset);
    return available <= 0 ? Buffer.alloc(0) : objects.read(id, offset, available);
  };
  const file = await read(heavy, stored, values, bytes);
  if (file.changed.length === 0 && !file.isCompleted) return undefined;
  const deflated =
    file.space === 'inflated'
      ? await deflatedDataset(scratch, { read: bytes, sizeBytes, from: file.datasetOffset }, file.pieces)
      : undefined;
  const pieces: readonly SentPiece[] = deflated === undefined ? file.pieces : [...file.head, deflated];
  return {
    sizeBytes: pieces.reduce((sum, piece) => sum + sizeOf(piece), 0),
    bytes: bytesOf(objects, id, pieces),
    read: (offset, length) => readPieces(objects, id, pieces, { offset, length }),
    approximated: file.approximated,
    discard: async () => deflated?.discard(),
  };
}
