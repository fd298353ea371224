import type { DecodedFrame } from '@negatoscope/dicom';
import { CACHE_BUDGET_BYTES } from './cache-budget.ts';

/** Decoded frames, as they are stored, up to a budget; what was used longest ago goes first. */
class FrameStore {
  readonly #frames = new Map<string, DecodedFrame>();
  #bytes = 0;

  has(imageId: string): boolean {
    return this.#frames.has(imageId);
  }

  get(imageId: string): DecodedFrame | undefined {
    const frame = this.#frames.get(imageId);
    if (frame !== undefined) {
      this.#frames.delete(imageId);
      this.#frames.set(imageId, frame);
    }
    return frame;
  }

  put(imageId: string, frame: DecodedFrame): void {
    this.remove(imageId);
    this.#frames.set(imageId, frame);
    this.#bytes += frame.pixels.length;
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= CACHE_BUDGET_BYTES || oldest === imageId) break;
      this.remove(oldest);
    }
  }

  remove(imageId: string): void {
    this.#bytes -= this.#frames.get(imageId)?.pixels.length ?? 0;
    this.#frames.delete(imageId);
  }
}

export const frameStore = new FrameStore();
