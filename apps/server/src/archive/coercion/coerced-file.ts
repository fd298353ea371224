import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import {
  type ByteRequest,
  type CoercedFile,
  type CoercedPiece,
  coercePart10,
  DicomError,
  type Glimpse,
  glimpse,
  readGlimpse,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import { type ObjectReader, SENT_CHUNK_BYTES } from '../../platform/objects/started-object.ts';
import { COMPARED_TAGS, differences, type IndexValues } from './index-values.ts';

const inflateAsync = promisify(inflateRaw);
const deflateAsync = promisify(deflateRaw);
const CHUNK_BYTES = 1024 * 1024;
/** A deflated dataset is held in memory while it is changed. */
const MAX_INFLATED_BYTES = 256 * 1024 * 1024;

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
}

/** Text of a Warning (RFC 9111 5.5) about what `SentFile.approximated` names. */
export const APPROXIMATED = 'Current patient or study text was approximated in the character set of the files';

/**
 * A stored file as the index has it, or undefined when the stored bytes say the same (or `values` is undefined, because they are what is
 * wanted). The first megabyte is read at once, the rest while it is sent. Fails with UNPROCESSABLE when the values can't be put in: a
 * wrong name is never sent instead. Fails as the store does.
 */
export async function coercedFile(
  objects: ObjectReader,
  stored: StoredFile,
  values: IndexValues | undefined,
): Promise<SentFile | undefined> {
  if (values === undefined) return undefined;
  const start = await objects.read(stored.id, 0, Math.min(SENT_CHUNK_BYTES, stored.sizeBytes));
  if (saysTheSame(start, stored.sizeBytes, values)) return undefined;
  try {
    return await coerce(objects, stored, values);
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

async function coerce(objects: ObjectReader, stored: StoredFile, values: IndexValues): Promise<SentFile | undefined> {
  let inflated: Buffer | undefined;
  const supply = async ({ space, offset, length, inflateFrom = 0 }: ByteRequest): Promise<Uint8Array> => {
    if (space === 'inflated') {
      inflated ??= await inflate(await objects.read(stored.id, inflateFrom, stored.sizeBytes - inflateFrom));
      return inflated.subarray(offset, offset + length);
    }
    const available = Math.min(length, stored.sizeBytes - offset);
    return available <= 0 ? Buffer.alloc(0) : objects.read(stored.id, offset, available);
  };
  const reader = coercePart10(stored.sizeBytes, {
    replacements: (json) => differences(json, values),
    modifiedAt: values.modified_at,
    modifyingSystem: 'NEGATOSCOPE',
    implementation: IMPLEMENTATION,
  });
  let step = reader.next();
  while (step.done !== true) step = reader.next(await supply(step.value));
  const file = step.value;
  if (file.changed.length === 0 && !file.isCompleted) return undefined;
  const pieces: readonly CoercedPiece[] =
    inflated === undefined ? file.pieces : [...file.head, { bytes: await deflated(inflated, file) }];
  const sizeBytes = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  return {
    sizeBytes,
    bytes: bytesOf(objects, stored.id, pieces),
    read: (offset, length) => readPieces(objects, stored.id, pieces, { offset, length }),
    approximated: file.approximated,
  };
}

async function inflate(bytes: Buffer): Promise<Buffer> {
  try {
    return await inflateAsync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    throw new DicomError('INFLATE_FAILED');
  }
}

/** Raw deflate data of even length (PS3.5 A.5). */
async function deflated(dataset: Buffer, { pieces }: CoercedFile): Promise<Buffer> {
  const parts = pieces.map((piece) =>
    'bytes' in piece
      ? piece.bytes
      : dataset.subarray(piece.offset, piece.length === undefined ? undefined : piece.offset + piece.length),
  );
  const bytes = await deflateAsync(Buffer.concat(parts));
  return Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
}

/** Runs of a file have a length; only those of an inflated dataset may lack it. */
const sizeOf = (piece: CoercedPiece): number => ('bytes' in piece ? piece.bytes.length : (piece.length ?? 0));

async function* bytesOf(objects: ObjectReader, id: string, pieces: readonly CoercedPiece[]): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  for (const piece of pieces) {
    if ('bytes' in piece) {
      held.push(Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength));
      continue;
    }
    const end = piece.offset + sizeOf(piece);
    for (let at = piece.offset; at < end; at += CHUNK_BYTES) {
      held.push(await objects.read(id, at, Math.min(CHUNK_BYTES, end - at)));
      yield Buffer.concat(held);
      held = [];
    }
  }
  if (held.length > 0) yield Buffer.concat(held);
}

/** Part of the file that the pieces make. */
async function readPieces(
  objects: ObjectReader,
  id: string,
  pieces: readonly CoercedPiece[],
  { offset, length }: { offset: number; length: number },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, offset - at);
    const to = Math.min(sizeOf(piece), offset + length - at);
    at += sizeOf(piece);
    if (from >= to) continue;
    if ('bytes' in piece) parts.push(Buffer.from(piece.bytes.subarray(from, to)));
    else parts.push(await objects.read(id, piece.offset + from, to - from));
  }
  return Buffer.concat(parts);
}
