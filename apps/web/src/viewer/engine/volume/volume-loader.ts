import type { DecodedFrame } from '@negatoscope/dicom';
import { DicomwebError } from '../../model/dicomweb.ts';
import type { FrameModel } from '../../model/study-model.ts';
import { cancelFrame, loadFrame } from '../frame-loader.ts';
import { type PlannedFrame, planOf } from '../frame-plans.ts';
import { frameStore } from '../frame-store.ts';
import { type Lane, loadQueue } from '../load-queue.ts';

/** How long to wait before asking a server again that could not be reached. */
const AWAY_MS = 3000;

export interface VolumeLoaderEvents {
  /** A frame is here without loss; what is made of it must be made now, since frames are let go. */
  readonly onFrame: (index: number, frame: DecodedFrame, planned: PlannedFrame) => void;
  /** A frame can't be had: there will be no volume. */
  readonly onFailed: (index: number, error: unknown) => void;
}

/** Loads every frame of a volume without loss, behind what a reader asks for, in the order in which they lie from the middle. */
export class VolumeLoader implements Lane {
  readonly #frames: readonly FrameModel[];
  readonly #events: VolumeLoaderEvents;
  readonly #left: number[];
  readonly #loading = new Set<number>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(frames: readonly FrameModel[], events: VolumeLoaderEvents) {
    this.#frames = frames;
    this.#events = events;
    const middle = (frames.length - 1) / 2;
    this.#left = frames.map((_, index) => index).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    window.addEventListener('online', this.#resume);
    loadQueue.add(this);
  }

  /** Aborts what is on its way. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#pause);
    window.removeEventListener('online', this.#resume);
    this.abortAhead();
    loadQueue.remove(this);
  }

  isWaiting(): boolean {
    return false;
  }

  loadAsked(): void {
    // Nothing is asked for: the volume is one whole.
  }

  loadAhead(): boolean {
    if (this.#isClosed || this.#pause !== undefined) return false;
    const index = this.#left.shift();
    if (index === undefined) return false;
    void this.#load(index);
    return true;
  }

  abortAhead(): void {
    for (const index of this.#loading) cancelFrame(this.#frames[index]?.imageId ?? '');
  }

  activeCount(): number {
    return this.#loading.size;
  }

  async #load(index: number): Promise<void> {
    const model = this.#frames[index];
    if (model === undefined) return;
    this.#loading.add(index);
    const failure = await loadFrame(model, false).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    this.#loading.delete(index);
    if (this.#isClosed) return;
    if (failure === undefined) this.#take(index, model);
    else this.#onError(index, failure.error);
    loadQueue.update();
  }

  #take(index: number, { imageId }: FrameModel): void {
    const [frame, planned] = [frameStore.get(imageId), planOf(imageId)];
    // It may have been let go, or be a preview that another pane asked for.
    if (frame === undefined || planned === undefined || !frameStore.isWhole(imageId)) this.#left.unshift(index);
    else this.#events.onFrame(index, frame, planned);
  }

  #onError(index: number, error: unknown): void {
    const isAborted = error instanceof DOMException && error.name === 'AbortError';
    const isAway = error instanceof DicomwebError && error.code === 'NETWORK';
    if (!isAborted && !isAway) {
      this.close();
      this.#events.onFailed(index, error);
      return;
    }
    this.#left.unshift(index);
    if (isAway) this.#pause ??= setTimeout(this.#resume, AWAY_MS);
  }

  readonly #resume = (): void => {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    if (!this.#isClosed) loadQueue.update();
  };
}
