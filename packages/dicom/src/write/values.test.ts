import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../base64.ts';
import type { DicomJsonElement } from '../types.ts';
import { utf8 } from './utf8.ts';
import { valueBytes } from './values.ts';

const bytes = (element: DicomJsonElement): number[] => [...valueBytes(element)];
const of = (vr: string, ...Value: NonNullable<DicomJsonElement['Value']>): DicomJsonElement => ({ vr, Value });
const text = (element: DicomJsonElement): string => Buffer.from(valueBytes(element)).toString('latin1');

describe('values in an encoded dataset', () => {
  it.each([
    ['US', [0, 1, 0xffff], [0, 0, 1, 0, 255, 255]],
    ['SS', [-0x8000, -1, 0x7fff], [0, 128, 255, 255, 255, 127]],
    ['UL', [0xffff_ffff, 0x01020304], [255, 255, 255, 255, 4, 3, 2, 1]],
    ['SL', [-0x8000_0000, 0x7fff_ffff], [0, 0, 0, 128, 255, 255, 255, 127]],
    ['SV', ['-2'], [254, 255, 255, 255, 255, 255, 255, 255]],
    ['UV', ['18446744073709551615'], [255, 255, 255, 255, 255, 255, 255, 255]],
    ['FL', [1.5], [0, 0, 192, 63]],
    ['FD', [-2], [0, 0, 0, 0, 0, 0, 0, 192]],
    ['AT', ['00181063', 'fffee000'], [0x18, 0, 0x63, 0x10, 0xfe, 0xff, 0, 0xe0]],
  ] as const)('%s are little endian (PS3.5 7.3): %j', (vr, values, wanted) => {
    expect(bytes(of(vr, ...values))).toEqual(wanted);
  });

  it.each([
    ['US', -1],
    ['US', 0x10000],
    ['US', 1.5],
    ['SS', 0x8000],
    ['SS', -0x8001],
    ['UL', -1],
    ['UL', 2 ** 32],
    ['SL', 2 ** 31],
    ['SL', -(2 ** 31) - 1],
    ['US', ''],
    ['US', 'many'],
    ['US', null],
    ['FL', 'none'],
    ['SV', '1.5'],
    ['SV', ' '],
    ['UV', null],
    ['AT', '0018106'],
    ['AT', '0018106G'],
    ['AT', 1],
    ['LO', { '00100010': { vr: 'LO' } }],
  ] as const)('%s does not hold %j', (vr, value) => {
    expect(() => valueBytes(of(vr, value as never))).toThrow(expect.objectContaining({ code: 'VALUE' }));
  });

  it('numbers may come as texts, and what is no number only where the VR has it (PS3.18 F.2.3.1)', () => {
    expect(bytes(of('US', '258'))).toEqual([2, 1]);
    expect(new DataView(valueBytes(of('FL', 'NaN')).buffer).getFloat32(0, true)).toBeNaN();
    expect(new DataView(valueBytes(of('FD', 'NaN')).buffer).getFloat64(0, true)).toBeNaN();
    expect(() => valueBytes(of('UL', 'NaN'))).toThrow(expect.objectContaining({ code: 'VALUE' }));
  });

  it.each([
    ['FL', 'inf', [0, 0, 128, 127]],
    ['FL', '-inf', [0, 0, 128, 255]],
    ['FD', 'inf', [0, 0, 0, 0, 0, 0, 240, 127]],
    ['FD', '-inf', [0, 0, 0, 0, 0, 0, 240, 255]],
  ] as const)('%s holds %j, which is how JSON tells what has no number there (PS3.5 6.2, IEEE 754)', (vr, value, wanted) => {
    expect(bytes(of(vr, value))).toEqual(wanted);
  });

  it.each([
    ['UL', 'inf'],
    ['SV', 'inf'],
    ['FL', 1e39],
    ['FL', -1e39],
    ['UV', '-1'],
    ['UV', '18446744073709551616'],
    ['SV', '9223372036854775808'],
    ['SV', '-9223372036854775809'],
  ] as const)('%s becomes no other number for %j, which it has no room for (PS3.5 6.2)', (vr, value) => {
    expect(() => valueBytes(of(vr, value))).toThrow(expect.objectContaining({ code: 'VALUE' }));
  });

  it('the greatest and the least of 64 bits have room (PS3.5 6.2, SV and UV)', () => {
    expect(bytes(of('SV', '9223372036854775807', '-9223372036854775808'))).toEqual([
      ...[255, 255, 255, 255, 255, 255, 255, 127],
      ...[0, 0, 0, 0, 0, 0, 0, 128],
    ]);
    expect(bytes(of('UV', '0'))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(bytes(of('FL', 3.4028234663852886e38))).toEqual([255, 255, 127, 127]);
  });

  it('texts have an even length: a UID ends with a zero, all else with a space (PS3.5 6.2, 9.1)', () => {
    expect(text(of('UI', '1.2.3'))).toBe('1.2.3\0');
    expect(text(of('UI', '1.2.34'))).toBe('1.2.34');
    expect(text(of('CS', 'A', 'BC'))).toBe('A\\BC');
    expect(text(of('LO', 'odd'))).toBe('odd ');
    expect(text(of('LO', null, 'b'))).toBe('\\b');
    expect(text(of('IS', -7))).toBe('-7');
    expect(text({ vr: 'LO' })).toBe('');
  });

  it('a decimal string has at most 16 bytes, rounded where a number needs more (PS3.5 table 6.2-1)', () => {
    expect(text(of('DS', 0.1 + 0.2)).trim()).toBe('0.3');
    expect(text(of('DS', 1 / 3)).trim()).toBe('0.33333333333333');
    expect(text(of('DS', -1 / 3)).trim()).toBe('-0.3333333333333');
    expect(text(of('DS', 1.25)).trim()).toBe('1.25');
    expect(text(of('DS', 123456789012345))).toBe('123456789012345 ');
    for (const value of [-Math.PI * 1e-7, Math.E * 1e20, -Math.LOG2E * 1e-300])
      expect(text(of('DS', value)).trim().length).toBeLessThanOrEqual(16);
  });

  it('groups of a name are joined, without those that are empty at the end (PS3.5 6.2.1)', () => {
    const name = (groups: object): string => Buffer.from(valueBytes(of('PN', groups as never))).toString('utf8');
    expect(name({ Alphabetic: 'Sow^Awa' })).toBe('Sow^Awa ');
    expect(name({ Alphabetic: 'Yamada^Taro', Ideographic: '山田^太郎' }).trim()).toBe('Yamada^Taro=山田^太郎');
    expect(name({ Phonetic: 'やまだ' }).trim()).toBe('==やまだ');
    expect(() => name({ Alphabetic: 1 })).toThrow(expect.objectContaining({ code: 'VALUE' }));
  });

  it('inline bytes are padded with a zero (PS3.5 7.1.1); white space in them says nothing', () => {
    expect(bytes({ vr: 'OB', InlineBinary: 'AQ ID\n' })).toEqual([1, 2, 3, 0]);
    expect(bytes({ vr: 'OB', InlineBinary: 'AQI=' })).toEqual([1, 2]);
    for (const InlineBinary of ['AQI', 'A===', 'AQ-_', '=AQI'])
      expect(() => valueBytes({ vr: 'OB', InlineBinary })).toThrow(expect.objectContaining({ code: 'VALUE' }));
  });

  it('bytes are not given as values, and there is no other VR', () => {
    expect(bytes({ vr: 'OB', Value: [] })).toEqual([]);
    expect(() => valueBytes(of('OW', 1))).toThrow(expect.objectContaining({ code: 'VR' }));
    expect(() => valueBytes(of('XX', 1))).toThrow(expect.objectContaining({ code: 'VR' }));
  });
});

describe('UTF-8 without a platform’s encoder', () => {
  it.each([['\0'], ['\x7f\x80'], ['\u07ff\u0800'], ['\ud7ff\ue000\uffff'], ['\u{10000}\u{10ffff}'], ['Zoë 山田 𝕊']])(
    'of %j',
    (some) => {
      expect([...utf8(some)]).toEqual([...Buffer.from(some, 'utf8')]);
    },
  );

  it('has U+FFFD for half of a pair', () => {
    for (const half of ['a\ud800', '\udfffb', '\udc00']) expect([...utf8(half)]).toEqual([...Buffer.from(half, 'utf8')]);
  });
});

describe('Base64 (RFC 4648 section 4)', () => {
  const all = Uint8Array.from({ length: 259 }, (_, index) => (index * 167) & 255);

  it('of every length and place is what others write, and is read again', () => {
    for (let end = 0; end <= all.length; end += 1) {
      expect(encodeBase64(all, 0, end)).toBe(Buffer.from(all.subarray(0, end)).toString('base64'));
      expect([...decodeBase64(encodeBase64(all, 0, end))]).toEqual([...all.subarray(0, end)]);
    }
    expect(encodeBase64(all, 3, 8)).toBe(Buffer.from(all.subarray(3, 8)).toString('base64'));
    expect(encodeBase64(all)).toBe(Buffer.from(all).toString('base64'));
  });

  it('takes a letter that is none for zero', () => expect([...decodeBase64('A?-/')]).toEqual([0, 0, 63]));
});
