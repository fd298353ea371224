import { webcrypto } from 'node:crypto';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { StagedObject } from './port.ts';

/** The part of a StagedObject by which it is put once or never. */
export abstract class PutOnce {
  #state: 'open' | 'claimed' | 'published' | 'discarded' | 'failed' = 'open';
  #failure: Failure | undefined;

  /** Lets go of the bytes. Called once, unless they were put. */
  protected abstract release(): Promise<void>;

  get isPublished(): boolean {
    return this.#state === 'published';
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  requireOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state !== 'open') throw new BrokenInvariant(`The object is ${this.#state}.`);
  }

  claim(): void {
    this.#state = 'claimed';
  }

  settled(): void {
    this.#state = 'published';
  }

  async settledElsewhere(): Promise<void> {
    this.settled();
    await this.release();
  }

  /** From then on its bytes are read by who puts it. */
  protected get isClaimed(): boolean {
    return this.#state === 'claimed';
  }

  async fail(failure: Failure): Promise<void> {
    this.#state = 'failed';
    this.#failure = failure;
    await this.release();
  }

  async discard(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'discarded';
    await this.release();
  }
}

/** All or none: one that was put before must not be taken back with the others. */
export function claimAll(objects: readonly StagedObject[]): void {
  if (new Set(objects).size < objects.length) throw new TypeError('An object is published once.');
  for (const object of objects) object.requireOpen();
  for (const object of objects) object.claim();
}

/** Bytes that the server made, as an object of their own. */
export class MadeObject extends PutOnce implements StagedObject {
  readonly id: string;
  #bytes: Uint8Array;
  #isLetGo = false;

  /** Takes the bytes over. */
  constructor(bytes: Uint8Array, id: string = newId()) {
    super();
    this.id = id;
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  /** Fails once the bytes are let go, as some stores do when they have put them: the hash of nothing would be taken for theirs. */
  async sha256(): Promise<Buffer> {
    if (this.#isLetGo) throw new BrokenInvariant('The bytes of the object were let go.');
    return Buffer.from(await webcrypto.subtle.digest('SHA-256', this.#bytes));
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes.subarray(offset, offset + length);
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  protected async release(): Promise<void> {
    this.#bytes = new Uint8Array(0);
    this.#isLetGo = true;
  }
}

/** An object that is stored already, for what compares and decides about staged ones. */
export class StoredAlready extends PutOnce implements StagedObject {
  readonly id: string;
  readonly sizeBytes: number;
  readonly read: StagedObject['read'];

  constructor({ id, sizeBytes, read }: Pick<StagedObject, 'id' | 'sizeBytes' | 'read'>) {
    super();
    this.id = id;
    this.sizeBytes = sizeBytes;
    this.read = read;
    this.settled();
  }

  protected async release(): Promise<void> {}
}
