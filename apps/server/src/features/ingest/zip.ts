import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ZipFile } from 'yauzl';
import { Rejection } from './rejection.ts';
import { verdict } from './stage.ts';
import type { IncomingFile, IngestLimits, StagedVerdict } from './types.ts';
import { openZip, type ZipEntry } from './zip-entries.ts';

/** Above this size an entry may not be larger than its compressed bytes times the ratio; deflate itself ends at 1,032. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024;
const MAX_RATIO = 200;

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
  path: string,
  { name, limits }: { name: string; limits: IngestLimits },
): AsyncGenerator<IncomingFile | StagedVerdict> {
  let opened: Awaited<ReturnType<typeof openZip>>;
  try {
    opened = await openZip(path, limits.maxZipEntries);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    yield verdict(name, 0, error.code);
    return;
  }
  const budget = { left: limits.maxExpandedBytes };
  try {
    for (const entry of opened.entries) yield readEntry(opened.zip, entry, budget);
  } finally {
    opened.zip.close();
  }
}

function readEntry(zip: ZipFile, entry: ZipEntry, budget: { left: number }): IncomingFile | StagedVerdict {
  const { name, reason } = entry;
  if (entry.outcome === 'read' && budget.left > 0) return { name, stream: entryBytes(zip, entry, budget) };
  const result = verdict(name, 0, reason ?? 'ZIP_BOMB');
  return entry.outcome === 'ignore' ? { ...result, result: { ...result.result, outcome: 'ignored' } } : result;
}

async function* entryBytes(zip: ZipFile, { entry }: ZipEntry, budget: { left: number }): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(new Rejection('ZIP_UNREADABLE'))));
  });
  let sizeBytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
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
    throw error instanceof Rejection ? error : new Rejection('ZIP_UNREADABLE');
  } finally {
    stream.destroy();
  }
}
