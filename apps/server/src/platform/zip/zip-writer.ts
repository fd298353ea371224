import { crc32 } from 'node:zlib';
import {
  centralHeader,
  dataDescriptor,
  dosTime,
  endRecords,
  localHeader,
  MAX_16,
  MAX_32,
  type Written,
  type ZipOptions,
} from './zip-records';

/**
 * A ZIP as it is made (APPNOTE 6.3): entries are stored, not compressed, sizes and CRC follow each entry in a data descriptor, and
 * ZIP64 is used where a number does not fit. Memory holds the central directory only. To read ZIPs use yauzl.
 */
export interface ZipEntry {
  /** Relative path with forward slashes; letters, digits, dot, dash and underscore only. */
  readonly name: string;
  /** Bytes if known, an upper bound otherwise: decides whether the entry needs 64-bit sizes. */
  readonly sizeBytes: number;
  readonly modified: Date;
  readonly content: AsyncIterable<Uint8Array>;
}
const SAFE_NAME = /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

/**
 * The bytes of a ZIP of `entries`, made as they are asked for: whoever reads slowly slows the sources, whoever stops closes them.
 * Fails with RangeError for a name that is no safe relative path, or for content longer than 4 GiB whose `sizeBytes` did not say so.
 */
export const zipBytes = (entries: AsyncIterable<ZipEntry>, options: ZipOptions = {}): AsyncGenerator<Uint8Array> =>
  inBlocks(zipParts(entries, options));

async function* zipParts(entries: AsyncIterable<ZipEntry>, options: ZipOptions): AsyncGenerator<Uint8Array> {
  const limits = { zip64From: options.zip64From ?? MAX_32, zip64Entries: options.zip64Entries ?? MAX_16 };
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    if (!SAFE_NAME.test(entry.name) || entry.name.length > 1000) throw new RangeError('An export has an unsafe entry name.');
    const name = Buffer.from(entry.name, 'utf8');
    const is64 = entry.sizeBytes >= limits.zip64From;
    const time = dosTime(entry.modified);
    const header = localHeader(name, time, is64);
    yield header;
    let [crc, sizeBytes] = [0, 0];
    for await (const chunk of entry.content) {
      crc = crc32(chunk, crc);
      sizeBytes += chunk.byteLength;
      yield chunk;
    }
    if (!is64 && sizeBytes >= MAX_32) throw new RangeError('An export entry outgrew its announced size.');
    const descriptor = dataDescriptor(crc, sizeBytes, is64);
    yield descriptor;
    written.push({ name, crc, sizeBytes, offset, time, is64 });
    offset += header.length + sizeBytes + descriptor.length;
  }
  const start = offset;
  for (const entry of written) {
    const header = centralHeader(entry, limits.zip64From);
    offset += header.length;
    yield header;
  }
  yield endRecords(written.length, start, offset - start, limits);
}

const BLOCK_BYTES = 64 * 1024;

/**
 * Headers and small files joined into blocks, because each piece costs a turn of the event loop and a write to the socket; large pieces pass
 * as they are, because a copy of them costs more.
 */
async function* inBlocks(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    const isLarge = part.byteLength >= BLOCK_BYTES;
    if (!isLarge) {
      held.push(part);
      bytes += part.byteLength;
    }
    if (bytes >= BLOCK_BYTES || (isLarge && bytes > 0)) {
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
    if (isLarge) yield part;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
