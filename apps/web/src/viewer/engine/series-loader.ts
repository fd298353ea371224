import { decodedBytes, frameFormatOf, pixelTagOf, WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import { DicomwebError } from '../model/dicomweb.ts';
import { line } from '../model/line.ts';
import { type FrameState, nextToLoad, prefetchRadius } from '../model/load-order.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { CACHE_BUDGET_BYTES } from './cache-budget.ts';
import { cancelFrame, type Goal, isFrameLoaded, loadFrame, promoteFrame } from './frame-loader.ts';
import { frameStore } from './frame-store.ts';
import { type Lane, loadQueue } from './load-queue.ts';

/** Share of the cache that prefetching may fill, so that it never evicts what it just fetched. */
const PREFETCH_SHARE = 0.8;

/** A slide has gigabytes of tiles, of which its own view asks for those that are seen. */
const TILES_AHEAD = 2;

/** How long to wait before asking a server again that could not be reached. */
const AWAY_MS = 3000;

/** Frames that are made whole at once on a slow line: as many as fill it. What has come of them stays when they are aborted. */
const REFINED_AT_ONCE = 3;

/** How long a reader stays on a frame of which a picture is here before the rest goes ahead of all others: who scrolls on wants pictures. */
const REST_MS = 200;

export interface LoaderEvents {
  /** A frame has become loaded, failed, or idle again, or there is a better picture of it. */
  readonly onFrame: (index: number) => void;
  /** Nothing is left to ask for. */
  readonly onComplete: () => void;
}

const stateInStore = (imageId: string): FrameState =>
  isFrameLoaded(imageId) ? 'loaded' : frameStore.has(imageId) ? 'preview' : 'idle';

/**
 * Loads the frames of one series outward from the one that was asked for. On a slow line that one is made whole first, then each of the others gets a
 * picture, then these are made whole.
 */
export class SeriesLoader implements Lane {
  readonly #series: SeriesModel;
  readonly #events: LoaderEvents;
  readonly #states: FrameState[];
  readonly #errors = new Map<number, unknown>();
  readonly #frameBytes: number;
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #stopHearing: () => void;
  readonly #stopWishing: () => void;
  #focus: number;
  #active = 0;
  #isClosed = false;
  #isComplete = false;
  /** Runs while the reader may still be scrolling over pictures. */
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Set while the server is away: nothing is asked for ahead until then. */
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(series: SeriesModel, focus: number, events: LoaderEvents) {
    this.#series = series;
    this.#events = events;
    this.#focus = focus;
    this.#states = series.frames.map(({ imageId }) => stateInStore(imageId));
    this.#indexes = new Map(series.frames.map(({ imageId }, index) => [imageId, index]));
    this.#stopHearing = frameStore.subscribe(this.#onStored);
    this.#stopWishing = frameStore.wish(this.#isNear);
    const dataset = series.frames[focus]?.dataset ?? {};
    this.#frameBytes = decodedBytes(frameFormatOf(dataset, pixelTagOf(dataset)));
    window.addEventListener('online', this.#resume);
    loadQueue.add(this);
    this.#checkComplete();
  }

  get loadedCount(): number {
    return this.#states.filter((state) => state === 'loaded').length;
  }

  /** Frames of which there is a picture. */
  get pictureCount(): number {
    return this.#series.frames.filter(({ imageId }) => frameStore.has(imageId)).length;
  }

  /** Frames of the series that memory holds at once. */
  get fitCount(): number {
    return Math.min(this.#states.length, 2 * this.#radius() + 1);
  }

  hasPicture(index: number): boolean {
    return frameStore.has(this.#imageId(index));
  }

  isDrawable(index: number): boolean {
    return this.hasPicture(index) && this.#states[index] !== 'failed';
  }

  /** Nothing is to be waited for before the frame can be gone to. */
  isSettled(index: number): boolean {
    return this.hasPicture(index) || this.#states[index] === 'failed';
  }

  stateOf(index: number): FrameState | undefined {
    return this.#states[index];
  }

  errorOf(index: number): unknown {
    return this.#errors.get(index);
  }

  /** Loaded state of all frames, for the progress line. */
  get states(): readonly FrameState[] {
    return this.#states.map((state, index) => (state === 'loading' && this.hasPicture(index) ? 'preview' : state));
  }

  /** The reader asks for a frame. */
  setFocus(index: number): void {
    this.#focus = index;
    this.#refresh(index);
    clearTimeout(this.#rest);
    this.#rest = undefined;
    if (this.hasPicture(index) && this.#states[index] !== 'loaded') this.#rest = setTimeout(this.#onRest, REST_MS);
    else promoteFrame(this.#imageId(index));
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
    clearTimeout(this.#rest);
    this.#stopHearing();
    this.#stopWishing();
    window.removeEventListener('online', this.#resume);
    this.#abort(() => true);
    loadQueue.remove(this);
  }

  isWaiting(): boolean {
    const state = this.#states[this.#focus];
    return state === 'preview' || state === 'idle' || state === 'loading' ? this.#rest === undefined : false;
  }

  loadAsked(): void {
    const state = this.#states[this.#focus];
    if (state === 'idle' || (state === 'preview' && this.#pause === undefined)) void this.#load(this.#focus, 'whole');
  }

  loadAhead(): boolean {
    if (this.#pause !== undefined) return false;
    const isSlow = line().isSlow;
    const index = nextToLoad(this.#states, this.#focus, this.#radius());
    if (index !== undefined) {
      void this.#load(index, isSlow ? 'preview' : 'whole');
      return true;
    }
    const preview = nextToLoad(this.#states, this.#focus, this.#radius(), 'preview');
    if (preview === undefined || (isSlow && this.#active >= REFINED_AT_ONCE)) return false;
    void this.#load(preview, 'whole');
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
    const state = this.#states[index];
    const found = stateInStore(this.#imageId(index));
    if ((state !== 'loaded' && state !== 'preview') || state === found) return;
    this.#states[index] = found;
    this.#isComplete = false;
  }

  #radius(): number {
    if (this.#series.sopClassUid === WHOLE_SLIDE_MICROSCOPY) return TILES_AHEAD;
    return prefetchRadius(CACHE_BUDGET_BYTES * PREFETCH_SHARE, this.#frameBytes, loadQueue.laneCount);
  }

  #checkComplete(): void {
    const isLeft = (['idle', 'preview'] as const).some(
      (wanted) => nextToLoad(this.#states, this.#focus, this.#radius(), wanted) !== undefined,
    );
    const isDone = this.#active === 0 && this.#pause === undefined && !isLeft;
    if (!isDone || this.#isComplete) return;
    this.#isComplete = true;
    this.#events.onComplete();
  }

  readonly #onStored = (imageId: string): void => {
    const index = this.#indexes.get(imageId);
    if (index === undefined) return;
    this.#refresh(index);
    this.#events.onFrame(index);
  };

  /** What would be asked for again at once is not let go for what is asked for now. */
  readonly #isNear = (imageId: string): boolean => {
    const index = this.#indexes.get(imageId);
    return index !== undefined && Math.abs(index - this.#focus) <= this.#radius();
  };

  readonly #onRest = (): void => {
    this.#rest = undefined;
    promoteFrame(this.#imageId(this.#focus));
    loadQueue.update();
  };

  async #load(index: number, goal: Goal): Promise<void> {
    const frame = this.#series.frames[index];
    if (frame === undefined) return;
    this.#states[index] = 'loading';
    this.#active += 1;
    const state = await loadFrame(frame, index === this.#focus, goal).then(
      // A preview of which no picture could be made is not asked for again before the rest.
      (): FrameState => (goal === 'whole' || isFrameLoaded(frame.imageId) ? 'loaded' : 'preview'),
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
    const before = this.hasPicture(index) ? 'preview' : 'idle';
    if (error instanceof DOMException && error.name === 'AbortError') return before;
    const isAway = error instanceof DicomwebError && error.code === 'NETWORK';
    if (isAway) this.#pause ??= setTimeout(this.#resume, AWAY_MS);
    // What was only asked for ahead has not failed: it is asked for again when the server is back.
    if (isAway && (index !== this.#focus || before === 'preview')) return before;
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
