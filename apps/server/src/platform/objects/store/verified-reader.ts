import { createHash, type Hash, webcrypto } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { GuardedObjects } from './guarded-store.ts';
import type { WholeObject } from './port.ts';
import type { ObjectReader } from './started-object.ts';

/** Bytes that are read for the hash alone, where who reads leaves some out. */
const GAP_BYTES = 1024 * 1024;

/** One object while it is read. */
interface Verifying {
  readonly objects: ObjectReader;
  readonly object: WholeObject;
  readonly care: Pick<GuardedObjects, 'mark'>;
  readonly hash: Hash;
  hashed: number;
}

/**
 * Reads one object from its beginning and hashes what it gives. The piece that ends the file is given only if the whole is what was
 * received; otherwise it fails with OBJECT_DAMAGED, the object is noted, and nobody can take what was sent for a whole file.
 */
export function verifiedReader(objects: ObjectReader, object: WholeObject, care: Pick<GuardedObjects, 'mark'>): ObjectReader {
  const verifying: Verifying = { objects, object, care, hash: createHash('sha256'), hashed: 0 };
  /** Reads are hashed one after the other, in the order in which they were asked for. */
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read: (id, offset, length) => {
      if (id !== object.id) return objects.read(id, offset, length);
      const reading = turn.then(() => readNext(verifying, offset, length));
      turn = reading.catch(() => undefined);
      return reading;
    },
  };
}

async function readNext(verifying: Verifying, offset: number, length: number): Promise<Buffer> {
  const { hash, object, objects } = verifying;
  const { id, sizeBytes } = object;
  if (verifying.hashed === 0 && offset === 0 && length === sizeBytes) return readWhole(verifying);
  while (verifying.hashed < offset) {
    const gap = Math.min(GAP_BYTES, offset - verifying.hashed);
    take(verifying, await objects.read(id, verifying.hashed, gap), verifying.hashed);
  }
  const bytes = await objects.read(id, offset, length);
  const wasWhole = verifying.hashed >= sizeBytes;
  take(verifying, bytes, offset);
  if (verifying.hashed >= sizeBytes && !wasWhole) await requireWhole(verifying, hash.digest());
  return bytes;
}

/** Most files are one piece: it is hashed beside the event loop, while the file in front is sent. */
async function readWhole(verifying: Verifying): Promise<Buffer> {
  const { object, objects } = verifying;
  const bytes = await objects.read(object.id, 0, object.sizeBytes);
  verifying.hashed = object.sizeBytes;
  await requireWhole(verifying, Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)));
  return bytes;
}

function take(verifying: Verifying, bytes: Buffer, offset: number): void {
  const { hash, hashed } = verifying;
  if (offset + bytes.length <= hashed) return;
  hash.update(bytes.subarray(hashed - offset));
  verifying.hashed = offset + bytes.length;
}

async function requireWhole({ care, object }: Verifying, digest: Buffer): Promise<void> {
  if (digest.equals(object.sha256)) return;
  await care.mark(object.id, 'HASH');
  throw new Failure('OBJECT_DAMAGED');
}
