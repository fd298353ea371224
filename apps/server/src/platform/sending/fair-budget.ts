import { Failure } from '../../kernel/failure.ts';
import { ByteBudget } from './byte-budget.ts';

/** What one person may have of a budget. */
interface FairShare {
  /** Bytes at the same time. One piece of work that is larger has all of the share, and its own size of the whole. */
  readonly bytes: number;
  /** Pieces of work, those that wait included. */
  readonly pieces: number;
}

interface Line {
  readonly budget: ByteBudget;
  pieces: number;
}

/**
 * Memory that people share for work of seconds: each waits in a line of their own for a share, and then with the others for the whole, so that nobody's
 * hundred requests keep somebody else's one waiting.
 */
export class FairBudget {
  readonly #whole: ByteBudget;
  readonly #share: FairShare;
  readonly #lines = new Map<string, Line>();

  constructor(maxBytes: number, share: FairShare) {
    this.#whole = new ByteBudget(maxBytes);
    this.#share = share;
  }

  /** Runs `work` of about `bytes` for somebody. Fails with RATE_LIMITED for who has too many at once, and as `ByteBudget.use` does. */
  async use<T>(whose: string, bytes: number, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(whose) ?? { budget: new ByteBudget(this.#share.bytes), pieces: 0 };
    if (line.pieces >= this.#share.pieces)
      throw new Failure('RATE_LIMITED', { detail: 'Too many such pictures at once for one person.', retryAfterSeconds: 5 });
    this.#lines.set(whose, line);
    line.pieces += 1;
    try {
      return await line.budget.use(Math.min(bytes, this.#share.bytes), () => this.#whole.use(bytes, work));
    } finally {
      line.pieces -= 1;
      if (line.pieces === 0) this.#lines.delete(whose);
    }
  }
}
