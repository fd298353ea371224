import type { Scratch, ScratchBytes } from '../../../platform/objects/scratch/index.ts';
import { Rejection } from '../rejection.ts';

/** Writes a stream to scratch, no further than `maxBytes`. Fails with UPLOAD_TOO_LARGE or UPLOAD_INTERRUPTED, and as scratch does. */
export async function spool(scratch: Scratch, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<ScratchBytes> {
  const spooled = await scratch.create();
  let sizeBytes = 0;
  try {
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch(() => {
        throw new Rejection('UPLOAD_INTERRUPTED');
      });
      if (next.done) break;
      sizeBytes += next.value.byteLength;
      // What follows a file that is too large is read and dropped.
      if (sizeBytes <= maxBytes) await spooled.write(next.value);
    }
    if (sizeBytes > maxBytes) throw new Rejection('UPLOAD_TOO_LARGE');
    return spooled;
  } catch (error) {
    await spooled.remove();
    throw error;
  }
}
