import type { SeriesModel } from '../model/study-model.ts';

const DEFAULT_FRAMES_PER_SECOND = 12;

interface CinePorts {
  readonly count: () => number;
  readonly index: () => number;
  /** Whether a frame can be gone to: there is a picture of it, or it failed. */
  readonly isReady: (index: number) => boolean;
  readonly goTo: (index: number) => void;
  readonly onChange: () => void;
}

const clamp = (rate: number): number => Math.min(60, Math.max(1, rate));

/** Plays the frames of a series as a loop, at the rate that its objects name (PS3.3 C.7.6.5, C.7.6.6) until the reader sets another. */
export class Cine {
  readonly #ports: CinePorts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #framesPerSecond = DEFAULT_FRAMES_PER_SECOND;
  /** Milliseconds that each frame stays, where the object names them one by one; dropped when the reader sets a rate. */
  #frameTimesMs: readonly number[] | undefined;

  constructor(ports: CinePorts) {
    this.#ports = ports;
  }

  get isPlaying(): boolean {
    return this.#timer !== undefined;
  }

  get framesPerSecond(): number {
    return this.#framesPerSecond;
  }

  /** Takes the rate of a series that is opened. */
  start({ cine }: SeriesModel): void {
    this.#framesPerSecond = clamp(cine.framesPerSecond ?? DEFAULT_FRAMES_PER_SECOND);
    this.#frameTimesMs = cine.frameTimesMs;
  }

  toggle(): void {
    if (this.isPlaying) this.stop();
    else this.#schedule();
    this.#ports.onChange();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  setFramesPerSecond(value: number): void {
    this.#framesPerSecond = clamp(Math.round(value));
    this.#frameTimesMs = undefined;
    this.#ports.onChange();
  }

  #schedule(): void {
    const { index, count, isReady, goTo } = this.#ports;
    const delay = this.#frameTimesMs?.[index()] ?? 1000 / this.#framesPerSecond;
    const turn = setTimeout(() => {
      const next = (index() + 1) % Math.max(1, count());
      // Playing waits for a frame that is on its way and passes over one that failed.
      if (count() > 1 && isReady(next)) goTo(next);
      // By the time of the frame that is there now; whoever is told of it may have stopped the loop.
      if (this.#timer === turn) this.#schedule();
    }, delay);
    this.#timer = turn;
  }
}
