import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { centralHeader, endRecords, placeEntry, type ZipEntry } from './zip-records';

/** Builds a small archive in memory. */
export function buildZip(
  entries: readonly ZipEntry[],
  options: { readonly comment?: Uint8Array; readonly entryCount?: number } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { placed, parts: own, length } = placeEntry(entry, offset);
    parts.push(...own);
    directory.push(centralHeader(placed));
    offset += length;
  }
  const central = Buffer.concat(directory);
  const end = endRecords(options.entryCount ?? entries.length, central.length, offset, options.comment ?? new Uint8Array(0));
  return new Uint8Array(Buffer.concat([...parts, central, end]));
}

/** Small pieces are gathered to blocks of this size: a system call for each header would cost more than the data. */
const GATHER_BYTES = 1 << 18;

/** Streams an archive to disk, one entry in memory at a time; ZIP64 records appear when they are needed. Returns entry count and file size in bytes. */
export async function writeZip(
  path: string,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
): Promise<{ readonly entries: number; readonly sizeBytes: number }> {
  const file = createWriteStream(path);
  const directory: Uint8Array[] = [];
  let offset = 0;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    pending.push(bytes);
    pendingBytes += bytes.length;
    if (pendingBytes < GATHER_BYTES) return;
    const block = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    if (!file.write(block)) await once(file, 'drain');
  };
  for await (const entry of entries) {
    const { placed, parts, length } = placeEntry(entry, offset);
    for (const part of parts) await write(part);
    directory.push(centralHeader(placed));
    offset += length;
  }
  const central = Buffer.concat(directory);
  const end = endRecords(directory.length, central.length, offset, new Uint8Array(0));
  await write(central);
  file.end(Buffer.concat([...pending, end]));
  await finished(file);
  return { entries: directory.length, sizeBytes: offset + central.length + end.length };
}
