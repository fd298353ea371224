import type { ByteRange } from '../frame-ranges.ts';
import type { ReencodedPiece } from '../reencode/index.ts';
import { fragmentHeader } from '../reencode/reencode.ts';
import { DeidRefusal } from './types.ts';

/** Of changed frames that are held in memory. */
const MOST_HELD_BYTES = 134_217_728;
/** A shorter run costs more to be read by itself than to be held. */
const LEAST_RUN_BYTES = 65_536;
const ITEM_HEADER = 8;

/** How many bytes are the same from the beginning, and from the end of what is left. */
function sameEnds(left: Uint8Array, right: Uint8Array): { head: number; tail: number } {
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < most - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  return { head, tail };
}

/** Fragments as they are written, one a frame: runs of what was read wherever it stays as it is, so that long Pixel Data are not held in memory. */
export class FragmentPieces {
  readonly pieces: ReencodedPiece[] = [];
  /** Bytes of each frame, without what makes it even. */
  readonly lengths: number[] = [];
  isChanged = false;
  #held = 0;

  /** `stored` are the bytes at `ranges`. Fails with DeidRefusal (PIXELS_TOO_LARGE) where more is changed than memory is there for. */
  add(bare: Uint8Array, stored: Uint8Array, ranges: readonly ByteRange[]): void {
    this.lengths.push(bare.length);
    const { head, tail } = sameEnds(bare, stored);
    const isSame = head === bare.length && isFill(stored.subarray(head));
    if (!isSame) this.isChanged = true;
    const [range] = ranges;
    const isRun = ranges.length === 1 && range !== undefined;
    if (isRun && isSame && stored.length % 2 === 0) {
      this.#run(range.offset - ITEM_HEADER, ITEM_HEADER + stored.length);
      return;
    }
    this.#hold(fragmentHeader(bare.length + (bare.length % 2)));
    if (isRun && head + tail >= LEAST_RUN_BYTES) {
      this.#run(range.offset, head);
      this.#hold(bare.slice(head, bare.length - tail));
      this.#run(range.offset + stored.length - tail, tail);
    } else this.#hold(bare.slice());
    this.#hold(new Uint8Array(bare.length % 2));
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held += bytes.length;
    if (this.#held > MOST_HELD_BYTES) throw new DeidRefusal('PIXELS_TOO_LARGE');
    this.pieces.push({ bytes });
  }

  #run(offset: number, length: number): void {
    if (length === 0) return;
    const last = this.pieces.at(-1);
    if (last !== undefined && 'offset' in last && last.offset + last.length === offset)
      this.pieces[this.pieces.length - 1] = { ...last, length: last.length + length };
    else this.pieces.push({ offset, length, swapWordBytes: 1 });
  }
}

/** What only makes a fragment even (PS3.5 A.4). */
const isFill = (bytes: Uint8Array): boolean => bytes.length <= 1 && (bytes[0] ?? 0) === 0;
