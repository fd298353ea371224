import type { InstanceIdentity } from './orthanc-id.ts';

/** What became of a file that came. */
export interface Kept {
  readonly outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored';
  readonly reason?: string;
  /** What is here of it. */
  readonly instanceId?: string;
}

/** A file that was received and hashed, and is kept with its neighbours or given up. */
export interface Received {
  /** Which instance it is, as it says itself; undefined for one that is not taken. */
  readonly identity: InstanceIdentity | undefined;
  /** Why it is not. */
  readonly reason: string | undefined;
}

/** Keeps what comes, in the one pipeline of ingest. Fails only with what concerns every file: a full disk, a database that is away. */
export interface Keeper {
  receive(name: string, stream: AsyncIterable<Uint8Array>): Promise<Received>;
  /** Durable when it returns; the outcome of each, in order. */
  keep(received: readonly Received[]): Promise<Kept[]>;
  discard(received: readonly Received[]): Promise<void>;
}
