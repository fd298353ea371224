import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createInflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';

// The one place where raw deflate data (RFC 1951: deflated datasets and frames, kept texts, entries of a ZIP) are inflated, and each time under a
// cap on what really comes out: a kilobyte can be a gigabyte (test/one-of-each.test.ts finds others).

const STEP_BYTES = 64 * 1024;

export interface Cap {
  /** More than so many bytes are refused. */
  readonly maxBytes: number;
  /** Memory that is taken at a time; zlib takes 16 KiB where nothing is said, and joins them. */
  readonly chunkSize?: number;
}

const optionsOf = ({ maxBytes, chunkSize }: Cap) => ({
  maxOutputLength: maxBytes,
  ...(chunkSize === undefined ? {} : { chunkSize }),
});

const whole = promisify(inflateRaw);

/** All of it, off the event loop. Fails with RangeError (ERR_BUFFER_TOO_LARGE) past the cap, with zlib's own error for what is no deflate data. */
export const inflate = (deflated: Uint8Array, cap: Cap): Promise<Buffer> => whole(deflated, optionsOf(cap));

/** The same at once: in a thread, or for what is so short that the event loop does not notice. */
export const inflateSync = (deflated: Uint8Array, cap: Cap): Buffer => inflateRawSync(deflated, optionsOf(cap));

/**
 * Piece by piece, never held, and no further than it is read. Fails with RangeError once more than `maxBytes` came out, with the source's error, and with
 * zlib's own for what is no deflate data. Whoever stops reading ends the source too.
 */
export async function* inflatedChunks(source: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  const inflating = createInflateRaw({ chunkSize: STEP_BYTES });
  source.on('error', (error) => inflating.destroy(error));
  let total = 0;
  try {
    for await (const chunk of source.pipe(inflating) as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > maxBytes) throw new RangeError(`This inflates to more than ${maxBytes} bytes.`);
      yield chunk;
    }
  } finally {
    source.destroy();
    inflating.destroy();
  }
}
