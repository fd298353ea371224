import { createHash, webcrypto } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { GuardedObjects } from './guarded-store.ts';
import type { WholeObject } from './port.ts';
import type { ObjectReader } from './started-object.ts';

/** Bytes that are read for the hash alone, where who reads leaves some out. */
const GAP_BYTES = 1024 * 1024;

/**
 * Reads one object from its beginning and hashes what it gives. The piece that ends the file is given only if the whole is what was
 * received; otherwise it fails with OBJECT_DAMAGED, the object is noted, and nobody can take what was sent for a whole file.
 */
export function verifiedReader(objects: ObjectReader, object: WholeObject, care: Pick<GuardedObjects, 'mark'>): ObjectReader {
  const { sizeBytes, sha256 } = object;
  const hash = createHash('sha256');
  let hashed = 0;
  /** Reads are hashed one after the other, in the order in which they were asked for. */
  let turn: Promise<unknown> = Promise.resolve();

  const take = (bytes: Buffer, offset: number): void => {
    if (offset + bytes.length <= hashed) return;
    hash.update(bytes.subarray(hashed - offset));
    hashed = offset + bytes.length;
  };
  const requireWhole = async (digest: Buffer): Promise<void> => {
    if (digest.equals(sha256)) return;
    await care.mark(object.id, 'HASH');
    throw new Failure('OBJECT_DAMAGED');
  };
  /** Most files are one piece: it is hashed beside the event loop, while the file in front is sent. */
  async function readWhole(): Promise<Buffer> {
    const bytes = await objects.read(object.id, 0, sizeBytes);
    hashed = sizeBytes;
    await requireWhole(Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)));
    return bytes;
  }
  async function read(offset: number, length: number): Promise<Buffer> {
    if (hashed === 0 && offset === 0 && length === sizeBytes) return readWhole();
    while (hashed < offset) take(await objects.read(object.id, hashed, Math.min(GAP_BYTES, offset - hashed)), hashed);
    const bytes = await objects.read(object.id, offset, length);
    const wasWhole = hashed >= sizeBytes;
    take(bytes, offset);
    if (hashed >= sizeBytes && !wasWhole) await requireWhole(hash.digest());
    return bytes;
  }
  return {
    read: (id, offset, length) => {
      if (id !== object.id) return objects.read(id, offset, length);
      const reading = turn.then(() => read(offset, length));
      turn = reading.catch(() => undefined);
      return reading;
    },
  };
}
