import type { DatasetForm } from '@negatoscope/dicom';
import type { Answer } from '@negatoscope/dimse';
import type { StoreChannel } from '../ask/store-all.ts';

/** A response, with the dataset that belongs to it. */
export interface Reply extends Answered {
  readonly dataset?: Uint8Array;
}

/** Datasets that have the same attributes, and what each is written of. */
export interface Answers<Row> {
  readonly form: DatasetForm<Row>;
  readonly matches: readonly Row[];
}

/** How an operation speaks with the other side before it has ended. */
export interface Telling {
  /** A pending answer; resolves when more may be told. */
  tell(reply: Reply): Promise<void>;
  /** Pending answers of one status, each with a dataset of one form, sent together; others get their turn before it resolves. */
  tellAll<Row>(status: number, answers: Answers<Row>): Promise<void>;
  /** The other side wants no more, or has left. */
  readonly signal: AbortSignal;
  /**
   * Asks the other side: to be stored at, where it agreed to that (C-GET), or to take a report. Fails with AssociationFailure when it has left. `following` is like
   * what is told after each answer, whatever that was: the same fields and no dataset.
   */
  channel(following?: Answered): Promise<StoreChannel>;
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
  finish(telling: Telling): Promise<Reply>;
  /** What this side asks of the other once that was answered; nothing else waits for it. */
  afterwards?(telling: Telling): Promise<void>;
  /** The dataset does not come to its end. */
  breakOff(): Promise<void>;
}

/** A request that is answered whatever its dataset says, which is read and dropped. */
export const refused = (answer: Answer): Operation => ({
  take: async () => undefined,
  finish: async () => answer,
  breakOff: async () => undefined,
});
