import type { DecodedFrame } from '@negatoscope/dicom';
import { CACHE_BUDGET_BYTES } from './cache-budget.ts';

interface Kept {
  readonly frame: DecodedFrame;
  /** False for what was made of the beginning of a frame: a picture, whose values count for nothing. */
  readonly isWhole: boolean;
}

/** Decoded frames, as they are stored, up to a budget; what was used longest ago goes first. A preview stands in for a frame until that is here. */
class FrameStore {
  readonly #frames = new Map<string, Kept>();
  readonly #listeners = new Set<(imageId: string) => void>();
  #bytes = 0;

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

  /** Hears of every frame and preview that is put here, until the returned function is called. */
  subscribe(listener: (imageId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(imageId: string, kept: Kept): void {
    this.remove(imageId);
    this.#frames.set(imageId, kept);
    this.#bytes += kept.frame.pixels.length;
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= CACHE_BUDGET_BYTES || oldest === imageId) break;
      this.remove(oldest);
    }
    for (const listener of [...this.#listeners]) listener(imageId);
  }
}

export const frameStore = new FrameStore();
