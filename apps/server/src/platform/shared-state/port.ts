import type { Tx } from '../db/database.ts';

/** Events of each key in a window that begins with the first; when it is over, the key counts from nothing. All processes count together. */
export interface Counter {
  /** How many there are now, and the milliseconds until there is room: 0 when there is. Counts and writes nothing. */
  look(key: string): Promise<{ readonly count: number; readonly waitMs: number }>;
  /** Counts one more and answers 0, or counts nothing and answers the milliseconds until there is room. */
  take(key: string): Promise<number>;
  giveBack(key: string): Promise<void>;
}

/** Makes the counter of one use: `most` events of a key in `seconds`. */
export type Counters = (use: string, most: number, seconds: number) => Counter;

/** Everything that processes tell each other has changed. */
export const CHANNELS = [
  'negatoscope_identity',
  'negatoscope_series',
  'negatoscope_index',
  'negatoscope_objects',
  'negatoscope_nodes',
] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Subscriber {
  readonly onPayload: (payload: string) => void;
  /** Changes may have been missed: whatever was learned before is to be forgotten. Called when the connection is lost and when it is back. */
  readonly onReset: () => void;
}

/**
 * Changes of what processes hold in memory. One is heard by every process, the one that made it too, once its transaction is committed and only then, in the order of
 * the commits; or `onReset` says that some may have been missed. There is one answer to the question whether memory may be trusted.
 */
export interface Changes {
  /** Begins to listen; gives the end of the subscription. */
  subscribe(channel: Channel, subscriber: Subscriber): () => void;
  /** Whether every change is heard now. While it is not, nothing may come from memory. */
  readonly isTrusted: boolean;
}

/** What a live event is about. */
export type Topic =
  | 'job-sent'
  | 'annotations-changed'
  | 'reading-changed'
  | 'predictions-changed'
  | 'consultations-changed'
  /** Written by the database itself (migrations/functions/notices.sql), with the person's id. */
  | 'notices-changed';

/** What is good to hear at once and does no harm when it is missed: who must not miss it asks again from time to time. */
export interface LiveEvents {
  /** To every process that is listening, this one too; with `tx` once that is committed, and only then. At most 4,000 bytes. */
  publish(topic: Topic, payload: string, tx?: Tx): Promise<void>;
  /** Gives the end of the subscription. */
  subscribe(topic: Topic, listener: (payload: string) => void): () => void;
}

/** Far below what a notification of the database can hold. */
const MAX_EVENT_BYTES = 4_000;
export function requireShort(payload: string): void {
  if (Buffer.byteLength(payload) > MAX_EVENT_BYTES) throw new TypeError('A live event is short.');
}

/** Whether Redis carries what it is asked to; while it does not, the database does. */
export type RedisState = 'UNUSED' | 'OK' | 'UNAVAILABLE';

/** What processes share beside the rows that are theirs. `shared-state-contract.ts` of the tests holds every adapter to what is said here. */
export interface SharedState {
  readonly counters: Counters;
  readonly changes: Changes;
  readonly events: LiveEvents;
  redis(): RedisState;
  close(): Promise<void>;
}
