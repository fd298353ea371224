import { createInflateRaw } from 'node:zlib';
import { DicomError } from '@negatoscope/dicom';

type Read = (offset: number, length: number) => Promise<Uint8Array>;

const STEP_BYTES = 65_536;

/**
 * The dataset of a deflated transfer syntax (PS3.5 A.5) as a space that is read forward only: inflated as far as asked for, counted on
 * real output, never kept. Fails with INFLATE_LIMIT past `maxBytes`, INFLATE_FAILED for what is no deflate data.
 */
export class InflatedSpace {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #maxBytes: number;
  #current: Buffer = Buffer.alloc(0);
  /** Offset in the space of the first byte of `#current`. */
  #start = 0;

  constructor(options: { read: Read; from: number; sizeBytes: number; maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
    this.#chunks = inflate(options)[Symbol.asyncIterator]();
  }

  /** Bytes at `offset`, at most one step of them; empty at the end. */
  async supply(offset: number): Promise<Uint8Array> {
    if (offset < this.#start) throw new DicomError('INFLATE_FAILED', { reason: 'read backwards' });
    while (offset >= this.#start + this.#current.length) {
      const next = await this.#chunks.next().catch(() => {
        throw new DicomError('INFLATE_FAILED');
      });
      if (next.done) return Buffer.alloc(0);
      this.#start += this.#current.length;
      this.#current = next.value;
      if (this.#start + this.#current.length > this.#maxBytes)
        throw new DicomError('INFLATE_LIMIT', { limitBytes: this.#maxBytes });
    }
    return this.#current.subarray(offset - this.#start);
  }
}

async function* inflate({ read, from, sizeBytes }: { read: Read; from: number; sizeBytes: number }): AsyncGenerator<Buffer> {
  const stream = createInflateRaw({ chunkSize: STEP_BYTES });
  const feed = async (): Promise<void> => {
    for (let at = from; at < sizeBytes && !stream.destroyed && !stream.writableEnded; at += STEP_BYTES) {
      const bytes = await read(at, Math.min(STEP_BYTES, sizeBytes - at));
      if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve).once('close', resolve));
    }
    if (!stream.destroyed) stream.end();
  };
  feed().catch((error: Error) => stream.destroy(error));
  try {
    yield* stream;
  } finally {
    stream.destroy();
  }
}
