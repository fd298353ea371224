import type { Failure } from '../../../kernel/failure.ts';

/** Up to `length` bytes at `offset`; fewer only at the end. The bytes are only good until the inspection ends. */
export type ReadNow = (offset: number, length: number) => Uint8Array;
/** Looks at what was received, while its bytes are at hand. Must not fail: what it finds is its result, which must survive structured cloning. */
export type Inspect<Inspected> = (sizeBytes: number, read: ReadNow) => Inspected;

/** What is known when the last byte has come. */
export interface Written<Inspected> {
  readonly sizeBytes: number;
  /** SHA-256 of all bytes. */
  readonly sha256: Uint8Array;
  /** What the inspection said. */
  readonly inspected: Inspected;
}

/** Bytes under a name of their own that a store puts once or never. */
export interface StagedObject {
  /** UUIDv7: the object's name for ever, and the id of the row that will point to it. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly isPublished: boolean;
  /** Why it can never be put: its putting failed, and nothing of it is left. */
  readonly failure: Failure | undefined;
  /** Up to `length` bytes at `offset`, until it is put or given up. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Gives it up. Safe to call after putting, whether that succeeded or failed, when it does nothing. */
  discard(): Promise<void>;

  // For stores alone.
  /** Fails when it was claimed before or given up; with its `failure`, when it has one. */
  requireOpen(): void;
  /** Begins its one putting. */
  claim(): void;
  /** Ends a putting that succeeded. */
  settled(): void;
  /** The same where the bytes were copied to another place: lets go of those here. */
  settledElsewhere(): Promise<void>;
  /** Ends a putting that failed, its own or that of its company. */
  fail(failure: Failure): Promise<void>;
}

/** An object that is being received. Nothing of it can be read by its id before it is put. */
export interface Draft<Inspected> extends StagedObject {
  /** Takes the chunk over: its bytes must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** Tells hash and inspection. Nothing can be written any more; `read` finishes as well. */
  finish(): Promise<Written<Inspected>>;
}

/** Where what arrives is spooled, hashed and looked at, before anybody decides what becomes of it. Fails with STORAGE_FULL or UNAVAILABLE. */
export interface Staging<Inspected> {
  begin(): Promise<Draft<Inspected>>;
  /** Removes what processes that are gone left; called at start. Gives its number. */
  clean(): Promise<number>;
}
