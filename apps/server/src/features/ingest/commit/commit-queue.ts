import type { FileResult } from '../types.ts';
import { commitBatch, discardBatch, mayTryAlone } from './batch.ts';
import { type BatchRequest, type BatchTools, batchKey } from './batch-request.ts';

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
    try {
      await this.#commit(this.#take());
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

  async #commit(together: readonly Waiting[]): Promise<void> {
    const requests = together.map(({ request }) => request);
    try {
      const results = await commitBatch(this.#tools, requests);
      for (const [index, { request, resolve }] of together.entries()) {
        const own = results[index] ?? [];
        this.#tools.cameIn?.(request.target.entrance, own);
        resolve(own);
      }
    } catch (error) {
      if (together.length > 1 && mayTryAlone(error, requests)) {
        const code = error instanceof Error && 'code' in error ? error.code : 'INTERNAL';
        this.#tools.log.warn(
          { code, requests: together.length, err: error },
          'a shared commit failed: each request is tried alone',
        );
        for (const one of together) await this.#commit([one]);
        return;
      }
      for (const { request, reject } of together) {
        await discardBatch(request);
        reject(error);
      }
    }
  }
}
