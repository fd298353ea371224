import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type Draft, PutOnce, type Written } from '../staging/index.ts';
import type { StorageHealth } from './storage-health.ts';
import { withoutMark } from './store-folders.ts';
import { WriteError, type WriteJob } from './write-jobs.ts';
import { copyAll } from './write-memory.ts';
import type { WriterLane, Writers } from './writer-threads.ts';

/** Bytes that are gathered before they go to the writer: an image of 512 × 512 × 16 bits with its header goes in one piece. */
const GATHERED_BYTES = 640 * 1024;

export interface DraftPlace {
  readonly writers: Writers;
  readonly health: StorageHealth;
  /** Where the temporary file goes. */
  readonly temporaryPath: string;
}

/** A file under a temporary name, beside the objects, which its own store gives its final name. */
export class DiskDraft<Inspected> extends PutOnce implements Draft<Inspected> {
  readonly id: string;
  readonly #place: DraftPlace;
  #chunks: Uint8Array[] = [];
  #gathered = 0;
  #sizeBytes = 0;
  #lane: WriterLane | undefined;
  #appending: Promise<unknown> = Promise.resolve();
  #finished: Promise<Written<Inspected>> | undefined;

  constructor(id: string, place: DraftPlace) {
    super();
    this.id = id;
    this.#place = place;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.requireOpen();
    if (this.#finished !== undefined) throw new BrokenInvariant('The draft is finished.');
    this.#chunks.push(chunk);
    this.#gathered += chunk.byteLength;
    this.#sizeBytes += chunk.byteLength;
    if (this.#gathered < GATHERED_BYTES) return;
    // One piece is on its way while the next one is gathered, no more.
    await this.#appending;
    this.#appending = this.#send('append');
    this.#appending.catch(() => undefined);
  }

  finish(): Promise<Written<Inspected>> {
    this.requireOpen();
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    // A store elsewhere reads it while it puts it.
    await (this.isClaimed ? this.#finished : this.finish());
    const bytes = (await this.#run({ op: 'read', id: this.id, offset, length })) as Uint8Array; // FileWriter's answer to `read`.
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  override claim(): void {
    this.#finished ??= this.#finish();
    // It is awaited by `settling`; until then a failure must not count as unhandled.
    this.#finished.catch(() => undefined);
    super.claim();
  }

  /** The lane that will give the claimed file its final name, when all bytes have come. */
  async settling(): Promise<WriterLane> {
    await this.#finished;
    if (this.#lane === undefined) throw new Failure('UNAVAILABLE');
    return this.#lane;
  }

  /** Fails when nothing may be written, too. */
  override requireOpen(): void {
    super.requireOpen();
    this.#place.health.requireHealthy();
  }

  protected async release(): Promise<void> {
    this.#chunks = [];
    await this.#appending.catch(() => undefined);
    await this.#finished?.catch(() => undefined);
    await this.#lane?.run({ op: 'discard', id: this.id }).catch(() => undefined);
  }

  async #finish(): Promise<Written<Inspected>> {
    await this.#appending;
    return (await this.#send('finish')) as Written<Inspected>; // FileWriter's answer to `finish`.
  }

  /** What has been gathered, in one piece. */
  async #send(op: 'append' | 'finish'): Promise<unknown> {
    const [chunks, length] = [this.#chunks, this.#gathered];
    this.#chunks = [];
    this.#gathered = 0;
    const { bytes, release } = await this.#place.writers.block(length);
    copyAll(chunks, bytes);
    return this.#run({ op, id: this.id, path: this.#place.temporaryPath, bytes }).finally(() => void this.#release(release));
  }

  /** A writer may answer before it has written. */
  async #release(release: () => void): Promise<void> {
    await this.#lane?.released?.(this.id);
    release();
  }

  async #run(job: WriteJob): Promise<unknown> {
    const { writers, health } = this.#place;
    this.#lane ??= await writers.lane();
    return this.#lane.run(job).catch((error: unknown) => {
      throw writeFailure(health, error);
    });
  }
}

export function writeFailure(health: StorageHealth, error: unknown): Failure {
  if (error instanceof WriteError && error.site === 'mark') return withoutMark(error);
  return error instanceof WriteError && error.site === 'flush' ? health.flushFailed(error) : health.failure(error);
}
