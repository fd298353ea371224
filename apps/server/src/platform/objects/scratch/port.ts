/** Bytes at any place, until they are closed. */
export interface ScratchReader {
  readonly sizeBytes: number;
  /** Fills `target` from `offset` on, as far as there are bytes; gives their number. */
  read(target: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** Bytes that are needed for a while, in order. They are gone with this process, unless they are kept. */
export interface ScratchBytes {
  /** UUIDv7; the id of what is kept. */
  readonly id: string;
  readonly sizeBytes: number;
  /** Takes the chunk over: its bytes must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** Up to `length` bytes of what was written at `offset`. */
  read(offset: number, length: number): Promise<Buffer>;
  /** To read all of it; what was written may be removed meanwhile. */
  open(): Promise<ScratchReader>;
  /** Gives back what it takes. Safe to call again, and when it was kept, which then stays. */
  remove(): Promise<void>;
}

/**
 * Room for what is neither received nor an object: an upload that can only be read when it is whole, an answer that is made before its length is known. Fails
 * with STORAGE_FULL or UNAVAILABLE.
 */
export interface Scratch {
  create(): Promise<ScratchBytes>;
  /** All are durable under their ids when it returns, for any process, until they are removed; when it fails none is. */
  keep(bytes: readonly ScratchBytes[]): Promise<void>;
  /** What was kept; undefined when it is not there. */
  kept(id: string): Promise<ScratchReader | undefined>;
  /** Removes what was kept; what is not there is removed. */
  remove(ids: readonly string[]): Promise<void>;
  /** Ids of what was kept before. */
  list(before: Date): Promise<string[]>;
  /** Removes what processes that are gone left and nobody kept; called at start. Gives its number. */
  clean(): Promise<number>;
}
