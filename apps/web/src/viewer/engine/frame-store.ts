import type { DecodedFrame } from '@negatoscope/dicom';
import { CACHE_BUDGET_BYTES } from './cache-budget.ts';

interface Kept {
  readonly frame: DecodedFrame;
  /** False for what was made of the beginning of a frame: a picture, whose values count for nothing. */
  readonly isWhole: boolean;
}

/** Decoded frames, as they are stored, up to a budget; what was used longest ago goes first. A preview stands in for a frame until that is here. */
export class FrameStore {
  readonly #budget: number;
  readonly #frames = new Map<string, Kept>();
  readonly #listeners = new Set<(imageId: string) => void>();
  readonly #wishes = new Set<(imageId: string) => boolean>();
  #bytes = 0;

  constructor(budget: number = CACHE_BUDGET_BYTES) {
    this.#budget = budget;
  }

  /** Frames and previews that are here, and their bytes. */
  get size(): { readonly frames: number; readonly bytes: number } {
    return { frames: this.#frames.size, bytes: this.#bytes };
  }

  /** Whether there is a picture of the frame, a preview included. */
  has(imageId: string): boolean {
    return this.#frames.has(imageId);
  }

  /** Whether the frame itself is here: only then its values may be measured. */
  isWhole(imageId: string): boolean {
    return this.#frames.get(imageId)?.isWhole === true;
  }

  /** The frame, or its preview: {@link isWhole} tells which. */
  get(imageId: string): DecodedFrame | undefined {
    const kept = this.#frames.get(imageId);
    if (kept !== undefined) {
      this.#frames.delete(imageId);
      this.#frames.set(imageId, kept);
    }
    return kept?.frame;
  }

  put(imageId: string, frame: DecodedFrame): void {
    this.#put(imageId, { frame, isWhole: true });
  }

  /** Nothing happens where the frame itself is here. */
  putPreview(imageId: string, frame: DecodedFrame): void {
    if (!this.isWhole(imageId)) this.#put(imageId, { frame, isWhole: false });
  }

  remove(imageId: string): void {
    this.#bytes -= this.#frames.get(imageId)?.frame.pixels.length ?? 0;
    this.#frames.delete(imageId);
  }

  /** Names frames that are wanted near what somebody reads: others are let go first. Until the returned function is called. */
  wish(isWanted: (imageId: string) => boolean): () => void {
    this.#wishes.add(isWanted);
    return () => this.#wishes.delete(isWanted);
  }

  /** Hears of every frame and preview that is put here or let go for others, until the returned function is called. */
  subscribe(listener: (imageId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(imageId: string, kept: Kept): void {
    this.remove(imageId);
    this.#frames.set(imageId, kept);
    this.#bytes += kept.frame.pixels.length;
    const isWanted = (one: string): boolean => [...this.#wishes].some((wanted) => wanted(one));
    const gone = [...this.#makeRoom(imageId, (one) => !isWanted(one)), ...this.#makeRoom(imageId, () => true)];
    for (const one of [...gone, imageId]) for (const listener of [...this.#listeners]) listener(one);
  }

  /** Lets go of what was used longest ago among those that may go, and gives what went. */
  #makeRoom(kept: string, mayGo: (imageId: string) => boolean): readonly string[] {
    const gone: string[] = [];
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= this.#budget) break;
      if (oldest === kept || !mayGo(oldest)) continue;
      this.remove(oldest);
      gone.push(oldest);
    }
    return gone;
  }
}

export const frameStore = new FrameStore();
