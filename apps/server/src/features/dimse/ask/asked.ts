/** A node to be asked, and in whose name. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  readonly callingAet: string;
}

/** How long is waited for what, in ms. */
export interface Patience {
  readonly connectMs: number;
  /** For the answer to the association, and to each request. */
  readonly answerMs: number;
  /** For the other side to take what is sent: some hundred kilobytes. */
  readonly stalledMs: number;
  /** For everything together; as long as it takes when left out. */
  readonly wholeMs?: number;
}
export const PATIENCE: Patience = { connectMs: 10_000, answerMs: 120_000, stalledMs: 60_000 };
