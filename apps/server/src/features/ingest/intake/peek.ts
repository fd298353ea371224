import type { FileReason } from '@negatoscope/contract';

/** Bytes by which a ZIP is told from a DICOM file. */
const HEAD_BYTES = 132;

interface Peeked {
  readonly head: Buffer;
  readonly all: AsyncIterable<Uint8Array>;
  readonly failure?: FileReason;
}

/** The first bytes of a stream, and the whole stream again. */
export async function peek(stream: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const iterator = stream[Symbol.asyncIterator]();
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* chunks;
    yield* rest;
  }
  try {
    while (length < HEAD_BYTES) {
      const next = await iterator.next();
      if (next.done) break;
      chunks.push(next.value);
      length += next.value.byteLength;
    }
  } catch {
    return { head: Buffer.concat(chunks), all: all(), failure: 'UPLOAD_INTERRUPTED' };
  }
  return { head: Buffer.concat(chunks).subarray(0, HEAD_BYTES), all: all() };
}
