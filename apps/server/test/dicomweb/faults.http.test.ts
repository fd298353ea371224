import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { addressOf, type Gallery, openGallery } from './pictures-support.ts';

/** Small files that were drawn wrongly, each with its right value in the README beside them; absent where the shared folder is. */
const FAULTS = path.resolve(TEST_DATA, '../faults');
const fileOf = (name: string): Buffer => readFileSync(path.join(FAULTS, `${name}.dcm`));

// The formulas of PS3.3 C.11.2.1.2.1 and C.11.2.1.3.1, written once more so that nothing here is the pipeline's own.
const byte = (share: number): number => Math.round(255 * Math.min(1, Math.max(0, share)));
const linear = (center: number, width: number) => (value: number) => byte((value - (center - 0.5)) / (width - 1) + 0.5);
const sigmoid = (center: number, width: number) => (value: number) => byte(1 / (1 + Math.exp((-4 * (value - center)) / width)));
const between = (low: number, high: number) => (value: number) => byte((value - low) / (high - low));
const same = (value: number): number => value;

type Cells = ArrayLike<number>;
const exact = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const words = (bytes: Uint8Array): Cells => new Uint16Array(exact(bytes));
const signedWords = (bytes: Uint8Array): Cells => new Int16Array(exact(bytes));
const signedBytes = (bytes: Uint8Array): Cells => new Int8Array(exact(bytes));
const floats = (bytes: Uint8Array): Cells => new Float32Array(exact(bytes));
const bytes = (raw: Uint8Array): Cells => raw;

/** The VOI LUT of a file, from where the reader says it is. */
function voiTable(name: string): Cells {
  const item = parsePart10(fileOf(name)).json['00283010']?.Value?.[0];
  const uri = item !== null && typeof item === 'object' && '00283006' in item ? String(item['00283006']?.BulkDataURI) : '';
  const [, offset = 0, length = 0] = uri.split(':').map(Number);
  return words(fileOf(name).subarray(offset, offset + length));
}

