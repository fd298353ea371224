import { decodedBytes, frameFormatOf, pixelTagOf } from '@negatoscope/dicom';
import { DicomwebError } from '../model/dicomweb.ts';
import { type FrameState, nextToLoad, prefetchRadius } from '../model/load-order.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { CACHE_BUDGET_BYTES } from './cache-budget.ts';
import { cancelFrame, isFrameLoaded, loadFrame, promoteFrame } from './frame-loader.ts';
import { type Lane, loadQueue } from './load-queue.ts';

/** Share of the cache that prefetching may fill, so that it never evicts what it just fetched. */
const PREFETCH_SHARE = 0.8;

/** How long to wait before asking a server again that could not be reached. */
const AWAY_MS = 3000;

export interface LoaderEvents {
  /** A frame has become loaded, failed, or idle again. */
  readonly onFrame: (index: number) => void;
  /** Nothing is left to ask for. */
  readonly onComplete: () => void;
}

/** Loads the frames of one series outward from the one that was asked for. */
export class SeriesLoader implements Lane {
  readonly #series: SeriesModel;
  readonly #events: LoaderEvents;
  readonly #states: FrameState[];
  readonly #errors = new Map<number, unknown>();
  readonly #frameBytes: number;
  #focus: number;
  #active = 0;
  #isClosed = false;
  #isComplete = false;
  /** Set while the server is away: nothing is asked for ahead until then. */
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(series: SeriesModel, focus: number, events: LoaderEvents) {
    this.#series = series;
    this.#events = events;
    this.#focus = focus;
    this.#states = series.frames.map(({ imageId }) => (isFrameLoaded(imageId) ? 'loaded' : 'idle'));
    const dataset = series.frames[focus]?.dataset ?? {};
    this.#frameBytes = decodedBytes(frameFormatOf(dataset, pixelTagOf(dataset)));
    window.addEventListener('online', this.#resume);
    loadQueue.add(this);
    this.#checkComplete();
  }

  get loadedCount(): number {
    return this.#states.filter((state) => state === 'loaded').length;
  }

  stateOf(index: number): FrameState | undefined {
    return this.#states[index];
  }

  errorOf(index: number): unknown {
    return this.#errors.get(index);
  }

  /** Loaded state of all frames, for the progress line. */
  get states(): readonly FrameState[] {
    return this.#states;
  }

  /** The reader asks for a frame. */
  setFocus(index: number): void {
    this.#focus = index;
    this.#refresh(index);
    promoteFrame(this.#imageId(index));
    loadQueue.update();
  }

  retry(index: number): void {
    if (this.#states[index] !== 'failed') return;
    this.#forgive(index);
    this.#resume();
    this.setFocus(index);
  }

  /** What could be decoded but not drawn has failed too. */
  fail(index: number, error: unknown): void {
    this.#errors.set(index, error);
    this.#states[index] = 'failed';
    this.#events.onFrame(index);
  }

  /** Stops asking and aborts what is on its way. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#pause);
    window.removeEventListener('online', this.#resume);
    this.#abort(() => true);
    loadQueue.remove(this);
  }

  isWaiting(): boolean {
    const state = this.#states[this.#focus];
    return state === 'idle' || state === 'loading';
  }

  loadAsked(): void {
    if (this.#states[this.#focus] === 'idle') void this.#load(this.#focus);
  }

  loadAhead(): boolean {
    const index = this.#pause === undefined ? nextToLoad(this.#states, this.#focus, this.#radius()) : undefined;
    if (index === undefined) return false;
    void this.#load(index);
    return true;
  }

  abortAhead(): void {
    this.#abort((index) => index !== this.#focus);
  }

  activeCount(): number {
    return this.#active;
  }

  #imageId(index: number): string {
    return this.#series.frames[index]?.imageId ?? '';
  }

  #abort(isChosen: (index: number) => boolean): void {
    this.#states.forEach((state, index) => {
      if (state === 'loading' && isChosen(index)) cancelFrame(this.#imageId(index));
    });
  }

  /** The cache may have evicted a frame since it was loaded. */
  #refresh(index: number): void {
    if (this.#states[index] !== 'loaded' || isFrameLoaded(this.#imageId(index))) return;
    this.#states[index] = 'idle';
    this.#isComplete = false;
  }

  #radius(): number {
    return prefetchRadius(CACHE_BUDGET_BYTES * PREFETCH_SHARE, this.#frameBytes, loadQueue.laneCount);
  }

  #checkComplete(): void {
    const isDone =
      this.#active === 0 && this.#pause === undefined && nextToLoad(this.#states, this.#focus, this.#radius()) === undefined;
    if (!isDone || this.#isComplete) return;
    this.#isComplete = true;
    this.#events.onComplete();
  }

  async #load(index: number): Promise<void> {
    const frame = this.#series.frames[index];
    if (frame === undefined) return;
    this.#states[index] = 'loading';
    this.#active += 1;
    const state = await loadFrame(frame, index === this.#focus).then(
      (): FrameState => 'loaded',
      (error: unknown): FrameState => this.#stateAfter(error, index),
    );
    this.#active -= 1;
    this.#states[index] = state;
    if (this.#isClosed) return;
    this.#events.onFrame(index);
    loadQueue.update();
    this.#checkComplete();
  }

  /** An aborted frame is simply asked for again when its turn comes. */
  #stateAfter(error: unknown, index: number): FrameState {
    if (error instanceof DOMException && error.name === 'AbortError') return 'idle';
    const isAway = error instanceof DicomwebError && error.code === 'NETWORK';
    if (isAway) this.#pause ??= setTimeout(this.#resume, AWAY_MS);
    // What was only asked for ahead has not failed: it is asked for again when the server is back.
    if (isAway && index !== this.#focus) return 'idle';
    this.#errors.set(index, error);
    return 'failed';
  }

  readonly #resume = (): void => {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    if (this.#isClosed) return;
    for (const [index, error] of this.#errors) {
      if (error instanceof DicomwebError && error.code === 'NETWORK') this.#forgive(index);
    }
    loadQueue.update();
  };

  #forgive(index: number): void {
    this.#errors.delete(index);
    this.#states[index] = 'idle';
    this.#events.onFrame(index);
  }
}
