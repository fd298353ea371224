import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../src/parse.ts';
import type { DicomJsonElement } from '../src/types.ts';
import { ascii, concat, explicit, implicit, part10, u16 } from './build.ts';

/** How each VR (PS3.5 6.2) leaves and is read, whatever the transfer syntax: an attribute of it, its bytes little endian, its word, and its JSON. */
interface Row {
  readonly vr: string;
  readonly tag: string;
  readonly bytes: Uint8Array;
  /** Bytes of a word, which big endian turns round. */
  readonly word: number;
  readonly json: Omit<DicomJsonElement, 'vr'>;
}

const of = (vr: string, tag: string, bytes: Uint8Array | string, word: number, json: Row['json']): Row => ({
  vr,
  tag,
  bytes: typeof bytes === 'string' ? ascii(bytes) : bytes,
  word,
  json,
});
const raw = (values: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(values.buffer);
const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64');

const ROWS: readonly Row[] = [
  of('AE', '00080055', 'STORE_SCP', 1, { Value: ['STORE_SCP'] }),
  of('AS', '00101010', '045Y', 1, { Value: ['045Y'] }),
  of('AT', '00280009', u16(0x0018, 0x1063), 2, { Value: ['00181063'] }),
  of('CS', '00080008', 'ORIGINAL\\PRIMARY', 1, { Value: ['ORIGINAL', 'PRIMARY'] }),
  of('DA', '00080020', '20260301', 1, { Value: ['20260301'] }),
  of('DS', '00180050', '1.25', 1, { Value: [1.25] }),
  of('DT', '0008002A', '20260301081500.123456+0100', 1, { Value: ['20260301081500.123456+0100'] }),
  of('FD', '00189073', raw(Float64Array.of(0.1, -2)), 8, { Value: [0.1, -2] }),
  of('FL', '00089459', raw(Float32Array.of(0.5, -1.5)), 4, { Value: [0.5, -1.5] }),
  of('IS', '00200013', '-7', 1, { Value: [-7] }),
  of('LO', '00081030', 'Thorax de face', 1, { Value: ['Thorax de face'] }),
  of('LT', '00204000', 'a\\b ', 1, { Value: ['a\\b'] }),
  of('OB', '00020001', Uint8Array.of(0, 1), 1, { InlineBinary: base64(0, 1) }),
  of('OD', '00720073', raw(Float64Array.of(1)), 8, { InlineBinary: base64(0, 0, 0, 0, 0, 0, 0xf0, 0x3f) }),
  of('OF', '00720067', raw(Float32Array.of(1)), 4, { InlineBinary: base64(0, 0, 0x80, 0x3f) }),
  of('OL', '00660040', raw(Uint32Array.of(0x01020304)), 4, { InlineBinary: base64(4, 3, 2, 1) }),
  of('OV', '00720081', raw(BigUint64Array.of(0x0102030405060708n)), 8, { InlineBinary: base64(8, 7, 6, 5, 4, 3, 2, 1) }),
  of('OW', '00281201', u16(0x0102, 0x0304), 2, { InlineBinary: base64(2, 1, 4, 3) }),
  of('PN', '00100010', 'Doe^Jane', 1, { Value: [{ Alphabetic: 'Doe^Jane' }] }),
  of('SH', '00080050', 'ACC 1', 1, { Value: ['ACC 1'] }),
  of('SL', '00186020', raw(Int32Array.of(-70_000)), 4, { Value: [-70_000] }),
  of('SS', '00189219', raw(Int16Array.of(-5)), 2, { Value: [-5] }),
  of('ST', '00080081', 'a\\b', 1, { Value: ['a\\b'] }),
  of('SV', '00720082', raw(BigInt64Array.of(-3n)), 8, { Value: [-3] }),
  of('TM', '00080030', '081500.5', 1, { Value: ['081500.5'] }),
  of('UC', '00080119', 'long\\er', 1, { Value: ['long', 'er'] }),
  of('UI', '00080018', '1.2.3\0', 1, { Value: ['1.2.3'] }),
  of('UL', '00041400', raw(Uint32Array.of(4_000_000_000)), 4, { Value: [4_000_000_000] }),
  of('UR', '00081190', 'https://example.org/a', 1, { Value: ['https://example.org/a'] }),
  of('US', '00280010', u16(512), 2, { Value: [512] }),
  of('UT', '0040A160', 'x\\y', 1, { Value: ['x\\y'] }),
  of('UV', '00720083', raw(BigUint64Array.of(3n)), 8, { Value: [3] }),
];

const reversed = (bytes: Uint8Array, word: number): Uint8Array =>
  Uint8Array.from(bytes, (_, index) => bytes[index - (index % word) + word - 1 - (index % word)] ?? 0);

/** An element in Explicit VR Big Endian (PS3.5 A.3, retired). */
function bigEndian({ tag, vr, bytes, word }: Row): Uint8Array {
  const little = explicit(tag, vr, reversed(bytes, word));
  const isLong = little.length - bytes.length === 12;
  const length = isLong ? reversed(little.subarray(8, 12), 4) : reversed(little.subarray(6, 8), 2);
  return concat(reversed(little.subarray(0, 4), 2), little.subarray(4, isLong ? 8 : 6), length, little.subarray(isLong ? 12 : 8));
}

/** Group 0002 stands in the file meta information. */
const inDataset = ROWS.filter(({ tag }) => !tag.startsWith('0002'));

describe.each(inDataset)('$vr $tag', (row) => {
  const { vr, tag, bytes, json } = row;
  const expected = { vr, ...json };
  const read = (dataset: Uint8Array, transferSyntax?: string) =>
    parsePart10(part10(dataset, transferSyntax), { inflateRaw: (deflated) => inflateRawSync(deflated) });

  test.each<[string, string, () => Uint8Array]>([
    ['explicit, little endian', '1.2.840.10008.1.2.1', () => explicit(tag, vr, bytes)],
    ['explicit, big endian', '1.2.840.10008.1.2.2', () => bigEndian(row)],
    ['implicit, little endian, by the dictionary', '1.2.840.10008.1.2', () => implicit(tag, bytes)],
    ['deflated', '1.2.840.10008.1.2.1.99', () => new Uint8Array(deflateRawSync(explicit(tag, vr, bytes)))],
  ])('is read: %s', (_what, transferSyntax, dataset) => {
    expect(read(dataset(), transferSyntax).json[tag]).toEqual(expected);
  });

  test('is read in an item of a sequence, and behind an element without value', () => {
    const content = concat(explicit('00080005', 'CS'), explicit(tag, vr, bytes));
    const sequence = explicit('00081140', 'SQ', implicit('FFFEE000', content));
    expect(read(sequence).json['00081140']?.Value).toEqual([{ '00080005': { vr: 'CS' }, [tag]: expected }]);
  });

  test('without a value it has none (PS3.18 F.2.5)', () => expect(read(explicit(tag, vr)).json[tag]).toEqual({ vr }));

  test('cut anywhere in its value is no whole file: what is left is not taken for it', () => {
    const before = explicit('00080005', 'CS', 'ISO_IR 100');
    const element = explicit(tag, vr, bytes);
    for (let left = 1; left <= bytes.length; left += 1)
      expect(() => read(concat(before, element.subarray(0, element.length - left))), `${left} bytes cut`).toThrow(
        expect.objectContaining({ code: 'TRUNCATED' }),
      );
    expect(read(before).json).toEqual({ '00080005': { vr: 'CS', Value: ['ISO_IR 100'] } });
  });
});

describe('what is announced as one VR and is another', () => {
  test.each<[string, Uint8Array, DicomJsonElement]>([
    ['a private UN stays as it came', explicit('00091001', 'UN', Uint8Array.of(1, 2)), { vr: 'UN', InlineBinary: base64(1, 2) }],
    ['a public UN has the VR of PS3.6 (PS3.5 6.2.2)', explicit('00280010', 'UN', u16(512)), { vr: 'US', Value: [512] }],
    [
      'a public attribute of another VR has what it was sent as',
      explicit('00280010', 'UL', raw(Uint32Array.of(512))),
      { vr: 'UL', Value: [512] },
    ],
  ])('%s', (_what, element, expected) => {
    const [found] = Object.entries(parsePart10(part10(element)).json);
    expect(found?.[1]).toEqual(expected);
  });
});
