import { createInflateRaw } from 'node:zlib';
import { DicomError } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';

type Read = (offset: number, length: number) => Promise<Uint8Array>;

const STEP_BYTES = 65_536;
/** Who reads a dataset and then looks back for some old values begins again a few times. */
const MOST_BEGINS = 32;

interface SpaceOptions {
  readonly read: Read;
  /** Where the deflated data begin. */
  readonly from: number;
  readonly sizeBytes: number;
  readonly maxBytes: number;
}

/**
 * The dataset of a deflated transfer syntax (PS3.5 A.5) as a space that is read forward: inflated as far as asked for, counted on
 * real output, never kept; looking back inflates it from its beginning, which may be done some times. Fails with INFLATE_LIMIT past `maxBytes`,
 * INFLATE_FAILED for what is no deflate data.
 */
export class InflatedSpace {
  readonly #options: SpaceOptions;
  #chunks: AsyncGenerator<Buffer>;
  #begins = 1;
  #current: Buffer = Buffer.alloc(0);
  /** Offset in the space of the first byte of `#current`. */
  #start = 0;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.#chunks = inflate(options);
  }

  /** Bytes at `offset`, at most one step of them; empty at the end. */
  async supply(offset: number): Promise<Uint8Array> {
    if (offset < this.#start) await this.#beginAgain();
    while (offset >= this.#start + this.#current.length) {
      const next = await this.#chunks.next().catch((error: unknown) => {
        // What can't be read is no fault of the data.
        throw error instanceof Failure ? error : new DicomError('INFLATE_FAILED');
      });
      if (next.done) return Buffer.alloc(0);
      this.#start += this.#current.length;
      this.#current = next.value;
      if (this.#start + this.#current.length > this.#options.maxBytes)
        throw new DicomError('INFLATE_LIMIT', { limitBytes: this.#options.maxBytes });
    }
    return this.#current.subarray(offset - this.#start);
  }

  async #beginAgain(): Promise<void> {
    if (this.#begins === MOST_BEGINS) throw new DicomError('INFLATE_FAILED', { reason: 'read backwards' });
    this.#begins += 1;
    await this.close();
    this.#chunks = inflate(this.#options);
    this.#current = Buffer.alloc(0);
    this.#start = 0;
  }

  /** Ends the inflating of what is not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}

async function* inflate({ read, from, sizeBytes }: SpaceOptions): AsyncGenerator<Buffer> {
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
