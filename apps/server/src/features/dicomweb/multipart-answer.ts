import { randomUUID } from 'node:crypto';
import type { InstanceEntry } from '../../archive/pixels/index.ts';
import { type ObjectReader, SENT_CHUNK_BYTES } from '../../platform/objects/store/index.ts';

/** A boundary that no pixel data contains by accident or design; random UUIDs are drawn in advance, which single bytes are not. */
export const newBoundary = (): string => `ng-${randomUUID()}`;

const UID = /^[0-9.]{1,64}$/;
/** The media type of a file; a transfer syntax that is no UID came from a damaged file and is nothing for a header. */
export const fileContentType = (transferSyntaxUid: string): string =>
  UID.test(transferSyntaxUid) ? `application/dicom; transfer-syntax=${transferSyntaxUid}` : 'application/dicom';

/** What stands before a part's content. */
export const partHead = (boundary: string, headers: readonly string[]): Buffer =>
  Buffer.from(`\r\n--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1');
export const partsEnd = (boundary: string): Buffer => Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');

/** Several frames or one in a multipart/related body (PS3.18 8.6.1.2.1), in one buffer: frames are small, copies cost less than writes. */
export function multipartBody(parts: readonly { headers: readonly string[]; body: Buffer }[], boundary: string): Buffer {
  const pieces = parts.flatMap((part) => [partHead(boundary, part.headers), part.body]);
  return Buffer.concat([...pieces, partsEnd(boundary)]);
}

/** Every executable trick needs the 128 bytes before DICM (PS3.10 7.5): they are sent as zeros. Each chunk is read while the one before is sent. */
export async function* instanceBytes(objects: ObjectReader, entry: InstanceEntry): AsyncGenerator<Buffer> {
  const read = (offset: number): Promise<Buffer> =>
    objects.read(entry.id, offset, Math.min(SENT_CHUNK_BYTES, entry.sizeBytes - offset));
  let next = read(0);
  for (let offset = 0; offset < entry.sizeBytes; offset += SENT_CHUNK_BYTES) {
    const chunk = await next;
    if (offset === 0 && chunk.length >= 132 && chunk.subarray(128, 132).toString('latin1') === 'DICM') chunk.fill(0, 0, 128);
    if (offset + SENT_CHUNK_BYTES < entry.sizeBytes) {
      next = read(offset + SENT_CHUNK_BYTES);
      // It fails for who awaits it; when nobody will, the client has gone.
      next.catch(() => undefined);
    }
    yield chunk;
  }
}

/** Many files as multipart/related, each read while it is sent: memory stays at what is read ahead. */
export async function* multipartFiles(
  files: AsyncIterable<{ readonly file: { readonly transferSyntaxUid: string; readonly bytes: AsyncIterable<Buffer> } }>,
  boundary: string,
): AsyncGenerator<Buffer> {
  for await (const { file } of files) {
    yield partHead(boundary, [`Content-Type: ${fileContentType(file.transferSyntaxUid)}`]);
    yield* file.bytes;
  }
  yield partsEnd(boundary);
}
