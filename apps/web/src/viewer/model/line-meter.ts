/** One answer, as far as the line had a part in it. */
export interface Transfer {
  /** When it was asked for, and when its last byte came. Milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** What went over the line: nothing for what the browser had. */
  readonly bytes: number;
}

/** Below this the time for a whole frame is the line's: 20 Mbit/s. Above, making the smaller form costs the server about what it saves. */
const SLOW_BYTES_PER_SECOND = 2_500_000;
/** A slow line counts as quick from here on: a little more, so that it doesn't change with every frame. */
const QUICK_BYTES_PER_SECOND = 3_500_000;
/** Answers that count, the latest. */
const TRANSFERS = 60;
const WAITS = 20;
/** Answers below this say how long the way is, not how wide. */
const LEAST_BYTES = 3000;
/** Answers side by side, or one after the other without a rest, are one sample up to this many bytes. */
const SAMPLE_BYTES = 256 * 1024;
/** What is here in little more than the way there and back took may have taken this share of it: on a long way a few bytes prove no wide line. */
const UNSEEN_SHARE = 0.25;
/** Fewer bytes than these together say nothing yet. */
const ENOUGH_BYTES = 8000;
/** A busy machine makes some answers look slow, so that the mean would; a few look quick by chance. Three quarters of the samples are below what counts. */
const SHARE_BELOW = 0.75;
/** While only the way there and back is known, a long one is taken for a slow one: a picture comes sooner then, whatever the line. */
const FAR_MS = 50;

interface Sample {
  bytes: number;
  busyMs: number;
}

/** The time that each run of answers kept the line busy: waiting is left out, and of answers side by side what is counted already. */
function samplesOf(transfers: readonly Transfer[], roundTripMs: number): Sample[] {
  const samples: Sample[] = [];
  let lastEndMs = 0;
  for (const { startMs, endMs, bytes } of transfers) {
    const last = samples.at(-1);
    const busyMs = Math.max(0, endMs - Math.max(startMs + roundTripMs, lastEndMs));
    if (last !== undefined && startMs <= lastEndMs && last.bytes < SAMPLE_BYTES)
      Object.assign(last, { bytes: last.bytes + bytes, busyMs: last.busyMs + busyMs });
    else samples.push({ bytes, busyMs });
    lastEndMs = Math.max(lastEndMs, endMs);
  }
  return samples;
}

/** What a page's own requests tell of the line they came over. */
export class LineMeter {
  readonly #transfers: Transfer[] = [];
  /** Of short answers, from asking to the end. */
  readonly #waits: number[] = [];
  #isSlow = false;

  /** In the order in which they ended. */
  add(transfer: Transfer): void {
    const { startMs, endMs, bytes } = transfer;
    if (bytes <= 0 || endMs < startMs) return;
    if (bytes < LEAST_BYTES) {
      this.#waits.push(endMs - startMs);
      if (this.#waits.length > WAITS) this.#waits.shift();
      return;
    }
    this.#transfers.push(transfer);
    if (this.#transfers.length > TRANSFERS) this.#transfers.shift();
  }

  /** There and back, the server's part included; undefined before the first short answer. */
  get roundTripMs(): number | undefined {
    return this.#waits.length === 0 ? undefined : Math.min(...this.#waits);
  }

  /** Undefined while too little has come. */
  get bytesPerSecond(): number | undefined {
    const roundTripMs = this.roundTripMs ?? 0;
    const samples = samplesOf(this.#transfers, roundTripMs);
    if (samples.reduce((sum, { bytes }) => sum + bytes, 0) < ENOUGH_BYTES) return undefined;
    const least = Math.max(0.1, UNSEEN_SHARE * roundTripMs);
    const speeds = samples.map(({ bytes, busyMs }) => (bytes / Math.max(busyMs, least)) * 1000).sort((a, b) => a - b);
    return speeds[Math.min(speeds.length - 1, Math.floor(speeds.length * SHARE_BELOW))];
  }

  /** Whether frames should come by their beginnings first. */
  get isSlow(): boolean {
    const speed = this.bytesPerSecond;
    if (speed === undefined) return (this.roundTripMs ?? 0) > FAR_MS;
    this.#isSlow = speed < (this.#isSlow ? QUICK_BYTES_PER_SECOND : SLOW_BYTES_PER_SECOND);
    return this.#isSlow;
  }
}
