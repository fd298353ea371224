import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { Failure } from '../../../kernel/failure.ts';
import { inflate } from '../../../platform/inflate/index.ts';
import type { ScratchReader } from '../../../platform/objects/scratch/index.ts';
import { Rejection } from '../rejection.ts';
import { verdict } from '../stage/stage.ts';
import type { IncomingFile, IngestLimits, StagedVerdict } from '../types.ts';
import { LOCAL_HEADER_BYTES, openZip, type ZipEntry } from './zip-entries.ts';

/** Above this size an entry may not be larger than its compressed bytes times the ratio; deflate itself ends at 1,032. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024;
const MAX_RATIO = 200;
/** Entries up to these sizes are read and inflated in one step each: a stream would take dozens. */
const MAX_STEP_BYTES = 4 * 1024 * 1024;
const LOCAL_SIGNATURE = 0x04034b50;
/** For the extra field of an entry's local header, whose length stands only there. */
const EXTRA_BYTES = 1024;

export const isZip = (head: Buffer): boolean => {
  const isDicom = head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM';
  // A DICOM preamble may hold anything, a ZIP's signature included.
  return (
    !isDicom &&
    head.length >= 4 &&
    head[0] === 0x50 &&
    head[1] === 0x4b &&
    ['\x03\x04', '\x05\x06', '\x07\x08'].includes(head.toString('latin1', 2, 4))
  );
};

/**
 * The files of a spooled ZIP, one at a time: read with what `receive` does, or a verdict. Output is counted on real bytes; once the
 * archive's budget is spent every further entry is ZIP_BOMB. A bad entry costs only itself; a bad archive is one verdict under `name`.
 */
export async function* zipFiles(
  { name, open }: { name: string; open: () => Promise<ScratchReader> },
  limits: IngestLimits,
): AsyncGenerator<IncomingFile | StagedVerdict> {
  const bytes = await open();
  try {
    const opened = await openZip(bytes, limits.maxZipEntries).catch(rejectionOf);
    if (opened instanceof Rejection) {
      yield verdict({ name, sizeBytes: 0 }, opened.code);
      return;
    }
    const { zip, entries } = opened;
    const archive: Archive = { zip, bytes, budget: { left: limits.maxExpandedBytes }, scratch: Buffer.alloc(0) };
    for (const entry of entries) yield readEntry(archive, entry);
  } finally {
    await bytes.close();
  }
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof Rejection) return error;
  throw error;
}

interface Archive {
  readonly zip: ZipFile;
  readonly bytes: ScratchReader;
  readonly budget: { left: number };
  /** Takes the packed bytes of one entry after the other: fresh memory for each would wait for the garbage collector. */
  scratch: Buffer;
}

function readEntry(archive: Archive, entry: ZipEntry): IncomingFile | StagedVerdict {
  const { name, reason } = entry;
  if (entry.outcome === 'read' && archive.budget.left > 0) return { name, stream: entryBytes(archive, entry) };
  const result = verdict({ name, sizeBytes: 0 }, reason ?? 'ZIP_BOMB');
  return entry.outcome === 'ignore' ? { ...result, result: { ...result.result, outcome: 'ignored' } } : result;
}

/** Fails with ZIP_UNREADABLE, ZIP_BOMB or ZIP_NESTED. */
async function* entryBytes(archive: Archive, { entry }: ZipEntry): AsyncGenerator<Uint8Array> {
  const { budget } = archive;
  let sizeBytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of chunksOf(archive, entry)) {
      if (sizeBytes === 0 && isZip(chunk)) throw new Rejection('ZIP_NESTED');
      sizeBytes += chunk.length;
      budget.left -= chunk.length;
      checksum = crc32(chunk, checksum);
      const isSwollen = sizeBytes > RATIO_FROM_BYTES && sizeBytes > entry.compressedSize * MAX_RATIO;
      if (budget.left < 0 || isSwollen) throw new Rejection('ZIP_BOMB');
      if (sizeBytes > entry.uncompressedSize) throw new Rejection('ZIP_UNREADABLE');
      yield chunk;
    }
    if (sizeBytes !== entry.uncompressedSize || checksum !== entry.crc32) throw new Rejection('ZIP_UNREADABLE');
  } catch (error) {
    // A disk that fails is no fault of the archive.
    throw error instanceof Rejection || error instanceof Failure ? error : new Rejection('ZIP_UNREADABLE');
  }
}

async function* chunksOf(archive: Archive, entry: Entry): AsyncGenerator<Buffer> {
  const whole = await readWhole(archive, entry);
  if (whole !== undefined) {
    if (whole.length > 0) yield whole;
    return;
  }
  const stream = await new Promise<Readable>((resolve, reject) => {
    archive.zip.openReadStream(entry, (error, opened) =>
      error === null ? resolve(opened) : reject(new Rejection('ZIP_UNREADABLE')),
    );
  });
  try {
    yield* stream as AsyncIterable<Buffer>; // Opened without an encoding.
  } finally {
    stream.destroy();
  }
}

/** An entry of ordinary size by one read and one inflation; undefined for others. Fails when its bytes are no deflate data or too many. */
async function readWhole(archive: Archive, entry: Entry): Promise<Buffer | undefined> {
  const { compressedSize, uncompressedSize } = entry;
  if (compressedSize > MAX_STEP_BYTES || uncompressedSize > MAX_STEP_BYTES) return undefined;
  const length = LOCAL_HEADER_BYTES + entry.fileNameLength + EXTRA_BYTES + compressedSize;
  const whole = entry.compressionMethod === 0 ? Buffer.allocUnsafe(length) : scratchOf(archive, length);
  const bytes = whole.subarray(0, length);
  const bytesRead = await archive.bytes.read(bytes, entry.relativeOffsetOfLocalHeader);
  if (bytesRead < LOCAL_HEADER_BYTES || bytes.readUInt32LE(0) !== LOCAL_SIGNATURE) return undefined;
  const start = LOCAL_HEADER_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  if (start + compressedSize > bytesRead) return undefined;
  const packed = bytes.subarray(start, start + compressedSize);
  if (entry.compressionMethod === 0) return packed;
  // One piece of output, with room to see its end: zlib otherwise makes a trip to its thread and a buffer of each 16 KiB, and joins them.
  return inflate(packed, { maxBytes: Math.max(1, uncompressedSize), chunkSize: uncompressedSize + 64 });
}

/** Good until the next entry is read. */
function scratchOf(archive: Archive, length: number): Buffer {
  if (archive.scratch.length < length) archive.scratch = Buffer.allocUnsafe(Math.ceil(length * 1.25));
  return archive.scratch;
}
