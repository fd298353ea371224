import { isNamedWhole, type NameSearch, searchFor } from './named-bytes.ts';

/** In the bytes of pixels a shorter name is chance. */
export const LEAST_IN_PIXELS = 6;
/** Behind the last block a decoder reads nothing: what somebody wrote there stands at the end. */
const TAIL_BYTES = 16;
/** Of headers beyond this length each run of letters is chance. */
const MOST_HEADER = 4096;
const [SOS, SOT, SOD] = [0xda, 0x90, 0x93];

/** Where the headers of a JPEG, JPEG-LS or JPEG 2000 stream end and the data of pixels begin; 0 for what is none of these. */
function headersEnd(bytes: Uint8Array): number {
  if (bytes[0] !== 0xff || (bytes[1] !== 0xd8 && bytes[1] !== 0x4f)) return 0;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== SOD) {
    const isLast = bytes[at + 1] === SOS && bytes[1] === 0xd8;
    // The header of a tile-part goes on behind SOT.
    at += bytes[at + 1] === SOT ? 12 : 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (isLast) break;
  }
  return Math.min(at, bytes.length, MOST_HEADER);
}

/** What the frames of a file are looked through for. */
export interface FrameSearch {
  readonly naming: ReadonlySet<string>;
  readonly isNamed: NameSearch;
}
export const frameSearch = (naming: ReadonlySet<string>): FrameSearch => ({
  naming,
  isNamed: searchFor(naming, LEAST_IN_PIXELS),
});

/**
 * Whether what is left of a compressed frame has the name of somebody in it: long ones anywhere, those of three letters or more in its headers and at its end. In tables that are used and
 * between the bits of pixels a name is nothing that could be cut out.
 */
export const isFrameNamed = (bare: Uint8Array, search: FrameSearch): boolean =>
  search.naming.size > 0 && (search.isNamed(bare) || isNamedBeside(bare, search));

/** The same of what stands before and behind the data of pixels alone. */
export function isNamedBeside(bare: Uint8Array, { naming }: Pick<FrameSearch, 'naming'>): boolean {
  const end = headersEnd(bare);
  if (end === 0) return false;
  return (
    isNamedWhole(bare.subarray(0, end), naming) || isNamedWhole(bare.subarray(Math.max(end, bare.length - TAIL_BYTES)), naming)
  );
}
