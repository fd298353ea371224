import { describe, expect, test } from 'vitest';
import { ascii, concat, encapsulated, explicit, part10, u16 } from '../test/build.ts';
import { withElementsBehindPixels } from './behind-pixels.ts';
import { locateFrames } from './frames.ts';
import { parsePart10, runReader } from './parse.ts';
import { reencodePart10 } from './reencode/index.ts';
import type { DicomJsonObject } from './types.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const noInflater = (): Uint8Array => {
  throw new Error('not deflated');
};

const head = concat(
  explicit('00080005', 'CS', 'ISO_IR 100'),
  explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7\0'),
  explicit('00080018', 'UI', '1.2.3\0'),
  explicit('00280008', 'IS', '2 '),
  explicit('00280010', 'US', u16(1)),
  explicit('00280011', 'US', u16(2)),
  explicit('00280100', 'US', u16(8)),
);
const native = explicit('7FE00010', 'OB', Uint8Array.of(1, 2, 3, 4));
const fragments = encapsulated([Uint8Array.of(9, 9), Uint8Array.of(8, 8, 8, 8)]);
const behind = concat(
  explicit('7FE10010', 'LO', 'CREATOR '),
  explicit('7FE11001', 'PN', Uint8Array.from([0x45, 0x76, 0x65, 0x72, 0x65, 0xe9])),
  explicit('7FE11002', 'OB', new Uint8Array(2000)),
);
const FOUND = {
  '7FE10010': { vr: 'LO', Value: ['CREATOR'] },
  '7FE11001': { vr: 'PN', Value: [{ Alphabetic: 'Evereé' }] },
};

function readAll(file: Uint8Array, withTable: boolean): DicomJsonObject {
  const parsed = parsePart10(file);
  const table = withTable ? locateFrames(parsed, file) : undefined;
  return runReader(withElementsBehindPixels(parsed, file.length, { table }), file, noInflater).json;
}

describe('elements behind Pixel Data (PS3.5 7.1)', () => {
  test.each([
    ['native', EXPLICIT, native, true],
    ['native, its frames unknown', EXPLICIT, native, false],
    ['encapsulated', RLE, fragments, true],
    ['encapsulated, its frames unknown', RLE, fragments, false],
  ])('are read, in the character set of the dataset: %s', (_what, syntax, pixels, withTable) => {
    const file = part10(concat(head, pixels, behind), syntax);
    const json = readAll(file, withTable);
    expect(json).toMatchObject(FOUND);
    const uri = json['7FE11002']?.BulkDataURI ?? '';
    expect(uri).toBe(`bulk:${file.length - 2000}:2000`);
    expect(Object.keys(json)).toEqual(Object.keys(json).sort());
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['Data Set Trailing Padding', explicit('FFFCFFFC', 'OB', new Uint8Array(8))],
    ['zeros', new Uint8Array(64)],
    ['noise', Uint8Array.from({ length: 61 }, (_, index) => (index * 73) & 0xff)],
    ['a lesser tag', explicit('00100010', 'PN', 'NOBODY')],
    ['a tag cut off', ascii('x')],
  ])('%s behind them is no element and does no harm', (_what, tail) => {
    for (const [syntax, pixels] of [
      [EXPLICIT, native],
      [RLE, fragments],
    ] as const) {
      const file = part10(concat(head, pixels, tail), syntax);
      expect(readAll(file, true)).toEqual(parsePart10(file).json);
    }
  });

  test('whole elements are kept where the file ends in the midst of the next one', () => {
    const file = part10(concat(head, native, behind, explicit('7FE11003', 'LO', 'cut', 200)));
    expect(readAll(file, true)).toMatchObject(FOUND);
  });

  test.each([
    ['native', EXPLICIT, native],
    ['encapsulated', RLE, fragments],
  ])('are written again in another transfer syntax: %s', (_what, syntax, pixels) => {
    const file = part10(concat(head, pixels, behind), syntax);
    const options = {
      transferSyntaxUid: EXPLICIT,
      isExplicit: true,
      replacements: new Map(),
      implementation: { classUid: '1.2.3', version: 'TEST' },
    };
    const { behind: pieces } = runReader(reencodePart10(file.length, options), file, noInflater);
    const bytes = pieces.map((piece) =>
      'bytes' in piece ? piece.bytes : file.subarray(piece.offset, piece.offset + piece.length),
    );
    expect(concat(...bytes)).toEqual(behind);
  });
});
