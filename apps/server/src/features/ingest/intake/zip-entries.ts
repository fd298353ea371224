import { Readable } from 'node:stream';
import type { FileReason } from '@negatoscope/contract';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { Failure } from '../../../kernel/failure.ts';
import type { ScratchReader } from '../../../platform/objects/scratch/index.ts';
import { Rejection } from '../rejection.ts';

/** One entry as the central directory describes it. `reason` says why it must not be read. */
export interface ZipEntry {
  readonly entry: Entry;
  readonly name: string;
  readonly outcome: 'read' | 'reject' | 'ignore';
  readonly reason?: FileReason;
}

/** Of a local file header without its name and extra field (APPNOTE 4.3.7). */
export const LOCAL_HEADER_BYTES = 30;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/** Bytes that are read at a time of an entry that is too large for one step. */
const PIECE_BYTES = 256 * 1024;

/** What yauzl reads a ZIP by. */
class ScratchAccess extends yauzl.RandomAccessReader {
  readonly #bytes: ScratchReader;

  constructor(bytes: ScratchReader) {
    super();
    this.#bytes = bytes;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#bytes.read(buffer.subarray(offset, offset + length), position).then((count) => callback(null, count), callback);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end), { objectMode: false, highWaterMark: PIECE_BYTES });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at));
      const count = await this.#bytes.read(piece, at);
      if (count === 0) return;
      at += count;
      yield piece.subarray(0, count);
    }
  }
}

/**
 * Lists the files of a ZIP by its central directory (folders left out), bad ones marked. Fails with ZIP_UNREADABLE, ZIP_OVERLAP or
 * ZIP_TOO_MANY_ENTRIES.
 */
export async function openZip(bytes: ScratchReader, maxEntries: number): Promise<{ zip: ZipFile; entries: ZipEntry[] }> {
  try {
    const zip = await open(bytes);
    if (zip.entryCount > maxEntries) throw new Rejection('ZIP_TOO_MANY_ENTRIES');
    return { zip, entries: await listEntries(zip, maxEntries) };
  } catch (error) {
    throw error instanceof Rejection || error instanceof Failure ? error : new Rejection('ZIP_UNREADABLE');
  }
}

function open(bytes: ScratchReader): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names come as bytes, and sizes are checked where an entry is read: yauzl would give up the whole archive for one bad entry.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false };
    yauzl.fromRandomAccessReader(new ScratchAccess(bytes), bytes.sizeBytes, options, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(error);
    });
  });
}

function readAll(zip: ZipFile, maxEntries: number): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > maxEntries) reject(new Rejection('ZIP_TOO_MANY_ENTRIES'));
      else if (entries.length % 500 === 0) setImmediate(() => zip.readEntry());
      else zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function listEntries(zip: ZipFile, maxEntries: number): Promise<ZipEntry[]> {
  const entries = await readAll(zip, maxEntries);
  if (hasOverlap(entries, zip.fileSize)) throw new Rejection('ZIP_OVERLAP');
  return entries.flatMap((entry) => {
    const name = nameOf(entry);
    if (name.endsWith('/')) return [];
    const reject = (reason: FileReason): ZipEntry => ({ entry, name, outcome: 'reject', reason });
    if (isUnsafe(name)) return reject('ZIP_UNSAFE_NAME');
    if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMLINK) {
      return { entry, name, outcome: 'ignore', reason: 'NOT_AN_IMAGE' } satisfies ZipEntry;
    }
    if (entry.isEncrypted()) return reject('ZIP_ENCRYPTED');
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return reject('ZIP_UNREADABLE');
    return { entry, name, outcome: 'read' } satisfies ZipEntry;
  });
}

/** The name in UTF-8 or code page 437, as its flag says. The Unicode Path field is not followed: it could hide another name. */
function nameOf(entry: Entry): string {
  // With decodeStrings false yauzl gives bytes here, whatever its type says.
  const bytes = entry.fileName as unknown as Buffer;
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, bytes, [], false);
}

/** Names are shown and never used as paths; one that tries to leave its folder marks an archive made to harm. */
function isUnsafe(name: string): boolean {
  if (name === '' || name.includes('\0')) return true;
  return name.startsWith('/') || /^[a-zA-Z]:/.test(name) || name.split(/[\\/]/).includes('..');
}

/** Entries whose compressed bytes lie over another's never come about by accident: so a small archive expands to any size without nesting. */
function hasOverlap(entries: readonly Entry[], fileBytes: number): boolean {
  const sorted = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const entry of sorted) {
    if (entry.relativeOffsetOfLocalHeader < end) return true;
    end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.fileNameLength;
    // A size that reaches past the end of the file is that entry's own fault, found when it is read.
    if (end + entry.compressedSize <= fileBytes) end += entry.compressedSize;
  }
  return false;
}
