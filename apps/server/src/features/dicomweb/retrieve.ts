import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '../../platform/objects/types.ts';
import type { InstanceEntry } from './series-table.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A boundary that no pixel data contains by accident or design; random UUIDs are drawn in advance, which single bytes are not. */
export const newBoundary = (): string => `ng-${randomUUID()}`;

/** What stands before a part's content. */
export const partHead = (boundary: string, headers: readonly string[]): Buffer =>
  Buffer.from(`\r\n--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1');
export const partsEnd = (boundary: string): Buffer => Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');

/** Several frames or one in a multipart/related body (PS3.18 8.6.1.2.1), in one buffer: frames are small, copies cost less than writes. */
export function multipartBody(parts: readonly { headers: readonly string[]; body: Buffer }[], boundary: string): Buffer {
  const pieces = parts.flatMap((part) => [partHead(boundary, part.headers), part.body]);
  return Buffer.concat([...pieces, partsEnd(boundary)]);
}

/** Every executable trick needs the 128 bytes before DICM (PS3.10 7.5): they are sent as zeros. */
export async function* instanceBytes(objects: ObjectStore, entry: InstanceEntry): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < entry.sizeBytes; offset += CHUNK_BYTES) {
    const chunk = await objects.read(entry.id, offset, Math.min(CHUNK_BYTES, entry.sizeBytes - offset));
    if (offset === 0 && chunk.length >= 132 && chunk.subarray(128, 132).toString('latin1') === 'DICM') chunk.fill(0, 0, 128);
    yield chunk;
  }
}

/** Many files as multipart/related, each read while it is sent: memory stays at one chunk. */
export async function* multipartFiles(
  files: AsyncIterable<{ readonly file: { readonly transferSyntaxUid: string; readonly bytes: AsyncIterable<Buffer> } }>,
  boundary: string,
): AsyncGenerator<Buffer> {
  for await (const { file } of files) {
    yield partHead(boundary, [`Content-Type: application/dicom; transfer-syntax=${file.transferSyntaxUid}`]);
    yield* file.bytes;
  }
  yield partsEnd(boundary);
}
