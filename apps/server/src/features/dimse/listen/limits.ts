export interface ListenLimits {
  /** Connections at a time, whatever they do. */
  readonly connections: number;
  /** Of these, from one address. */
  readonly connectionsOfOne: number;
  /** Connections without an association: of more, the oldest is closed. */
  readonly halfOpen: number;
  readonly associations: number;
  /** The ARTIM timer (PS3.8 9.1.5): how long a connection may go without a request, or stay when it is over. */
  readonly artimMs: number;
  /** An association in which nothing is asked. */
  readonly idleMs: number;
  /** A message that has begun and does not go on. */
  readonly stalledMs: number;
  /** Instances of one association that are refused one after the other: who only sends what nobody takes has no place here. */
  readonly refusedInRow: number;
  /** Longest P-DATA-TF that is taken. */
  readonly maxLength: number;
}

export const DEFAULT_LIMITS: ListenLimits = {
  connections: 256,
  connectionsOfOne: 64,
  halfOpen: 48,
  associations: 96,
  artimMs: 20_000,
  idleMs: 10 * 60_000,
  stalledMs: 60_000,
  refusedInRow: 500,
  maxLength: 131_072,
};

/** Bytes that the other side has not taken, before what is to be sent to it waits as well. */
export const MOST_UNSENT = 262_144;
