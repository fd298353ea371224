import { Failure } from '../../../kernel/failure.ts';
import { parseParameters } from '../accept.ts';
import type { IncomingFile, StoredFile } from '../ports.ts';
import type { RelatedPart } from './multipart-related.ts';

/** Preamble and prefix (PS3.10 7.1): what is shorter is no file, what has none may be a dataset that stands for itself. */
const HEAD_BYTES = 132;
/** Parts of one request that are no files by their length, and those without a prefix. Each is answered and costs what a file's header does. */
const MAX_STUBS = 1000;
const MAX_UNPREFIXED = 10_000;

/** Counts parts by how they begin, while they are read. Fails with MALFORMED_MULTIPART when too many can be no files. */
class Heads {
  #stubs = 0;
  #unprefixed = 0;

  check(): void {
    if (this.#stubs >= MAX_STUBS || this.#unprefixed >= MAX_UNPREFIXED) throw new Failure('MALFORMED_MULTIPART');
  }

  async *noted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let head = Buffer.alloc(0);
    try {
      for await (const chunk of body) {
        if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
        yield chunk;
      }
    } finally {
      if (head.length < HEAD_BYTES) this.#stubs += 1;
      else if (head.toString('latin1', HEAD_BYTES - 4) !== 'DICM') this.#unprefixed += 1;
    }
  }
}

/**
 * Parts of the request as files; names come from the position only, since a part's own headers are the sender's. What is whole before a
 * body breaks off, goes wrong or shows to be made of parts that are no files is kept: the rest is told as one more refusal. Fails with
 * MALFORMED_MULTIPART when no part was whole.
 */
export async function* partsAsFiles(parts: AsyncIterable<RelatedPart>, refused: StoredFile[]): AsyncGenerator<IncomingFile> {
  const heads = new Heads();
  let count = 0;
  try {
    for await (const part of parts) {
      heads.check();
      count += 1;
      const { type } = parseParameters(part.headers.get('content-type') ?? 'application/dicom');
      yield {
        name: `part-${count}${type === 'application/dicom' ? '' : ' (not application/dicom)'}`,
        stream: heads.noted(part.body),
      };
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'MALFORMED_MULTIPART' || count === 0) throw error;
    refused.push({ outcome: 'rejected', reason: 'MALFORMED_MULTIPART' });
  }
}
