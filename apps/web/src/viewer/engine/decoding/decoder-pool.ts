import { type DecodedFrame, type DecoderName, type EncodedFrame, PixelError, plainFrame } from '@negatoscope/dicom';
import { DicomwebError } from '../../model/dicomweb.ts';
import { takeEarlyDecoder, type WarmJob } from '../../model/early-answer.ts';
import { type DecodeAnswer, type DecodeJob, owned } from './messages.ts';

/** A frame takes milliseconds; a large one in JPEG 2000 some seconds. This is long past hope. */
const LIMIT_MS = 30_000;

/** Copying more than these in the page's own thread would be felt. */
const MOST_BYTES_HERE = 32 * 1024 * 1024;

const undecoded = (reason: string): DicomwebError =>
  new DicomwebError(reason === 'too few bytes' ? 'TRUNCATED' : 'UNDECODABLE', undefined, reason);

/** A frame that is stored as it is shown: a worker would copy it twice, and wait for the page both times. Undefined for one that has to be decoded. */
function decodeHere(frame: EncodedFrame): DecodedFrame | undefined {
  try {
    const plain = frame.bytes.length > MOST_BYTES_HERE ? undefined : plainFrame(frame);
    return plain && { ...plain, pixels: owned(plain.pixels) };
  } catch (error) {
    throw error instanceof PixelError ? undecoded(error.message) : error;
  }
}

interface Waiting {
  readonly frame: EncodedFrame;
  readonly signal: AbortSignal;
  readonly resolve: (frame: DecodedFrame) => void;
  readonly reject: (error: unknown) => void;
}

/** Workers that decode frames, as many as the machine can spare, started on demand. */
export class DecoderPool {
  readonly #size = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  #started = 0;

  /** Decodes a frame; one that is asked for goes ahead of those fetched ahead. Rejects with UNDECODABLE, or the signal's reason. */
  decode(frame: EncodedFrame, isAsked: () => boolean, signal: AbortSignal): Promise<DecodedFrame> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const here = decodeHere(frame);
      if (here !== undefined) return resolve(here);
      const job = { frame, signal, resolve, reject };
      if (isAsked()) this.#waiting.unshift(job);
      else this.#waiting.push(job);
      this.#next();
    });
  }

  /** Starts a worker that loads a codec, where none runs yet. */
  warm(decoder: DecoderName): void {
    if (this.#started > 0) return;
    const worker = this.#start();
    if (worker === undefined) return;
    worker.postMessage({ warm: decoder } satisfies WarmJob);
    this.#idle.push(worker);
  }

  #next(): void {
    const job = this.#waiting[0];
    if (job === undefined) return;
    const worker = this.#idle.pop() ?? this.#start();
    if (worker === undefined) return;
    this.#waiting.shift();
    if (job.signal.aborted) {
      job.reject(job.signal.reason);
      this.#idle.push(worker);
      this.#next();
      return;
    }
    this.#run(worker, job);
  }

  #start(): Worker | undefined {
    if (this.#started >= this.#size) return undefined;
    this.#started += 1;
    const worker = takeEarlyDecoder() ?? new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    // One that could not be loaded, or ended, while nobody waited for it decodes nothing any more.
    worker.addEventListener('error', () => {
      const at = this.#idle.indexOf(worker);
      if (at < 0) return;
      this.#idle.splice(at, 1);
      this.#started -= 1;
    });
    return worker;
  }

  #run(worker: Worker, job: Waiting): void {
    const settled = new AbortController();
    const settle = (isSpent: boolean): void => {
      settled.abort();
      clearTimeout(limit);
      if (isSpent) {
        worker.terminate();
        this.#started -= 1;
      } else this.#idle.push(worker);
      this.#next();
    };
    const fail = (reason: string, isSpent: boolean): void => {
      job.reject(undecoded(reason));
      settle(isSpent);
    };
    const limit = setTimeout(() => fail('too slow', true), LIMIT_MS);
    const { signal } = settled;
    worker.addEventListener('error', () => fail('worker failed', true), { signal });
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<DecodeAnswer>) => {
        if (data.kind === 'failed') return fail(data.reason, data.isSpent);
        job.resolve(data.frame);
        settle(false);
      },
      { signal },
    );
    worker.postMessage({ frame: job.frame } satisfies DecodeJob);
  }
}

let pool: DecoderPool | undefined;

export const decoderPool = (): DecoderPool => {
  pool ??= new DecoderPool();
  return pool;
};

/** Loads what decodes the form of frames for slow lines. */
export const warmDecoder = (): void => decoderPool().warm('HTJ2KDecoder');
