import type { Annotation } from '@negatoscope/contract';
import type { ApiErrorCode } from '../../api/error.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { isSameStudy, type KeptEdit } from './kept-edit.ts';

/** What came of sending one edit. */
export type Outcome =
  | { readonly kind: 'saved'; readonly annotation: Annotation }
  | { readonly kind: 'refused'; readonly code: ApiErrorCode }
  /** The server was not reached, or could not just now. */
  | { readonly kind: 'later' }
  /** Nobody is signed in, or somebody else than its author. */
  | { readonly kind: 'not-now' };

/** Where edits wait beside the memory of the page, so that a reload loses none. Never fails: what it can't keep, memory does. */
export interface EditKeeper {
  load(authorId: string): Promise<readonly KeptEdit[]>;
  put(kept: KeptEdit): Promise<void>;
  remove(editId: string): Promise<void>;
}

export interface QueuePorts {
  readonly keeper: EditKeeper;
  readonly send: (kept: KeptEdit) => Promise<Outcome>;
  /** Who is signed in, as far as the page knows; the server has the last word. */
  readonly authorId: () => string | undefined;
  readonly now: () => number;
  /** Resolves after so many ms, or sooner when `signal` says that there is a reason to try again. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface QueueListener {
  readonly onSaved: (kept: KeptEdit, annotation: Annotation) => void;
  readonly onRefused: (kept: KeptEdit, code: ApiErrorCode | 'EXPIRED') => void;
  /** Something waits, or does no longer. */
  readonly onChange: () => void;
}

/** So long an edit waits: past it, nobody would expect it to appear. */
export const KEEP_MS = 24 * 60 * 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Edits of this page on their way to the server, in the order in which they were made, one at a time. One that is sent twice is kept once: each
 * carries an id of its own. Only what the person who is signed in has made is sent.
 */
export class EditQueue {
  readonly #ports: QueuePorts;
  readonly #listeners = new Set<QueueListener>();
  #waiting: KeptEdit[] = [];
  #isRunning = false;
  #lastAt = 0;
  #pause = new AbortController();

  constructor(ports: QueuePorts) {
    this.#ports = ports;
  }

  subscribe(listener: QueueListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What waits of a study, in order. */
  waitingOf(study: StudyRef): readonly KeptEdit[] {
    return this.#waiting.filter((kept) => isSameStudy(kept.study, study));
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(kept: Omit<KeptEdit, 'at'>): void {
    this.#lastAt = Math.max(this.#ports.now(), this.#lastAt + 1);
    const edit = { ...kept, at: this.#lastAt };
    this.#waiting.push(edit);
    void this.#ports.keeper.put(edit);
    this.#tell(({ onChange }) => onChange());
    this.wake();
  }

  /** Takes up what a page before this one could not send. */
  async resume(authorId: string): Promise<void> {
    const known = new Set(this.#waiting.map(({ edit }) => edit.editId));
    const left = (await this.#ports.keeper.load(authorId)).filter(({ edit }) => !known.has(edit.editId));
    if (left.length === 0) return;
    this.#waiting = [...left, ...this.#waiting].sort((a, b) => a.at - b.at);
    this.#lastAt = Math.max(this.#lastAt, this.#waiting.at(-1)?.at ?? 0);
    this.#tell(({ onChange }) => onChange());
    this.wake();
  }

  /** Tries now what waits: the line is back, or somebody has signed in. */
  wake(): void {
    this.#pause.abort();
    void this.#run();
  }

  /** Tries once more, for so long at most. */
  async flush(ms: number): Promise<void> {
    if (this.#waiting.length === 0) return;
    const done = new AbortController();
    const stop = this.subscribe({
      onSaved: () => undefined,
      onRefused: () => undefined,
      onChange: () => {
        if (this.#waiting.length === 0) done.abort();
      },
    });
    this.wake();
    await this.#ports.pause(ms, done.signal);
    stop();
  }

  /** The person has signed out: nothing of theirs stays. */
  forget(): void {
    this.#waiting = [];
    this.#tell(({ onChange }) => onChange());
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let pauseMs = FIRST_PAUSE_MS;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const outcome = await this.#ports.send(next);
        if (outcome.kind === 'saved' || outcome.kind === 'refused') {
          this.#settle(next, outcome);
          pauseMs = FIRST_PAUSE_MS;
          continue;
        }
        this.#pause = new AbortController();
        await this.#ports.pause(outcome.kind === 'later' ? pauseMs : LONGEST_PAUSE_MS, this.#pause.signal);
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** The first edit of who is signed in; those that are too old go on the way. */
  #next(): KeptEdit | undefined {
    const oldest = this.#ports.now() - KEEP_MS;
    for (const old of this.#waiting.filter(({ at }) => at < oldest)) this.#settle(old, { kind: 'refused', code: 'EXPIRED' });
    const authorId = this.#ports.authorId();
    return this.#waiting.find(({ edit }) => edit.authorId === authorId);
  }

  #settle(
    kept: KeptEdit,
    outcome: { kind: 'saved'; annotation: Annotation } | { kind: 'refused'; code: ApiErrorCode | 'EXPIRED' },
  ): void {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((one) => one !== kept);
    // Signed out meanwhile: it is nobody's business any more.
    if (this.#waiting.length === before) return;
    void this.#ports.keeper.remove(kept.edit.editId);
    this.#tell((listener) => {
      if (outcome.kind === 'saved') listener.onSaved(kept, outcome.annotation);
      else listener.onRefused(kept, outcome.code);
    });
    this.#tell(({ onChange }) => onChange());
  }

  #tell(say: (listener: QueueListener) => void): void {
    for (const listener of [...this.#listeners]) say(listener);
  }
}
