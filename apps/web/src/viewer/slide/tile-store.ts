import type { SlideLevel, SlideTile } from '@negatoscope/dicom';

/** A tile that the browser can draw. */
export interface TilePicture {
  readonly source: CanvasImageSource;
  readonly close: () => void;
}
export type LoadTile = (level: SlideLevel, tile: SlideTile, signal: AbortSignal) => Promise<TilePicture>;

export interface WantedTile {
  readonly level: SlideLevel;
  readonly tile: SlideTile;
}

const AT_ONCE = 6;
/** Pixels that are kept: 256 MB as the browser has them. */
const MOST_PIXELS = 64 * 1024 * 1024;

const keyOf = ({ level, tile }: WantedTile): string => `${level.sopInstanceUid}/${tile.frame}`;

interface Held {
  readonly picture: TilePicture;
  readonly pixels: number;
}

/** The tiles of a slide that are here, on their way, or could not be had: what is looked at comes first, and what is not any more is not waited for. */
export class TileStore {
  readonly #load: LoadTile;
  readonly #onChange: () => void;
  /** In the order in which they were last drawn. */
  readonly #held = new Map<string, Held>();
  readonly #coming = new Map<string, AbortController>();
  readonly #failed = new Map<string, unknown>();
  #wanted: readonly WantedTile[] = [];
  #pixels = 0;
  #isClosed = false;

  constructor(load: LoadTile, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  /** Of what is wanted now: how many are on their way or wait, and why the first of those that failed did. */
  get state(): { readonly waiting: number; readonly failures: number; readonly reason: unknown } {
    const keys = this.#wanted.map(keyOf);
    const failed = keys.filter((key) => this.#failed.has(key));
    const waiting = keys.filter((key) => !this.#held.has(key) && !this.#failed.has(key)).length;
    return { waiting, failures: failed.length, reason: this.#failed.get(failed[0] ?? '') };
  }

  picture(wanted: WantedTile): TilePicture | undefined {
    const key = keyOf(wanted);
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.picture;
  }

  /** What is looked at, the most wanted first. */
  want(wanted: readonly WantedTile[]): void {
    this.#wanted = wanted;
    const keys = new Set(wanted.map(keyOf));
    for (const [key, control] of this.#coming) if (!keys.has(key)) control.abort();
    this.#fill();
  }

  retry(): void {
    this.#failed.clear();
    this.#fill();
  }

  close(): void {
    this.#isClosed = true;
    for (const control of this.#coming.values()) control.abort();
    for (const { picture } of this.#held.values()) picture.close();
    this.#held.clear();
  }

  #fill(): void {
    for (const wanted of this.#wanted) {
      if (this.#isClosed || this.#coming.size >= AT_ONCE) return;
      const key = keyOf(wanted);
      if (this.#held.has(key) || this.#coming.has(key) || this.#failed.has(key)) continue;
      void this.#fetch(key, wanted);
    }
  }

  async #fetch(key: string, { level, tile }: WantedTile): Promise<void> {
    const control = new AbortController();
    this.#coming.set(key, control);
    try {
      const picture = await this.#load(level, tile, control.signal);
      if (this.#isClosed) picture.close();
      else this.#keep(key, { picture, pixels: level.tileColumns * level.tileRows });
    } catch (reason) {
      if (!control.signal.aborted) this.#failed.set(key, reason);
    } finally {
      this.#coming.delete(key);
    }
    if (this.#isClosed) return;
    this.#fill();
    this.#onChange();
  }

  #keep(key: string, held: Held): void {
    this.#held.set(key, held);
    this.#pixels += held.pixels;
    const wanted = new Set(this.#wanted.map(keyOf));
    for (const [old, { picture, pixels }] of this.#held) {
      if (this.#pixels <= MOST_PIXELS) return;
      if (wanted.has(old)) continue;
      picture.close();
      this.#held.delete(old);
      this.#pixels -= pixels;
    }
  }
}
