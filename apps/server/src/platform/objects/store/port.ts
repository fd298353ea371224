import type { Readable } from 'node:stream';
import { Failure } from '../../../kernel/failure.ts';
import type { StagedObject } from '../staging/index.ts';

/** Acknowledged objects that are durable and wait for their place in the store, for want of room, and their bytes. */
export interface Waiting {
  readonly objects: number;
  readonly bytes: number;
}

/** First and last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Which objects are listed, in the order of their ids. */
export interface Listing {
  /** Nothing of them has changed since. */
  readonly before?: Date | undefined;
  /** How their ids begin. */
  readonly prefix?: string | undefined;
  /** The last id that is known already. */
  readonly after?: string | undefined;
}

/** The bytes of a whole object, to be written. */
export interface ObjectSource {
  readonly sizeBytes: number;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

/**
 * Where objects are kept under their ids, whatever they mean. Failures carry STORAGE_FULL, or UNAVAILABLE for all else; what may be wrong with the object
 * itself is an ObjectUnreadable. `store-contract.ts` of the tests holds every adapter to what is said here.
 */
export interface ObjectStore {
  /**
   * All are durable when it returns; when it fails none is, nothing of them is left, and they carry the `failure`: an object is put once or never.
   * Nothing is overwritten: it fails with CONFLICT when there is an object of one of the ids.
   */
  put(objects: readonly StagedObject[]): Promise<void>;
  /** Writes an object anew over what is left of it, durably and all or nothing. */
  restore(id: string, source: ObjectSource): Promise<void>;
  /** Exactly `length` bytes at `offset`. */
  read(id: string, offset: number, length: number): Promise<Buffer>;
  /** The same into memory of the caller, as many bytes as `target` has: what is sent with an envelope needs no copy. */
  readInto(id: string, offset: number, target: Buffer): Promise<void>;
  size(id: string): Promise<number>;
  /** All of it without a range. Fails as `read` does, while it is read; may be destroyed at any time. */
  stream(id: string, range?: ByteRange): Readable;
  /** One that is not there is deleted. */
  delete(ids: readonly string[]): Promise<void>;
  /** Ids of whole objects, some at a time. What is put or deleted meanwhile may be among them or not. */
  list(listing?: Listing): AsyncIterable<string[]>;
  /** Fails when nothing can be written now. */
  check(): Promise<void>;
  /** Whether it can be reached and is the store it was, so that what is missing there is lost. */
  isThere(): Promise<boolean>;
  /** The bytes of this object, or of any, were replaced by another process: what is held of them here goes. */
  forget(id: string | undefined): void;
  /** False once it failed so that nothing is taken before a restart. */
  readonly healthy: boolean;
  readonly waiting: Waiting;
}

/** An object can't be read, and not because the store is away: it is missing, ends early, or its bytes can't be had. */
export class ObjectUnreadable extends Failure {
  readonly reason: 'MISSING' | 'SIZE' | 'UNREADABLE';

  constructor(reason: ObjectUnreadable['reason'], cause?: unknown) {
    const detail = reason === 'SIZE' ? 'A stored object is shorter than its row says.' : 'A stored object could not be read.';
    super('UNAVAILABLE', { detail, cause });
    this.reason = reason;
  }
}

/** An object as its row says it was received. */
export interface WholeObject {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}