/** Ends of the values of some files together. */
function ends(names: readonly string[]): readonly [number, number] {
  const all = names.flatMap((name) => Array.from(words(fileOf(name).subarray(-32_768))));
  return [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
}

interface Fault {
  readonly name: string;
  readonly pixelBytes: number;
  readonly cells: (raw: Uint8Array) => Cells;
  /** The gray of a cell. */
  readonly gray: (cell: number) => number;
}
const SQUARE = 131_072;
const fault = (name: string, cells: Fault['cells'], gray: Fault['gray'], pixelBytes = SQUARE): Fault => ({
  name,
  pixelBytes,
  cells,
  gray,
});

function faults(): Fault[] {
  const table = voiTable('voi-lut-sequence');
  const mr = between(...ends(['no-window-mr/1', 'no-window-mr/3', 'no-window-mr/5']));
  return [
    fault('slope-0.001', words, (cell) => byte(cell * 0.001)),
    fault('slope-small-units', words, (cell) => sigmoid(0.5, 0.4)(cell * 0.001)),
    fault('slope-negative', words, (cell) => linear(500, 1000)(1000 - cell)),
    fault('modality-lut-sequence', words, (cell) => linear(3000, 1000)(4095 - cell)),
    fault('voi-lut-sequence', words, (cell) => byte((table[cell] ?? 0) / 4095)),
    fault('sigmoid', words, sigmoid(500, 400)),
    fault('bits-overlay-above-12', words, (cell) => linear(2048, 4096)(cell & 0xfff)),
    fault('bits-signed-8', signedBytes, between(-128, 127), 65_536),
    ...['1', '2', '3', '4', '5'].map((one) => fault(`no-window-mr/${one}`, words, mr, 32_768)),
    fault('no-window-pet/1', signedWords, between(0, 122_400)),
    fault('no-window-pet/2', signedWords, (cell) => between(0, 122_400)(cell * 4)),
    fault('no-window-pet/3', signedWords, (cell) => between(0, 122_400)(cell * 0.25)),
    fault('frame-time-vector', bytes, same, 122_880),
    fault('us-region-and-pixel-spacing', bytes, same, 120_000),
    fault('padding-no-window', signedWords, (cell) => (cell === -32_768 ? 0 : NaN)),
    fault('padding-lossy', words, linear(500, 1200), 8),
    fault('float-pixels', floats, byte, 262_144),
    fault('window-zero', words, between(0, 4080)),
    fault('window-first-empty', words, linear(2048, 4096)),
    fault('window-1-over-mask', bytes, (cell) => (cell > 0 ? 255 : 0), 65_536),
    fault('rgb-with-rescale', bytes, same, 196_608),
    fault('intercept-without-slope', words, (cell) => linear(40, 400)(cell - 1024)),
    fault('constant8', bytes, () => 0, 4),
  ];
}

const read = (name: string) => {
  const { json } = parsePart10(fileOf(name));
  const uid = (tag: string): string => String(json[tag]?.Value?.[0]);
  return { studyInstanceUid: uid('0020000D'), seriesInstanceUid: uid('0020000E'), sopInstanceUid: uid('00080018') };
};

describe.skipIf(!existsSync(FAULTS))('small inputs that were drawn wrongly (absent without the shared test data)', () => {
  let gallery: Gallery;
  const list = existsSync(FAULTS) ? faults() : [];
  const others = ['constant6', 'palette-65536', 'encapsulated-pdf', 'video-mpeg4', '16-8'];
  const rendered = (name: string) => gallery.png(`${addressOf(read(name)).instance}/frames/1/rendered`);

  beforeAll(async () => {
    gallery = await openGallery();
    for (const name of [...list.map((one) => one.name), ...others]) await gallery.store([fileOf(name)]);
  }, 120_000);
  afterAll(() => gallery.close());

  it.each(list.filter(({ name }) => name !== 'padding-no-window'))('$name has the gray that its README says', async (one) => {
    const { data, width, height, channels } = await rendered(one.name);
    const raw = one.cells(fileOf(one.name).subarray(-one.pixelBytes));
    // The samples of a colour image are compared one by one, as a gray image's are.
    const isColor = one.name === 'rgb-with-rescale';
    const wrong: string[] = [];
    for (let i = 0; i < width * height * (isColor ? 3 : 1); i += 1) {
      const got = data[isColor ? i : i * channels] ?? -1;
      const wanted = one.gray(raw[i] ?? NaN);
      // One step: a value that lies half way between two grays may fall to either.
      if (!(Math.abs(got - wanted) <= 1)) wrong.push(`${i}: ${got} instead of ${wanted}`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('padding-no-window shows padding black and the rest from its least to its greatest value', async () => {
    const { data, channels } = await rendered('padding-no-window');
    const cells = Array.from(signedWords(fileOf('padding-no-window').subarray(-SQUARE)));
    const inside = cells.filter((cell) => cell !== -32_768);
    const gray = between(
      inside.reduce((a, b) => Math.min(a, b)),
      inside.reduce((a, b) => Math.max(a, b)),
    );
    const wrong = cells.filter((cell, i) => Math.abs((data[i * channels] ?? -9) - (cell === -32_768 ? 0 : gray(cell))) > 1);
    expect([inside.length > 0, wrong.slice(0, 3)]).toEqual([true, []]);
  });

  it('constant6, one bit a pixel and all of them 0, is black', async () => {
    expect(new Set((await rendered('constant6')).data)).toEqual(new Set([0]));
  });

  it('palette-65536 takes the high byte of all 65,536 entries', async () => {
    const { data, channels } = await rendered('palette-65536');
    const cells = words(fileOf('palette-65536').subarray(-SQUARE));
    const wrong: number[] = [];
    for (let i = 0; i < cells.length; i += 1) {
      const index = cells[i] ?? 0;
      const wanted = [index >> 8, (65_535 - index) >> 8, Math.abs(0x8000 - index) >> 8];
      if (wanted.some((value, c) => data[i * channels + c] !== value)) wrong.push(index);
    }
    expect([channels >= 3, wrong.slice(0, 3)]).toEqual([true, []]);
  });
});
