import type { Answer } from '@negatoscope/dimse';

/** How an operation tells what it finds before it has ended. */
export interface Telling {
  /** A pending answer with its dataset; resolves when more may be told. */
  tell(status: number, dataset: Uint8Array): Promise<void>;
  /** The other side wants no more, or has left. */
  isCancelled(): boolean;
}

/** An answer with what the log says of it beside the status. */
export interface Answered extends Answer {
  readonly reason?: string | undefined;
}

/** What is done with the dataset of one request. */
export interface Operation {
  /** What takes time and may be cancelled meanwhile. */
  readonly isLong?: true;
  take(bytes: Uint8Array): Promise<void>;
  finish(telling: Telling): Promise<Answered>;
  /** The dataset does not come to its end. */
  breakOff(): Promise<void>;
}

/** A request that is answered whatever its dataset says, which is read and dropped. */
export const refused = (answer: Answer): Operation => ({
  take: async () => undefined,
  finish: async () => answer,
  breakOff: async () => undefined,
});
