import { describe, expect, test } from 'vitest';
import { PixelError } from '../src/index.ts';
import { decodeJpegDct } from '../src/pixels/jpeg-dct.ts';
import { seeded } from './build.ts';
import { type Block, type JpegPicture, jpegOf, type Scan, samplesOf } from './jpeg-encoder.ts';

const FLAT = new Array<number>(64).fill(1);
/** Coefficients as images have them: large in front, mostly none behind, now and then a long run. */
function blocks(count: number, seed: number, bits: number): Block[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const block = Array.from({ length: 64 }, (_, k) => {
      const size = (2 ** bits / 4) * Math.exp(-k / 9);
      return random() < 0.55 + k / 160 ? 0 : Math.round((random() - 0.5) * size);
    });
    block[0] = Math.round((random() - 0.5) * 2 ** bits);
    if (index % 3 === 2) block.fill(0, 1);
    // Farther than sixteen from the one before.
    if (index % 4 === 1) block.fill(0, 2, 61);
    if (index % 4 === 1) block[61] = index % 8 === 1 ? -1 : 3;
    return block;
  });
}
const picture = (changes: Partial<JpegPicture> = {}): JpegPicture => ({
  rows: 21,
  columns: 30,
  precision: 12,
  components: [blocks(12, 7, 12)],
  quantisation: FLAT,
  ...changes,
});
const samples = ({ precision }: JpegPicture, bytes: Uint8Array): number[] =>
  precision === 8 ? [...bytes] : [...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)];
const decoded = (one: JpegPicture, scans?: readonly Scan[]): number[] => samples(one, decodeJpegDct(jpegOf(one, scans)));

const scan = (from: number, to: number, high = 0, low = 0): Scan => ({ from, to, high, low });
const SPECTRAL = [scan(0, 0), scan(1, 5), scan(6, 63)];
const FULL = [
  ...[scan(0, 0, 0, 2), scan(1, 8, 0, 2), scan(9, 63, 0, 2)],
  ...[scan(1, 63, 2, 1), scan(0, 0, 2, 1), scan(1, 63, 1, 0), scan(0, 0, 1, 0)],
];

describe('JPEG of 8 and 12 bits (ITU-T T.81, PS3.5 A.4.1)', () => {
  test.each<[string, Partial<JpegPicture>]>([
    ['12 bits', {}],
    ['8 bits', { precision: 8, components: [blocks(12, 3, 8)] }],
    ['a table of its own', { quantisation: FLAT.map((_, k) => 1 + k), components: [blocks(12, 4, 6)] }],
    ['a table of 16 bits', { quantisation: FLAT.map((_, k) => (k === 1 ? 300 : 2)), components: [blocks(12, 5, 8)] }],
    ['blocks that are whole', { rows: 24, columns: 32 }],
    ['one pixel', { rows: 1, columns: 1, components: [blocks(1, 9, 12)] }],
  ])('is what the formula of A.3.3 says: %s', (_what, changes) => {
    const one = picture(changes);
    const [found, wanted] = [decoded(one), samplesOf(one, 0)];
    expect(found).toHaveLength(one.rows * one.columns);
    // Whole numbers are a level off where the formula lies between two.
    for (const [at, value] of found.entries()) expect(Math.abs(value - (wanted[at] ?? -9)), `sample ${at}`).toBeLessThan(1.01);
  });

  test('a block of DC alone is flat: its level is an eighth of the coefficient above the middle', () => {
    const flat = (dc: number): Block => [dc, ...new Array<number>(63).fill(0)];
    const one = picture({ rows: 8, columns: 24, components: [[flat(0), flat(8000), flat(-8000)]] });
    expect([...new Set(decoded(one).slice(0, 24))]).toEqual([2048, 3048, 1048]);
  });

  test('samples of several components come together', () => {
    const one = picture({ components: [blocks(12, 1, 12), blocks(12, 2, 12), blocks(12, 3, 12)] });
    const found = decoded(one);
    for (const component of [0, 1, 2]) {
      const own = found.filter((_, at) => at % 3 === component);
      expect(own).toEqual(decoded({ ...one, components: [one.components[component] ?? []] }));
    }
  });
});

