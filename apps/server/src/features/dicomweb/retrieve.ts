import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { coercedFile, type IndexValues } from '../../platform/coercion/index.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import type { InstanceEntry } from './series-table.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A boundary that no pixel data contains by accident. */
export const newBoundary = (): string => `ng-${randomBytes(18).toString('hex')}`;

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

/** Many instances as multipart/related, as the index has them (as they are stored without `values`), read while they are sent: memory stays at one chunk. */
export function multipartStream(
  objects: ObjectStore,
  entries: AsyncIterable<InstanceEntry>,
  { boundary, values }: { boundary: string; values: IndexValues | undefined },
): Readable {
  async function* body(): AsyncGenerator<Buffer> {
    for await (const entry of entries) {
      const coerced = await coercedFile(objects, entry, values);
      yield Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: application/dicom; transfer-syntax=${entry.transferSyntaxUid}\r\n\r\n`,
        'latin1',
      );
      yield* coerced?.bytes ?? instanceBytes(objects, entry);
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  }
  return Readable.from(body(), { objectMode: false });
}
