import { type ByteSource, inflatedStart, ofBlob, UnreadableFileError } from './bytes.ts';

/** An entry that may be looked into, as the central directory describes it (APPNOTE 4.3.12). */
export interface ZipEntry {
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Of its local header. */
  readonly offset: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END = 0x06064b50;
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 65_535;
/** A name, an extra field and a comment of the longest kind, behind the fixed part. */
const LONGEST_BYTES = CENTRAL_BYTES + 3 * 65_535;
const UNKNOWN = 0xffffffff;

/** Of a directory this much is read: beyond a million entries nobody waits for names. */
const MAX_DIRECTORY_BYTES = 128 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** Of more entries than this every second, fourth … is looked into, so that memory and waiting stay bounded. */
const MAX_ENTRIES = 20_000;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const longAt = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Whether a file is a ZIP, whatever its name. A DICOM preamble may hold anything, a ZIP's signature included. */
export async function isZipFile(file: ByteSource): Promise<boolean> {
  const head = await file.read(0, 132);
  const text = String.fromCharCode(...head);
  return text.slice(128) !== 'DICM' && ZIP_STARTS.includes(text.slice(0, 4));
}

interface Place {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Where the central directory is (APPNOTE 4.3.14 to 4.3.16); undefined when the end records can't be found. */
async function findDirectory(zip: ByteSource): Promise<Place | undefined> {
  const from = Math.max(0, zip.sizeBytes - END_BYTES - MAX_COMMENT_BYTES);
  const tail = viewOf(await zip.read(from, zip.sizeBytes - from));
  let at = tail.byteLength - END_BYTES;
  // A comment may hold the signature too: the record is the one whose comment ends with the file.
  const isEnd = (): boolean =>
    tail.getUint32(at, true) === END && tail.getUint16(at + 20, true) === tail.byteLength - at - END_BYTES;
  while (at >= 0 && !isEnd()) at -= 1;
  if (at < 0) return undefined;
  const plain = { offset: tail.getUint32(at + 16, true), sizeBytes: tail.getUint32(at + 12, true) };
  const locatorAt = from + at - 20;
  if (locatorAt < 0) return plain;
  const locator = viewOf(await zip.read(locatorAt, 20));
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== ZIP64_LOCATOR) return plain;
  const end = viewOf(await zip.read(longAt(locator, 8), 56));
  if (end.byteLength < 56 || end.getUint32(0, true) !== ZIP64_END) return undefined;
  return { offset: longAt(end, 48), sizeBytes: longAt(end, 40) };
}

/** Sizes and offsets that have no room in the header stand in the ZIP64 extra field, in this order (APPNOTE 4.5.3). */
function zip64Values(view: DataView, fields: readonly number[], extraAt: number, extraEnd: number): number[] | undefined {
  if (!fields.includes(UNKNOWN)) return [...fields];
  for (let at = extraAt; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    const end = Math.min(extraEnd, next + view.getUint16(at + 2, true));
    return fields.map((value) => {
      if (value !== UNKNOWN || next + 8 > end) return value;
      next += 8;
      return longAt(view, next - 8);
    });
  }
  return undefined;
}

/** The entry whose central header is at `at`: its length, and what it says when it may be looked into. */
function entryAt(view: DataView, at: number): { length: number; entry: ZipEntry | undefined } | undefined {
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL) return undefined;
  const nameLength = view.getUint16(at + 28, true);
  const extraAt = at + CENTRAL_BYTES + nameLength;
  const extraEnd = extraAt + view.getUint16(at + 30, true);
  const length = extraEnd - at + view.getUint16(at + 32, true);
  if (at + length > view.byteLength) return undefined;
  const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const method = view.getUint16(at + 10, true);
  const isFolder = nameLength > 0 && view.getUint8(at + CENTRAL_BYTES + nameLength - 1) === 0x2f;
  const fields = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const values = zip64Values(view, fields, extraAt, extraEnd);
  if (isEncrypted || isFolder || (method !== 0 && method !== 8) || values === undefined) return { length, entry: undefined };
  const [sizeBytes = 0, packedBytes = 0, offset = 0] = values;
  return { length, entry: { isDeflated: method === 8, packedBytes, sizeBytes, offset } };
}

/**
 * What may be looked into in a ZIP, by its central directory, which is read piece by piece: nothing is held but these few numbers an entry.
 * A directory that can't be read ends the list where it breaks. The server, which reads all of it, decides what is taken.
 */
export async function zipEntries(zip: ByteSource, maxEntries = MAX_ENTRIES): Promise<ZipEntry[]> {
  const place = await findDirectory(zip);
  if (place === undefined) return [];
  const end = Math.min(place.offset + Math.min(place.sizeBytes, MAX_DIRECTORY_BYTES), zip.sizeBytes);
  let kept: ZipEntry[] = [];
  let [step, seen] = [1, 0];
  for (let position = place.offset; position < end; ) {
    const view = viewOf(await zip.read(position, Math.min(PIECE_BYTES + LONGEST_BYTES, end - position)));
    let at = 0;
    while (at < PIECE_BYTES) {
      const found = entryAt(view, at);
      if (found === undefined) break;
      at += found.length;
      if (found.entry === undefined) continue;
      if (seen % step === 0) kept.push(found.entry);
      seen += 1;
      if (kept.length <= maxEntries) continue;
      step *= 2;
      kept = kept.filter((_entry, index) => index % 2 === 0);
    }
    if (at === 0) break;
    position += at;
  }
  return kept;
}

/** The bytes of an entry by range; of a deflated one only its beginning. Fails when its local header is none. */
export async function entrySource(zip: Blob, entry: ZipEntry): Promise<ByteSource> {
  const local = viewOf(await ofBlob(zip).read(entry.offset, LOCAL_BYTES));
  if (local.byteLength < LOCAL_BYTES || local.getUint32(0, true) !== LOCAL)
    throw new UnreadableFileError('There is no entry here.');
  const start = entry.offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = ofBlob(zip.slice(start, start + entry.packedBytes));
  if (!entry.isDeflated) return packed;
  return { sizeBytes: entry.sizeBytes, read: inflatedStart(packed, { sizeBytes: entry.sizeBytes }) };
}
