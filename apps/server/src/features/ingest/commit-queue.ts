import { type BatchRequest, type BatchTools, batchKey, commitBatch, discardBatch } from './batch.ts';
import type { FileResult } from './types.ts';

/** Commits at a time: one makes objects durable while the other is in its transaction. */
const PARALLEL_COMMITS = 2;
/** What one transaction takes of what waits; a request is never divided. */
const MAX_INSTANCES = 200;

interface Waiting {
  readonly key: string;
  readonly request: BatchRequest;
  readonly resolve: (results: FileResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits requests together that wait at the same time: what a transaction costs in statements, locks and flushes is then paid once for all
 * of them. Nothing waits for company: a request that comes alone goes alone.
 */
export class CommitQueue {
  readonly #tools: BatchTools;
  #waiting: Waiting[] = [];
  #busy = 0;

  constructor(tools: BatchTools) {
    this.#tools = tools;
  }

  /** The outcome of each file, in order. When it fails, what was not made durable has been discarded. */
  commit(request: BatchRequest): Promise<FileResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key: batchKey(request), request, resolve, reject });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#busy >= PARALLEL_COMMITS || this.#waiting.length === 0) return;
    this.#busy += 1;
    const together = this.#take();
    try {
      if (!(await this.#tryTogether(together))) for (const one of together) await this.#alone(one);
    } finally {
      this.#busy -= 1;
      void this.#next();
    }
  }

  /** The one that has waited longest, and others that go the same way. */
  #take(): Waiting[] {
    const key = this.#waiting[0]?.key;
    const together: Waiting[] = [];
    const others: Waiting[] = [];
    let instances = 0;
    for (const one of this.#waiting) {
      const fits = one.key === key && (together.length === 0 || instances + one.request.staged.length <= MAX_INSTANCES);
      (fits ? together : others).push(one);
      if (fits) instances += one.request.staged.length;
    }
    this.#waiting = others;
    return together;
  }

  /** False when it failed: the fault may be of one of them only (its import was closed meanwhile). */
  async #tryTogether(together: readonly Waiting[]): Promise<boolean> {
    if (together.length < 2) return false;
    try {
      const results = await commitBatch(
        this.#tools,
        together.map(({ request }) => request),
      );
      together.forEach(({ resolve }, index) => {
        resolve(results[index] ?? []);
      });
      return true;
    } catch {
      return false;
    }
  }

  async #alone({ request, resolve, reject }: Waiting): Promise<void> {
    try {
      const [results = []] = await commitBatch(this.#tools, [request]);
      resolve(results);
    } catch (error) {
      await discardBatch(request);
      reject(error);
    }
  }
}
