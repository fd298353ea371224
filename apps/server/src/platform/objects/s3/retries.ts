import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './failures.ts';

export interface Patience {
  /** Tries of one request, the first among them. */
  readonly tries: number;
  /** No try begins later than this. */
  readonly withinMs: number;
  /** The longest first pause; it doubles, and each is of chance, so that many who failed together do not come again together. */
  readonly pauseMs: number;
  /** How long one try may take, beside the time that its bytes need. */
  readonly tryMs: number;
}

export const PATIENCE: Patience = { tries: 5, withinMs: 12_000, pauseMs: 150, tryMs: 8_000 };
/** While nothing answers, each asks once only: who waits is told soon. */
const AWAY_MS = 2_000;
/** So slow a line is taken for one that stands still. */
const BYTES_PER_MS = 250;

/** Tries again what may pass. One for each store: it remembers when nothing answered. */
export class Retries {
  readonly #patience: Patience;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(patience: Patience = PATIENCE) {
    this.#patience = patience;
  }

  /** `work` is told which try it is, from 1, and is to end when its signal says so. */
  async run<T>(bytes: number, work: (signal: AbortSignal, attempt: number) => Promise<T>): Promise<T> {
    const { tries, withinMs, pauseMs, tryMs } = this.#patience;
    const begun = performance.now();
    const most = begun - this.#failedAt < AWAY_MS ? 1 : tries;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await work(AbortSignal.timeout(Math.ceil(tryMs + bytes / BYTES_PER_MS)), attempt);
        this.#failedAt = Number.NEGATIVE_INFINITY;
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (attempt >= most || performance.now() - begun > withinMs) {
          this.#failedAt = performance.now();
          throw error;
        }
        await sleep(Math.random() * Math.min(3_000, pauseMs * 2 ** (attempt - 1)));
      }
    }
  }
}