describe('however the coefficients came, they are the same', () => {
  const three = { components: [blocks(12, 11, 10), blocks(12, 12, 10), blocks(12, 13, 10)] };

  test.each<[string, readonly Scan[], Partial<JpegPicture>]>([
    ['spectral selection (G.1.1.1.1)', SPECTRAL, {}],
    ['successive approximation too (G.1.1.1.2)', FULL, {}],
    ['in 8 bits', FULL, { precision: 8, components: [blocks(12, 21, 8)] }],
    ['of three components', FULL, three],
    ['of three components, by spectral selection', SPECTRAL, three],
    ['with restart markers (E.2.4)', FULL, { restartInterval: 5 }],
    [
      'of many blocks without AC, told by their number (G.1.2.2)',
      SPECTRAL,
      {
        rows: 64,
        columns: 64,
        components: [
          blocks(64, 5, 12).map((block, at) => (at === 40 ? block : [block[0] ?? 0, ...new Array<number>(63).fill(0)])),
        ],
      },
    ],
  ])('progressive, %s', (_what, scans, changes) => {
    const one = picture(changes);
    expect(decoded(one, scans)).toEqual(decoded({ ...one, restartInterval: 0 }));
  });

  test.each([1, 3, 9])('sequential, restarted after every %i blocks, from a prediction of zero', (restartInterval) =>
    expect(decoded(picture({ restartInterval }))).toEqual(decoded(picture())),
  );

  test('behind fill bytes before a marker (B.1.1.2), and with more segments than it needs', () => {
    const stream = jpegOf(picture());
    const filled = Uint8Array.from([...stream.subarray(0, 2), 0xff, 0xff, 0xfe, 0, 4, 65, 66, 0xff, ...stream.subarray(2)]);
    expect(decodeJpegDct(filled)).toEqual(decodeJpegDct(stream));
  });

  test('of a stream that is cut there is what came, and zeros', () => {
    const one = picture({ rows: 8, columns: 96 });
    const stream = jpegOf(one);
    const [whole, cut] = [decoded(one), samples(one, decodeJpegDct(stream.subarray(0, stream.length - 120)))];
    expect(cut).toHaveLength(whole.length);
    expect(cut.slice(0, 8)).toEqual(whole.slice(0, 8));
  });
});

describe('is refused as PixelError', () => {
  const stream = jpegOf(picture());
  /** The stream with the first byte behind the marker's length (or further) set, or the segment left out. */
  const at = (marker: number): number => {
    const place = stream.findIndex((byte, index) => byte === 0xff && stream[index + 1] === marker);
    if (place < 0) throw new Error('The stream has no such marker.');
    return place;
  };
  const set = (marker: number, offset: number, ...values: number[]): Uint8Array => {
    const bytes = stream.slice();
    bytes.set(values, at(marker) + 4 + offset);
    return bytes;
  };
  const without = (marker: number): Uint8Array => {
    const place = at(marker);
    const length = 2 + (stream[place + 2] ?? 0) * 256 + (stream[place + 3] ?? 0);
    return Uint8Array.from([...stream.subarray(0, place), ...stream.subarray(place + length)]);
  };

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['no picture', stream.subarray(0, at(0xc1))],
    ['no scan', stream.subarray(0, at(0xda))],
    ['a segment beyond the end', stream.subarray(0, at(0xc4) + 40)],
    ['no quantisation table', without(0xdb)],
    ['no Huffman table', without(0xc4)],
    ['no frame header before the scan', without(0xc1)],
    ['16 bits a sample', set(0xc1, 0, 16)],
    ['no rows', set(0xc1, 1, 0, 0)],
    ['no columns', set(0xc1, 3, 0, 0)],
    ['no components', set(0xc1, 5, 0)],
    ['a scan of a component that is not there', set(0xda, 1, 9)],
    ['a scan from behind its end', set(0xda, 3, 7, 6)],
    ['a scan of a 65th coefficient', set(0xda, 3, 0, 64)],
  ])('%s', (_what, bytes) => expect(() => decodeJpegDct(bytes)).toThrow(PixelError));

  test('more scans than any encoder makes', () => {
    const hostile = jpegOf(
      picture(),
      Array.from({ length: 201 }, () => scan(0, 0)),
    );
    expect(() => decodeJpegDct(hostile)).toThrow('JPEG scan unexpected');
  });

  test('components of another size than the first (subsampling)', () => {
    const three = jpegOf(picture({ components: [blocks(12, 1, 8), blocks(12, 2, 8), blocks(12, 3, 8)] }));
    const place = three.findIndex((byte, index) => byte === 0xff && three[index + 1] === 0xc1);
    three[place + 4 + 7] = 0x22;
    expect(() => decodeJpegDct(three)).toThrow('JPEG subsampling not supported');
  });
});
