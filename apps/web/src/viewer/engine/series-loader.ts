import { DicomwebError } from '../model/dicomweb.ts';
import { type FrameState, nextToLoad, prefetchRadius } from '../model/load-order.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { cancelFrame, isFrameLoaded, loadFrame } from './frame-loader.ts';
import { CACHE_BUDGET_BYTES } from './init.ts';

/** Frames at once over all series: a browser opens six connections to a host over HTTP/1.1, and some frames are being decoded meanwhile. */
const MAX_REQUESTS = 10;

/** Share of the cache that prefetching may fill, so that it never evicts what it just fetched. */
const PREFETCH_SHARE = 0.8;

/** How long to wait before asking a server again that could not be reached. */
const AWAY_MS = 3000;

const openLoaders = new Set<SeriesLoader>();

export interface LoaderEvents {
  /** A frame has become loaded, failed, or idle again. */
  readonly onFrame: (index: number) => void;
  /** Nothing is left to ask for. */
  readonly onComplete: () => void;
}

/** Loads the frames of one series outward from the shown one. */
export class SeriesLoader {
  readonly #series: SeriesModel;
  readonly #events: LoaderEvents;
  readonly #states: FrameState[];
  readonly #errors = new Map<number, unknown>();
  #focus: number;
  #active = 0;
  #isClosed = false;
  #isComplete = false;
  #isFirstSettled = false;
  /** Set while the server is away: nothing is asked for ahead until then. */
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(series: SeriesModel, focus: number, events: LoaderEvents) {
    this.#series = series;
    this.#events = events;
    this.#focus = focus;
    this.#states = series.frames.map(({ imageId }) => (isFrameLoaded(imageId) ? 'loaded' : 'idle'));
    this.#isFirstSettled = this.#states[focus] === 'loaded';
    openLoaders.add(this);
    window.addEventListener('online', this.#resume);
    this.#pump();
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

  setFocus(index: number): void {
    this.#focus = index;
    this.#refresh(index);
    this.#pump();
  }

  retry(index: number): void {
    if (this.#states[index] !== 'failed') return;
    this.#forgive(index);
    this.#resume();
    this.setFocus(index);
  }

  /** Stops asking and aborts what is on its way. */
  close(): void {
    this.#isClosed = true;
    openLoaders.delete(this);
    clearTimeout(this.#pause);
    window.removeEventListener('online', this.#resume);
    this.#states.forEach((state, index) => {
      const imageId = this.#series.frames[index]?.imageId;
      if (state === 'loading' && imageId !== undefined) cancelFrame(imageId);
    });
    for (const other of openLoaders) other.#pump();
  }

  /** The cache may have evicted a frame since it was loaded. */
  #refresh(index: number): void {
    const imageId = this.#series.frames[index]?.imageId;
    if (this.#states[index] === 'loaded' && imageId !== undefined && !isFrameLoaded(imageId)) {
      this.#states[index] = 'idle';
      this.#isComplete = false;
    }
  }

  #radius(): number {
    const frameBytes = this.#series.frames[this.#focus]?.nativeBytes ?? 0;
    return prefetchRadius(CACHE_BUDGET_BYTES * PREFETCH_SHARE, frameBytes, openLoaders.size);
  }

  #pump(): void {
    if (this.#isClosed) return;
    // The first image gets the whole connection; the rest of the series waits for it.
    const share =
      this.#isFirstSettled && this.#pause === undefined
        ? Math.max(2, Math.floor(MAX_REQUESTS / Math.max(1, openLoaders.size)))
        : 0;
    const radius = this.#radius();
    while (this.#active < share + (this.#states[this.#focus] === 'idle' ? 1 : 0)) {
      const index = nextToLoad(this.#states, this.#focus, radius);
      if (index === undefined) break;
      void this.#load(index);
    }
    const isDone = this.#active === 0 && this.#pause === undefined && nextToLoad(this.#states, this.#focus, radius) === undefined;
    if (isDone && !this.#isComplete) {
      this.#isComplete = true;
      this.#events.onComplete();
    }
  }

  async #load(index: number): Promise<void> {
    const imageId = this.#series.frames[index]?.imageId;
    if (imageId === undefined) return;
    this.#states[index] = 'loading';
    this.#active += 1;
    const state = await loadFrame(imageId).then(
      (): FrameState => 'loaded',
      (error: unknown): FrameState => this.#stateAfter(error, index),
    );
    this.#active -= 1;
    this.#states[index] = state;
    if (state !== 'idle') this.#isFirstSettled = true;
    if (this.#isClosed) return;
    this.#events.onFrame(index);
    this.#pump();
  }

  /** A frame aborted by another viewport that showed the same series is simply asked for again. */
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
    this.#pump();
  };

  #forgive(index: number): void {
    this.#errors.delete(index);
    this.#states[index] = 'idle';
    this.#events.onFrame(index);
  }
}
