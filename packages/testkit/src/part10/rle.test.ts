import { describe, expect, it } from 'vitest';
import { createPrng } from '../prng.ts';
import { decodeRle } from './decode-rle.ts';
import { encodeRle } from './rle.ts';

const SHAPES = [1, 3].flatMap((samplesPerPixel) =>
  [1, 2, 4].flatMap((bytesPerSample) =>
    ([0, 1] as const).map((planarConfiguration) => ({ samplesPerPixel, bytesPerSample, planarConfiguration })),
  ),
);

describe('RLE Lossless (PS3.5 Annex G)', () => {
  it.each(SHAPES)(
    'gives back random and flat frames: $samplesPerPixel samples of $bytesPerSample bytes, planar $planarConfiguration',
    (layout) => {
      for (const alphabet of [1, 2, 256]) {
        const shape = { ...layout, rows: 13, columns: 301 };
        const prng = createPrng('rle', alphabet);
        const frame = Uint8Array.from({ length: 13 * 301 * layout.samplesPerPixel * layout.bytesPerSample }, () =>
          prng.integer(0, alphabet - 1),
        );
        const encoded = encodeRle(frame, shape);
        expect(Buffer.compare(decodeRle(encoded, shape), frame)).toBe(0);
      }
    },
  );
  it('packs each row by itself, most significant byte first, segments of even length (G.2, G.3.1, G.5)', () => {
    const frame = Uint8Array.of(0x11, 0xaa, 0x11, 0xaa, 0x22, 0xbb, 0x33, 0xcc);
    const encoded = Buffer.from(encodeRle(frame, { rows: 2, columns: 2, samplesPerPixel: 1, bytesPerSample: 2 }));
    expect(encoded.readUInt32LE(0)).toBe(2);
    expect([encoded.readUInt32LE(4), encoded.readUInt32LE(8)]).toEqual([64, 70]);
    expect(encoded.subarray(64).toString('hex')).toBe('ffaa01bbcc00' + 'ff1101223300');
  });
});
