import { describe, expect, it } from 'vitest';
import { ascii, concat, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, UNDEFINED, u16, u32 } from '../test/build.ts';
import {
  type DicomJsonObject,
  jsonItems,
  jsonNumber,
  jsonNumbers,
  jsonPersonName,
  jsonString,
  jsonStrings,
  jsonValues,
  parsePart10,
  swapWords,
} from './index.ts';

const bytesOf = (values: Float32Array | Float64Array | BigInt64Array | BigUint64Array | Int16Array | Int32Array) =>
  new Uint8Array(values.buffer);

function read(vr: string, value: Uint8Array | string) {
  return parsePart10(part10(explicit('00091010', vr, value))).json['00091010'];
}

describe('values in DICOM JSON (PS3.18 F.2.3)', () => {
  it.each([
    ['AE', 'STORE ', ['STORE']],
    ['AS', '018M', ['018M']],
    ['CS', 'A\\B', ['A', 'B']],
    ['CS', 'ORIGINAL \\PRIMARY ', ['ORIGINAL', 'PRIMARY']],
    ['UI', '1.2\0\\1.3\0', ['1.2', '1.3']],
    ['LO', 'a  \\ b \\c ', ['a', ' b', 'c']],
    ['PN', 'A^B \\C ', [{ Alphabetic: 'A^B' }, { Alphabetic: 'C' }]],
    ['ST', 'a \\b ', ['a \\b']],
    ['DA', '20240101', ['20240101']],
    ['LO', ' a\\\\b ', [' a', '', 'b']],
    ['LT', 'a\\b ', ['a\\b']],
    ['UR', 'http://x/a\\b', ['http://x/a\\b']],
    ['UI', '1.2.3\0', ['1.2.3']],
    ['DS', ' 1.5e3\\-.5\\+2.', [1500, -0.5, 2]],
    ['IS', '-12\\ 7 ', [-12, 7]],
    ['DS', '1\\\\3', [1, null, 3]],
    ['PN', 'A^B=C=D\\E', [{ Alphabetic: 'A^B', Ideographic: 'C', Phonetic: 'D' }, { Alphabetic: 'E' }]],
    ['PN', '==D', [{ Phonetic: 'D' }]],
  ])('%s %j', (vr, text, values) => expect(read(vr, text)).toEqual({ vr, Value: values }));

  it.each([
    ['US', u16(1, 65_535), [1, 65_535]],
    ['SS', bytesOf(Int16Array.of(-1)), [-1]],
    ['UL', u32(4_294_967_295), [4_294_967_295]],
    ['SL', bytesOf(Int32Array.of(-2)), [-2]],
    ['FL', bytesOf(Float32Array.of(0.5, -0)), [0.5, -0]],
    [
      'FD',
      bytesOf(Float64Array.of(Math.PI, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
      [Math.PI, 'NaN', 'inf', '-inf'],
    ],
    ['SV', bytesOf(BigInt64Array.of(-5n, -9_007_199_254_740_993n)), [-5, '-9007199254740993']],
    ['UV', bytesOf(BigUint64Array.of(5n, 18_446_744_073_709_551_615n)), [5, '18446744073709551615']],
    ['AT', u16(0x0020, 0x000d), ['0020000D']],
  ])('%s of binary form', (vr, value, values) => expect(read(vr, value)).toEqual({ vr, Value: values }));

  it.each(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'UN'])('%s is Base64 of its bytes', (vr) => {
    for (const length of [1, 2, 3, 8, 1000, 1024]) {
      const value = Uint8Array.from({ length }, (_, index) => (index * 7) & 255);
      expect(read(vr, value)).toEqual({ vr, InlineBinary: Buffer.from(value).toString('base64') });
    }
  });

  it.each(['LO', 'PN', 'DS', 'US', 'OB', 'SQ', 'AT', 'UI', 'UT'])(
    '%s without value has neither Value nor InlineBinary (PS3.18 F.2.5)',
    (vr) => {
      expect(read(vr, '')).toEqual({ vr });
    },
  );

  it.each(['abc', '1.5.2', '0x10', '1e999', 'Infinity', '1,5'])('DS %j is no number: left out and reported', (text) => {
    const parsed = parsePart10(part10(explicit('00281052', 'DS', `1\\${text}`)));
    expect(parsed.json['00281052']).toEqual({ vr: 'DS', Value: [1, null] });
    expect(parsed.warnings).toEqual([{ code: 'INVALID_NUMBER', tag: '00281052' }]);
  });

  it('of keys a number that is none stays text, a wildcard for instance (PS3.4 C.2.2.2.4)', () => {
    const parsed = parsePart10(part10(explicit('00281052', 'DS', '1\\*')), { keepsText: true });
    expect(parsed.json['00281052']).toEqual({ vr: 'DS', Value: [1, '*'] });
  });

  it('IS takes whole numbers only (PS3.5 6.2)', () => {
    expect(parsePart10(part10(explicit('00280008', 'IS', '1.5'))).warnings).toEqual([
      { code: 'INVALID_NUMBER', tag: '00280008' },
    ]);
  });

  it('a sequence has objects, an empty item an empty one (PS3.18 F.2.5)', () => {
    const content = concat(item(explicit('00081150', 'UI', '1.2')), item(), item(ITEM_END, UNDEFINED), SEQUENCE_END);
    const { json } = parsePart10(part10(explicit('00081140', 'SQ', content, UNDEFINED)));
    expect(json).toEqual({ '00081140': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }, {}, {}] } });
  });

  it('items inherit the character set of what holds them, and may have their own (PS3.3 C.12.1.1.2)', () => {
    const e = Uint8Array.of(0xe9, 0x20);
    const name = explicit('00100010', 'PN', e);
    const own = concat(explicit('00080005', 'CS', 'ISO_IR 144'), name);
    const dataset = concat(
      explicit('00080005', 'CS', 'ISO_IR 100'),
      explicit('00081140', 'SQ', concat(item(name), item(own), item(name))),
      name,
    );
    const { json } = parsePart10(part10(dataset));
    const names = jsonItems(json, '00081140').map((entry) => jsonPersonName(entry, '00100010')?.Alphabetic);
    expect([...names, jsonPersonName(json, '00100010')?.Alphabetic]).toEqual(['é', 'щ', 'é', 'é']);
  });

  it.each([
    // In JIS X 0201 the byte 5C is a yen sign; inside a character of two bytes it divides nothing.
    ['ISO_IR 13 ', [0xd4, 0x5c, 0xcf, 0x20], ['ﾔ', 'ﾏ']],
    ['ISO 2022 IR 13', [0xd4, 0x5c, 0xcf, 0x20], ['ﾔ', 'ﾏ']],
    ['GB18030 ', [0x81, 0x5c, 0x5c, 0x41], ['乗', 'A']],
    ['\\ISO 2022 IR 87', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x5c, 0x41, 0x20], ['山楞']],
  ])('in %s values are divided by the byte 5C, whatever character it is there (PS3.18 F.2.4)', (terms, bytes, texts) => {
    const json = parsePart10(
      part10(concat(explicit('00080005', 'CS', terms), explicit('00081030', 'LO', Uint8Array.from(bytes)))),
    ).json;
    expect(json['00081030']).toEqual({ vr: 'LO', Value: texts });
  });

  it('US or SS follows Pixel Representation in implicit VR (PS3.5 A.1)', () => {
    const dataset = (sign: number) => concat(implicit('00280103', u16(sign)), implicit('00280106', u16(65_535)));
    expect(jsonNumber(parsePart10(part10(dataset(1), '1.2.840.10008.1.2')).json, '00280106')).toBe(-1);
    expect(jsonNumber(parsePart10(part10(dataset(0), '1.2.840.10008.1.2')).json, '00280106')).toBe(65_535);
  });

  it('private creators are LO, other private values UN in implicit VR (PS3.5 7.8.1)', () => {
    const { json } = parsePart10(part10(concat(implicit('00090010', 'ACME'), implicit('00091001', 'x')), '1.2.840.10008.1.2'));
    expect([json['00090010'], json['00091001']]).toEqual([
      { vr: 'LO', Value: ['ACME'] },
      { vr: 'UN', InlineBinary: Buffer.from('x ').toString('base64') },
    ]);
  });

  it('public attributes sent as UN get the VR of PS3.6 (PS3.5 6.2.2)', () => {
    expect(parsePart10(part10(explicit('00100020', 'UN', ascii('ID12')))).json['00100020']).toEqual({
      vr: 'LO',
      Value: ['ID12'],
    });
  });
});

