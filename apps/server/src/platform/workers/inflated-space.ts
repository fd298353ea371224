import { Readable } from 'node:stream';
import { DicomError } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { inflatedChunks } from '../inflate/index.ts';

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
        if (error instanceof RangeError) throw new DicomError('INFLATE_LIMIT', { limitBytes: this.#options.maxBytes });
        // What can't be read is no fault of the data.
        throw error instanceof Failure ? error : new DicomError('INFLATE_FAILED');
      });
      if (next.done) return Buffer.alloc(0);
      this.#start += this.#current.length;
      this.#current = next.value;
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

/** Only what is read of it is fetched. */
async function* piecesOf({ read, from, sizeBytes }: SpaceOptions): AsyncGenerator<Uint8Array> {
  for (let at = from; at < sizeBytes; at += STEP_BYTES) yield await read(at, Math.min(STEP_BYTES, sizeBytes - at));
}

const inflate = (options: SpaceOptions): AsyncGenerator<Buffer> =>
  inflatedChunks(Readable.from(piecesOf(options), { objectMode: false, highWaterMark: STEP_BYTES }), options.maxBytes);
