import { line } from '../model/line.ts';

/** Frames on their way at once, over all panes: a browser opens six connections to a host over HTTP/1.1, and some frames are being decoded meanwhile. */
const MAX_REQUESTS = 10;

/** On a slow line fewer fill it, and one of the six stays free for what the reader asks for. */
const SLOW_REQUESTS = 5;

/** How long a frame that the reader asked for may share the line: on a quick one it is here by then, and nothing is thrown away. */
const GRACE_MS = 60;

/** One pane's part in the queue. */
export interface Lane {
  /** Whether the frame that the reader asked for is still to come. */
  isWaiting(): boolean;
  /** Starts the frame that was asked for, unless it is on its way. */
  loadAsked(): void;
  /** Starts one more of the frames ahead; false when there is none to start. */
  loadAhead(): boolean;
  /** Aborts what is on its way without having been asked for. */
  abortAhead(): void;
  /** Frames on their way. */
  activeCount(): number;
}

/**
 * One queue for all panes: what a reader asked for goes first and, while it is not here, alone. Frames ahead of the reader are not started
 * meanwhile, and those on their way are aborted: on a slow line they would hold it up by as much as they weigh.
 */
export class LoadQueue {
  readonly #lanes = new Set<Lane>();
  readonly #isSlow: () => boolean;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(isSlow: () => boolean = () => false) {
    this.#isSlow = isSlow;
  }

  get laneCount(): number {
    return this.#lanes.size;
  }

  /** Whether there are panes, and nothing of theirs is on its way or still to be asked for now. */
  get isDone(): boolean {
    return this.#lanes.size > 0 && [...this.#lanes].every((lane) => !lane.isWaiting() && lane.activeCount() === 0);
  }

  add(lane: Lane): void {
    this.#lanes.add(lane);
    this.update();
  }

  remove(lane: Lane): void {
    this.#lanes.delete(lane);
    this.update();
  }

  /** To be called whenever a lane's wishes or its frames changed. */
  update(): void {
    const waiting = [...this.#lanes].filter((lane) => lane.isWaiting());
    for (const lane of waiting) lane.loadAsked();
    if (waiting.length > 0) {
      this.#grace ??= setTimeout(this.#clearWay, GRACE_MS);
      return;
    }
    clearTimeout(this.#grace);
    this.#grace = undefined;
    this.#loadAhead();
  }

  readonly #clearWay = (): void => {
    this.#grace = undefined;
    const lanes = [...this.#lanes];
    if (lanes.some((lane) => lane.isWaiting())) for (const lane of lanes) lane.abortAhead();
  };

  /** A frame for each pane in turn, until the line is full. */
  #loadAhead(): void {
    const lanes = [...this.#lanes];
    const limit = this.#isSlow() ? SLOW_REQUESTS : MAX_REQUESTS;
    const isFull = (): boolean => lanes.reduce((count, lane) => count + lane.activeCount(), 0) >= limit;
    for (let hasMore = true; hasMore; ) {
      hasMore = false;
      for (const lane of lanes) if (!isFull() && lane.loadAhead()) hasMore = true;
    }
  }
}

export const loadQueue = new LoadQueue(() => line().isSlow);