describe('reading DICOM JSON', () => {
  const json: DicomJsonObject = {
    '00080060': { vr: 'CS', Value: [' CT '] },
    '00080008': { vr: 'CS', Value: ['A ', '', 'B'] },
    '00280030': { vr: 'DS', Value: [0.5, null, 2] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'X' }] },
    '00081140': { vr: 'SQ', Value: [{}] },
    '00100020': { vr: 'LO' },
  };

  it('gives typed values, or nothing when the type is another', () => {
    expect(jsonString(json, '00080060')).toBe('CT');
    expect(jsonStrings(json, '00080008')).toEqual(['A', 'B']);
    expect(jsonNumbers(json, '00280030')).toEqual([0.5, 2]);
    expect(jsonNumber(json, '00280030')).toBe(0.5);
    expect(jsonPersonName(json, '00100010')).toEqual({ Alphabetic: 'X' });
    expect(jsonItems(json, '00081140')).toEqual([{}]);
    expect([jsonString(json, '00100020'), jsonString(json, '00280030'), jsonNumber(json, '00080060')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([jsonItems(json, '00100010'), jsonValues(json, '99999999'), jsonValues(json, 'toString')]).toEqual([[], [], []]);
  });

  it('swaps words and leaves an incomplete last one', () => {
    expect(swapWords(Uint8Array.of(1, 2, 3, 4, 5), 2)).toEqual(Uint8Array.of(2, 1, 4, 3, 5));
    expect(swapWords(Uint8Array.of(1, 2, 3, 4), 4)).toEqual(Uint8Array.of(4, 3, 2, 1));
    expect(swapWords(Uint8Array.of(0xff, 1, 0x80, 2, 3, 4, 5, 6, 7), 8)).toEqual(Uint8Array.of(6, 5, 4, 3, 2, 0x80, 1, 0xff, 7));
    expect(swapWords(Uint8Array.of(9, 0xff, 0, 0x80, 1, 2).subarray(1), 4)).toEqual(Uint8Array.of(1, 0x80, 0, 0xff, 2));
  });
});
