import type { Readable } from 'node:stream';
import type { Failure } from '../../kernel/failure.ts';
import type { DamageReason } from './damage.ts';
import type { Waiting } from './replay.ts';
import type { WrittenDraft } from './write-jobs.ts';

/**
 * An object that is being written under a temporary name. Nothing of it can be read by its id before it is published.
 */
export interface ObjectDraft {
  /** UUIDv7: the object's name for ever, and the id of the row that will point to it. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly isPublished: boolean;
  /** Why it can never be published: its publishing failed, and nothing of it is left. */
  readonly failure: Failure | undefined;
  /** Takes the chunk over: its bytes must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** Tells the hash of all bytes, and what the store's inspection says of them. Nothing can be written any more. */
  finish(): Promise<WrittenDraft>;
  /** Up to `length` bytes at `offset`; finishes the draft. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Removes the temporary file. Safe to call after publishing, whether that succeeded or failed, when it does nothing. */
  discard(): Promise<void>;
}

/** Where DICOM files are kept. Failures carry the codes STORAGE_FULL or UNAVAILABLE; a failed fsync is never tried again. */
export interface ObjectStore {
  create(): Promise<ObjectDraft>;
  /**
   * fsync of each draft, rename to its final name, fsync of each directory once. All are durable when it returns; when it fails none is, nothing of
   * them is left, and they carry the `failure`: a draft is published once or never.
   */
  publish(drafts: readonly ObjectDraft[]): Promise<void>;
  /** Exactly `length` bytes at `offset`, by one positional read. Fails with UNAVAILABLE when the object is missing or shorter. */
  read(id: string, offset: number, length: number): Promise<Buffer>;
  /** The same into memory of the caller, as many bytes as `target` has: what is sent with an envelope needs no copy. */
  readInto(id: string, offset: number, target: Buffer): Promise<void>;
  size(id: string): Promise<number>;
  stream(id: string, range?: { start: number; end: number }): Readable;
  delete(ids: readonly string[]): Promise<void>;
  /** Removes temporary files that no running process owns; called at start. */
  cleanTemporary(): Promise<number>;
  /** Ids of published objects whose file has not changed since `before`, some at a time; for finding objects that no row names. */
  list(before: Date): AsyncIterable<string[]>;
  /** Fails when the store can't be written now. */
  check(): Promise<void>;
  readonly healthy: boolean;
  /** What was acknowledged and stands in journals only, for want of room on the disk: it is read from there, and nothing new is taken meanwhile. */
  readonly waiting: Waiting;
}

/** An object as its row says it was received. */
export interface WholeObject {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

/** The bytes of a whole object, to be written. */
export interface ObjectSource {
  readonly sizeBytes: number;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

/** A store that knows which of its objects are damaged: reading one of them fails with OBJECT_DAMAGED. */
export interface GuardedObjects extends ObjectStore {
  isDamaged(id: string): boolean | Promise<boolean>;
  /** Reads all of an object, noted or not, and compares: what is wrong with it, or undefined. Fails with UNAVAILABLE when the store is away. */
  examine(object: Omit<WholeObject, 'sizeBytes'> & { readonly sizeBytes?: number }): Promise<DamageReason | undefined>;
  /** Notes an object as damaged; false when nothing names it or it was noted before. */
  mark(id: string, reason: DamageReason): Promise<boolean>;
  /** Writes a damaged object anew, durably and all or nothing. It stays noted until `noteHealed` is committed. */
  restore(id: string, source: ObjectSource): Promise<void>;
}
