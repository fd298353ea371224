/** One answer, as far as the line had a part in it. */
export interface Transfer {
  /** When its first byte came, and its last. Milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** What went over the line: nothing for what the browser had. */
  readonly bytes: number;
  /** From the request to the first byte. */
  readonly waitMs: number;
}

/** Below this the time for a whole frame is the line's: 20 Mbit/s. Above, making the smaller form costs the server about what it saves. */
const SLOW_BYTES_PER_SECOND = 2_500_000;
/** A slow line counts as quick from here on: a little more, so that it doesn't change with every frame. */
const QUICK_BYTES_PER_SECOND = 3_500_000;
/** Answers below this say how long the way is, not how wide. */
const LEAST_BYTES = 3000;
/** Answers side by side, or one after the other without a rest, are one sample up to this many bytes. */
const SAMPLE_BYTES = 64 * 1024;
/** Samples that count, the latest; fewer bytes than these together say nothing yet. */
const SAMPLES = 12;
const ENOUGH_BYTES = 8000;
/** A busy machine makes some answers look slow, so that the mean would; a few look quick by chance. Three quarters of the samples are below what counts. */
const SHARE_BELOW = 0.75;
/** While only the way there and back is known, a long one is taken for a slow one: a picture comes sooner then, whatever the line. */
const FAR_MS = 50;
const WAITS = 20;

interface Sample {
  bytes: number;
  busyMs: number;
}

const speedOf = ({ bytes, busyMs }: Sample): number => (bytes / Math.max(busyMs, 0.1)) * 1000;

/** What a page's own requests tell of the line they came over. */
export class LineMeter {
  readonly #samples: Sample[] = [];
  #counted = 0;
  #lastEndMs = 0;
  #waits: number[] = [];
  #isSlow = false;

  /** In the order in which they ended: of answers that came side by side only the time that is not counted yet is. */
  add({ startMs, endMs, bytes, waitMs }: Transfer): void {
    if (bytes > 0) this.#waits = [...this.#waits.slice(1 - WAITS), waitMs];
    if (bytes < LEAST_BYTES) return;
    const busyMs = Math.max(0, endMs - Math.max(startMs, this.#lastEndMs));
    const last = this.#samples.at(-1);
    if (last !== undefined && startMs <= this.#lastEndMs && last.bytes < SAMPLE_BYTES)
      Object.assign(last, { bytes: last.bytes + bytes, busyMs: last.busyMs + busyMs });
    else this.#samples.push({ bytes, busyMs });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#lastEndMs = Math.max(this.#lastEndMs, endMs);
    this.#counted += bytes;
  }

  /** Undefined while too little has come. */
  get bytesPerSecond(): number | undefined {
    if (this.#counted < ENOUGH_BYTES) return undefined;
    const speeds = this.#samples.map(speedOf).sort((a, b) => a - b);
    return speeds[Math.min(speeds.length - 1, Math.floor(speeds.length * SHARE_BELOW))];
  }

  /** There and back, the server's part included; undefined before the first answer. */
  get roundTripMs(): number | undefined {
    return this.#waits.length === 0 ? undefined : Math.min(...this.#waits);
  }

  /** Whether frames should come by their beginnings first. */
  get isSlow(): boolean {
    const speed = this.bytesPerSecond;
    if (speed === undefined) return (this.roundTripMs ?? 0) > FAR_MS;
    this.#isSlow = speed < (this.#isSlow ? QUICK_BYTES_PER_SECOND : SLOW_BYTES_PER_SECOND);
    return this.#isSlow;
  }
}
