import { describe, expect, it } from 'vitest';
import { decodeRle, rleSegments } from './rle.ts';
import { encodeRle } from './rle-encode.ts';

/** A frame of segments whose header is right. */
function frameOf(...segments: readonly number[][]): Uint8Array {
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments.length, true);
  let at = 64;
  for (const [index, segment] of segments.entries()) {
    header.setUint32(4 + 4 * index, at, true);
    at += segment.length;
  }
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

describe('RLE Lossless (PS3.5 annex G)', () => {
  it('has literal runs, replicate runs, and a byte that says nothing (G.3.2)', () => {
    expect([...decodeRle(frameOf([2, 7, 8, 9, 128, 254, 5, 0, 1]), 7, 1, 1)]).toEqual([7, 8, 9, 5, 5, 5, 1]);
  });

  it('a run of 128, the longest, is one control byte of 127 or 129', () => {
    expect([...decodeRle(frameOf([129, 6]), 128, 1, 1)]).toEqual(Array.from({ length: 128 }, () => 6));
    const literal = Array.from({ length: 128 }, (_, index) => index);
    expect([...decodeRle(frameOf([127, ...literal]), 128, 1, 1)]).toEqual(literal);
  });

  it('the most significant byte comes first, sample after sample (G.2)', () => {
    const decoded = decodeRle(frameOf([1, 1, 3], [1, 2, 4], [1, 5, 7], [1, 6, 8]), 2, 2, 2);
    expect([...decoded]).toEqual([2, 1, 6, 5, 4, 3, 8, 7]);
  });

  it('what stands behind the last pixel is left out, in the middle of a run too', () => {
    expect([...decodeRle(frameOf([250, 3, 0, 9]), 4, 1, 1)]).toEqual([3, 3, 3, 3]);
    expect([...decodeRle(frameOf([3, 1, 2, 3, 4]), 2, 1, 1)]).toEqual([1, 2]);
  });

  it.each([
    ['a header that is cut', new Uint8Array(63), 'RLE header missing'],
    ['another number of segments', frameOf([0, 1], [0, 1]), 'RLE segments do not fit the samples'],
    ['a segment that is too short', frameOf([0, 1]), 'RLE segment too short'],
    ['a run without its byte', frameOf([0, 1, 255]), 'RLE segment too short'],
    ['a literal run that is cut', frameOf([2, 1, 2]), 'RLE segment too short'],
  ])('%s is refused', (_what, bytes, message) => {
    expect(() => decodeRle(bytes, 3, 1, 1)).toThrow(message);
  });

  it('a segment stands behind the header, in order and within the frame', () => {
    const moved = (place: number, to: number): Uint8Array => {
      const bytes = frameOf([0, 1], [0, 2]);
      new DataView(bytes.buffer).setUint32(place, to, true);
      return bytes;
    };
    expect(rleSegments(moved(4, 64), 2).map((segment) => [...segment])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    for (const [place, to] of [
      [4, 63],
      [4, 67],
      [8, 69],
      [8, 63],
    ] as const)
      expect(() => rleSegments(moved(place, to), 2)).toThrow('RLE segment out of range');
  });

  it('has at most 15 segments', () => {
    const bytes = new Uint8Array(200);
    new DataView(bytes.buffer).setUint32(0, 16, true);
    expect(() => rleSegments(bytes, 16)).toThrow('RLE segments do not fit the samples');
    const deep = { pixels: new Uint8Array(32), rows: 1, columns: 2, samplesPerPixel: 4, bitsAllocated: 32 };
    expect(() => encodeRle({ ...deep, bitsStored: 32, isSigned: false, isPlanar: false } as never)).toThrow(
      'samples do not fit RLE segments',
    );
  });

  it.each([
    [1, 8],
    [3, 8],
    [1, 16],
    [3, 16],
    [1, 32],
  ])('%i samples of %i bits come back as they were, every segment even', (samplesPerPixel, bitsAllocated) => {
    const [rows, columns] = [5, 131];
    const length = rows * columns * samplesPerPixel * (bitsAllocated / 8);
    // Runs of every length up to some 200, and noise between them.
    const pixels = Uint8Array.from({ length }, (_, index) =>
      Math.floor(index / 97) % 2 === 0 ? (index * 73) & 255 : index >> 7,
    );
    const encoded = encodeRle({ pixels, rows, columns, samplesPerPixel, bitsAllocated } as never);
    expect([...decodeRle(encoded, rows * columns, samplesPerPixel, bitsAllocated / 8)]).toEqual([...pixels]);
    for (const segment of rleSegments(encoded, samplesPerPixel * (bitsAllocated / 8))) expect(segment.length % 2).toBe(0);
  });
});
