import type { Reading } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { newId } from '../../api/new-id.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { onStudyRung } from '../model/study-bell.ts';

/** A reading counts for three minutes after its last sign: six of them may be lost. */
const SIGN_EVERY_MS = 25_000;
/** Nobody has touched anything for so long: the reader has gone, and the study is let go. */
const AWAY_AFTER_MS = 30 * 60_000;
/** A bell may be missed. */
const LOOK_EVERY_MS = 60_000;

export interface LeaseSnapshot {
  /** Undefined until the server has answered. */
  readonly reading: Reading | undefined;
  /** Whether this page reads the study. */
  readonly isReading: boolean;
  /** The reader has said that they only look. */
  readonly onlyLooks: boolean;
}

const isOpen = ({ status }: Reading): boolean => status === 'TO_READ' || status === 'IN_PROGRESS';

/**
 * The reading of one study by this page: begun when it is opened by who may validate, shown to others by signs of life, ended when the page leaves. Who only
 * looks, or may do no more, is told who reads.
 */
export class ReadingLease {
  readonly #id = newId();
  readonly #study: StudyRef;
  readonly #mayRead: boolean;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #snapshot: LeaseSnapshot = { reading: undefined, isReading: false, onlyLooks: false };
  #touchedAt = Date.now();
  #isAsking = false;

  constructor(study: StudyRef, mayRead: boolean) {
    this.#study = study;
    this.#mayRead = mayRead;
    const { signal } = this.#stop;
    const touched = (): void => {
      const wasAway = this.#isAway;
      this.#touchedAt = Date.now();
      if (wasAway) void this.#sign();
    };
    for (const type of ['pointerdown', 'wheel', 'keydown'] as const)
      window.addEventListener(type, touched, { signal, capture: true, passive: true });
    window.addEventListener('pagehide', () => this.#leave(true), { signal });
    window.addEventListener('pageshow', () => void this.#sign(), { signal });
    const timers = [setInterval(() => void this.#sign(), SIGN_EVERY_MS), setInterval(() => void this.refresh(), LOOK_EVERY_MS)];
    const unlisten = onStudyRung(study, () => void this.refresh());
    signal.addEventListener('abort', () => {
      unlisten();
      for (const timer of timers) clearInterval(timer);
    });
    void this.#begin();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): LeaseSnapshot => this.#snapshot;

  close(): void {
    this.#stop.abort();
    this.#listeners.clear();
    this.#leave(false);
  }

  /** Asks who reads. */
  async refresh(): Promise<void> {
    const { studyInstanceUid, groupId } = this.#study;
    const query = { groupId };
    const reading = await call('getReading', { params: { studyInstanceUid }, query }).catch(() => undefined);
    if (reading !== undefined) this.#take(reading);
  }

  /** Only looks from now on: the study is somebody else's to read. */
  readonly look = (): void => {
    this.#set({ onlyLooks: true, isReading: false });
    void this.#end(false).then(() => this.refresh());
  };

  /** Reads it after all. */
  readonly read = (): void => {
    this.#set({ onlyLooks: false });
    void this.#sign();
  };

  get #isAway(): boolean {
    return Date.now() - this.#touchedAt > AWAY_AFTER_MS;
  }

  async #begin(): Promise<void> {
    await this.refresh();
    await this.#sign();
  }

  /** A sign of life, by which a reading begins as well. */
  async #sign(): Promise<void> {
    const { reading, onlyLooks } = this.#snapshot;
    if (!this.#mayRead || onlyLooks || this.#isAway || this.#isAsking || this.#stop.signal.aborted) return;
    if (reading !== undefined && !isOpen(reading)) return;
    this.#isAsking = true;
    const { studyInstanceUid, groupId } = this.#study;
    const params = { studyInstanceUid, id: this.#id };
    const answer = await call('keepReading', { params, query: { groupId } }).catch(() => undefined);
    this.#isAsking = false;
    if (answer === undefined) return;
    if (this.#stop.signal.aborted || this.#snapshot.onlyLooks) void this.#end(false);
    else
      this.#take(
        answer,
        answer.readers.some(({ isSelf }) => isSelf),
      );
  }

  #take(reading: Reading, isReading = this.#snapshot.isReading): void {
    this.#set({ reading, isReading: isReading && isOpen(reading) });
  }

  #set(change: Partial<LeaseSnapshot>): void {
    if (this.#stop.signal.aborted) return;
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  #leave(isPageGone: boolean): void {
    if (this.#snapshot.isReading) void this.#end(isPageGone);
  }

  /** A page that goes may be gone before the request is: the browser sends it all the same. */
  async #end(isPageGone: boolean): Promise<void> {
    const { studyInstanceUid, groupId } = this.#study;
    const params = { studyInstanceUid, id: this.#id };
    await call('endReading', { params, query: { groupId }, keepalive: isPageGone }).catch(() => undefined);
  }
}
