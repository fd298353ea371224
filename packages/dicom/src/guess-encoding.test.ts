import { describe, expect, test } from 'vitest';
import { ascii, concat, explicit, implicit, item, u16, u32 } from '../test/build.ts';
import { correctEncoding, guessEncoding } from './guess-encoding.ts';
import { parsePart10 } from './parse.ts';

const EXPLICIT = { isExplicit: true, littleEndian: true };
const IMPLICIT = { isExplicit: false, littleEndian: true };
const BIG = { isExplicit: true, littleEndian: false };
/** The first element of a dataset in Explicit VR Big Endian (PS3.5 A.3, retired). */
const bigEndian = (group: number, element: number, vr: string, value: string): Uint8Array =>
  concat(Uint8Array.of(0, group, 0, element), ascii(vr), Uint8Array.of(0, value.length), ascii(value));
const after = explicit('00100020', 'LO', 'P-1');

describe('how a dataset is encoded is seen by its first element (PS3.5 7.1, annex A)', () => {
  test.each([
    ['explicit', explicit('00080005', 'CS', 'ISO_IR 100'), EXPLICIT],
    ['implicit', implicit('00080005', 'ISO_IR 100'), IMPLICIT],
    ['big endian', bigEndian(8, 5, 'CS', 'ISO_IR 100'), BIG],
    ['explicit, a group length', explicit('00080000', 'UL', u32(100)), EXPLICIT],
    ['implicit, a group length', implicit('00080000', u32(100)), IMPLICIT],
    ['a directory (group 0004)', explicit('00041130', 'CS', 'DISC'), EXPLICIT],
    ['without study (group 0010)', explicit('00100010', 'PN', 'A^B '), EXPLICIT],
    ['without patient (group 0018)', implicit('00180015', 'CHEST '), IMPLICIT],
    ['implicit, of no value', concat(implicit('00080005'), after), IMPLICIT],
    ['implicit, a sequence of undefined length', concat(implicit('00081110', new Uint8Array(0), 0xffffffff), item()), IMPLICIT],
  ])('%s', (_what, bytes, encoding) => expect(guessEncoding(bytes, bytes.length)).toEqual(encoding));

  test.each([
    ['nothing', new Uint8Array(0)],
    ['seven bytes', explicit('00080005', 'CS', 'ISO_IR 100').subarray(0, 7)],
    ['a group where no dataset begins', explicit('00280010', 'US', u16(1))],
    ['a private group', explicit('00090010', 'LO', 'ACME')],
    ['an attribute that PS3.6 has not', explicit('00080007', 'CS', 'AB')],
    ['file meta information', explicit('00020010', 'UI', '1.2 ')],
    ['text', ascii('The quick brown fox')],
  ])('is not seen in %s', (_what, bytes) => expect(guessEncoding(bytes, bytes.length)).toBeUndefined());

  test('a length that is more than there is, or than a first value ever has, is none', () => {
    const value = implicit('00080005', new Uint8Array(0), 40);
    expect([guessEncoding(value, 48), guessEncoding(value, 47)]).toEqual([IMPLICIT, undefined]);
    const long = implicit('00080005', new Uint8Array(0), 65_538);
    expect(guessEncoding(long, 1e9)).toBeUndefined();
    expect(guessEncoding(implicit('00080005', new Uint8Array(0), 65_536), 1e9)).toEqual(IMPLICIT);
  });

  test('undefined length is for sequences', () =>
    expect(guessEncoding(implicit('00080005', new Uint8Array(0), 0xffffffff), 1e9)).toBeUndefined());
});

describe('what a transfer syntax says against what is there', () => {
  test.each([
    [EXPLICIT, explicit('00080005', 'CS', 'ISO_IR 100'), undefined],
    [IMPLICIT, explicit('00080005', 'CS', 'ISO_IR 100'), EXPLICIT],
    [EXPLICIT, implicit('00080005', 'ISO_IR 100'), IMPLICIT],
    [BIG, explicit('00080005', 'CS', 'ISO_IR 100'), EXPLICIT],
    [EXPLICIT, bigEndian(8, 5, 'CS', 'ISO_IR 100'), BIG],
    [BIG, bigEndian(8, 5, 'CS', 'ISO_IR 100'), undefined],
    // What can't be told is as declared.
    [IMPLICIT, explicit('00280010', 'US', u16(1)), undefined],
  ])('%j: %#', (declared, bytes, seen) => expect(correctEncoding(declared, bytes, bytes.length)).toEqual(seen));

  test.each([
    ['1.2.840.10008.1.2', concat(explicit('00080005', 'CS', 'ISO_IR 100'), after)],
    ['1.2.840.10008.1.2.2', concat(explicit('00080005', 'CS', 'ISO_IR 100'), after)],
    ['1.2.840.10008.1.2.1', concat(implicit('00080005', 'ISO_IR 100'), implicit('00100020', 'P-1'))],
  ])('a file that calls itself %s and is another is read as what it is, and says so', (syntax, dataset) => {
    const uid = concat(ascii(syntax.length % 2 === 0 ? syntax : `${syntax}\0`));
    const file = concat(new Uint8Array(128), ascii('DICM'), explicit('00020010', 'UI', uid), dataset);
    const { json, warnings, transferSyntaxUid } = parsePart10(file);
    expect(json['00100020']).toEqual({ vr: 'LO', Value: ['P-1'] });
    expect([warnings.map(({ code }) => code), transferSyntaxUid]).toEqual([['TRANSFER_SYNTAX_MISMATCH'], syntax]);
  });

  test.each([
    ['1.2.840.10008.1.2.1', concat(explicit('00080005', 'CS', 'ISO_IR 100'), after)],
    ['1.2.840.10008.1.2', concat(implicit('00080005', 'ISO_IR 100'), implicit('00100020', 'P-1'))],
    ['1.2.840.10008.1.2.2', concat(bigEndian(8, 5, 'CS', 'ISO_IR 100'), bigEndian(16, 32, 'LO', 'P-1 '))],
  ])('a dataset alone that looks like %s is that (PS3.10 7.1 asks for more)', (syntax, dataset) => {
    const { json, transferSyntaxUid, hasMeta, hasPreamble } = parsePart10(dataset);
    expect([json['00100020']?.Value, transferSyntaxUid, hasMeta, hasPreamble]).toEqual([['P-1'], syntax, false, false]);
  });
});
