/** One file that a person chose; `name` is its path relative to what was dropped. */
export interface Candidate {
  readonly name: string;
  readonly sizeBytes: number;
}
/** `F` is the browser's File. */
export interface ChosenFile<F> extends Candidate {
  readonly file: F;
}
export interface BatchLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}
export const BATCH_LIMITS: BatchLimits = { maxBytes: 8_000_000, maxFiles: 50 };
/** Above this a file is sent without being hashed first: the browser's digest wants all of it in memory. */
export const HASH_LIMIT_BYTES = 256_000_000;

export const isZip = (name: string): boolean => name.toLowerCase().endsWith('.zip');

/**
 * Groups files into batches of at most `maxBytes` and `maxFiles`, in their order, as lists of indexes. A file larger than a batch and
 * a ZIP go alone, so that losing a connection costs no neighbour.
 */
export function planBatches(files: readonly Candidate[], limits: BatchLimits = BATCH_LIMITS): number[][] {
  const batches: number[][] = [];
  let open: number[] = [];
  let openBytes = 0;
  const close = (): void => {
    if (open.length > 0) batches.push(open);
    open = [];
    openBytes = 0;
  };
  for (const [index, file] of files.entries()) {
    if (isZip(file.name) || file.sizeBytes > limits.maxBytes) {
      batches.push([index]);
      continue;
    }
    if (open.length >= limits.maxFiles || openBytes + file.sizeBytes > limits.maxBytes) close();
    open.push(index);
    openBytes += file.sizeBytes;
  }
  close();
  return batches;
}

/** A short fingerprint of what was dropped (names and sizes, in any order), by which the same folder is known again after a reload. */
export function selectionFingerprint(files: readonly Candidate[]): string {
  let low = 0;
  let high = 0;
  for (const file of files) {
    let hash = 0x811c9dc5;
    for (const character of `${file.name}\u0000${file.sizeBytes}`)
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    low = (low + hash) >>> 0;
    high = (high ^ Math.imul(hash, 0x9e3779b1)) >>> 0;
  }
  return `${files.length}-${low.toString(16)}-${high.toString(16)}`;
}

/** How long to wait before attempt `attempt` (1 for the first retry): doubles from a second to half a minute, or what the server asked. */
export function retryDelayMs(attempt: number, retryAfterS?: number): number {
  if (retryAfterS !== undefined && retryAfterS > 0) return Math.min(retryAfterS, 120) * 1000;
  return Math.min(30_000, 1000 * 2 ** Math.max(0, attempt - 1));
}

/** Bytes a second over the last samples, and how long the rest takes at that rate. */
export class RateMeter {
  readonly #samples: { atMs: number; bytes: number }[] = [];
  readonly #windowMs: number;
  constructor(windowMs = 10_000) {
    this.#windowMs = windowMs;
  }
  add(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[0]?.atMs ?? 0) > this.#windowMs) this.#samples.shift();
  }
  reset(): void {
    this.#samples.length = 0;
  }
  bytesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }
  remainingSeconds(bytesLeft: number): number {
    const rate = this.bytesPerSecond();
    return rate === 0 ? Number.POSITIVE_INFINITY : bytesLeft / rate;
  }
}
