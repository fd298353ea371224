import { createHash, webcrypto } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObjectDraft } from '../../platform/objects/types.ts';
import { type DatasetStart, guessDatasetStart } from './dataset-start.ts';

/** First bytes among which the end of group 0002 is looked for. */
const HEAD_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
/** Below, another thread costs more than it saves. */
const OTHER_THREAD_FROM_BYTES = 32 * 1024;

/**
 * SHA-256 of a file in memory, or of its dataset: the transfer syntax UID and every byte after group 0002, so that the same image keeps this
 * hash whatever file meta information it carries. Large ones are hashed beside the event loop.
 */
export async function hashSmall(bytes: Buffer, start?: DatasetStart): Promise<Buffer> {
  if (bytes.length < OTHER_THREAD_FROM_BYTES) {
    const hash = createHash('sha256');
    if (start !== undefined) hash.update(start.transferSyntaxUid);
    return hash.update(bytes.subarray(start?.offset ?? 0)).digest();
  }
  const input = start === undefined ? bytes : Buffer.concat([Buffer.from(start.transferSyntaxUid), bytes.subarray(start.offset)]);
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', input));
}

/** Both hashes of a file that is too large to be in memory, computed while it passes. */
export class StreamHashes {
  readonly #file = createHash('sha256');
  readonly #dataset = createHash('sha256');
  readonly #guess: DatasetStart | undefined;

  private constructor(guess: DatasetStart | undefined) {
    this.#guess = guess;
    if (guess !== undefined) this.#dataset.update(guess.transferSyntaxUid);
  }

  /** Begins with what a draft holds already; what is written from then on is given to `update`. */
  static async over(draft: ObjectDraft): Promise<StreamHashes> {
    const guess = guessDatasetStart(await draft.read(0, HEAD_BYTES));
    const hashes = new StreamHashes(guess);
    for (let at = 0; at < draft.sizeBytes; at += READ_BYTES) {
      const bytes = await draft.read(at, READ_BYTES);
      hashes.#file.update(bytes);
      if (guess !== undefined && at + bytes.length > guess.offset)
        hashes.#dataset.update(bytes.subarray(Math.max(0, guess.offset - at)));
      await nextTurn();
    }
    return hashes;
  }

  update(chunk: Uint8Array): void {
    this.#file.update(chunk);
    if (this.#guess !== undefined) this.#dataset.update(chunk);
  }

  fileSha256(): Buffer {
    return this.#file.digest();
  }

  /** The dataset's hash; computed again from the draft when the guess of where it begins was wrong. */
  async datasetSha256(draft: ObjectDraft, start: DatasetStart): Promise<Buffer> {
    if (this.#guess?.offset === start.offset && this.#guess.transferSyntaxUid === start.transferSyntaxUid)
      return this.#dataset.digest();
    const hash = createHash('sha256').update(start.transferSyntaxUid);
    for (let at = start.offset; at < draft.sizeBytes; at += READ_BYTES) {
      hash.update(await draft.read(at, READ_BYTES));
      await nextTurn();
    }
    return hash.digest();
  }
}
