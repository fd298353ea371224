import { describe, expect, test } from 'vitest';
import { readCommandSet, writeCommandSet } from './command-set.ts';
import { COMMAND_FIELDS, type CommandSet } from './fields.ts';

/** An element in Implicit VR Little Endian; `length` may lie. */
function element(number: number, value: string | readonly number[], { group = 0, length = value.length } = {}): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value)]);
}
const bytes = (...elements: Buffer[]): Uint8Array => new Uint8Array(Buffer.concat(elements));
const withLength = (...elements: Buffer[]): Uint8Array => {
  const rest = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(rest.length);
  return bytes(element(0, [...length]), rest);
};

const STORE: CommandSet = {
  AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  CommandField: 1,
  MessageID: 0xabcd,
  Priority: 2,
  CommandDataSetType: 1,
  AffectedSOPInstanceUID: '1.2.3.45',
  MoveOriginatorApplicationEntityTitle: 'ONE',
};
const STORE_BYTES = withLength(
  element(0x0002, '1.2.840.10008.5.1.4.1.1.2\0'),
  element(0x0100, [1, 0]),
  element(0x0110, [0xcd, 0xab]),
  element(0x0700, [2, 0]),
  element(0x0800, [1, 0]),
  element(0x1000, '1.2.3.45'),
  element(0x1030, 'ONE '),
);

describe('command sets (PS3.7 6.3.1, E.1)', () => {
  test('are written in Implicit VR Little Endian, in order, padded, behind their length', () => {
    const disordered = Object.fromEntries(Object.entries(STORE).reverse());
    expect(writeCommandSet(disordered)).toEqual(STORE_BYTES);
  });

  test('are read', () => {
    expect(readCommandSet(STORE_BYTES)).toEqual(STORE);
  });

  test('every element comes out as it went in', () => {
    const sample = { UI: '1.2.3', US: 513, AE: 'AE TITLE', LO: 'a comment', AT: ['00100020', '7FE00010'] };
    const all = Object.fromEntries(Object.entries(COMMAND_FIELDS).map(([keyword, [, vr]]) => [keyword, sample[vr]]));
    expect(readCommandSet(writeCommandSet(all))).toEqual(all);
  });

  test('every element has a number of its own, in the order in which they are written', () => {
    const numbers = Object.values(COMMAND_FIELDS).map(([number]) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  test('a length that lies, and one that is not there, change nothing', () => {
    expect(readCommandSet(bytes(element(0, [255, 255, 255, 255]), element(0x0100, [0x30, 0])))).toEqual({ CommandField: 0x30 });
    expect(readCommandSet(bytes(element(0x0100, [0x30, 0])))).toEqual({ CommandField: 0x30 });
  });

  test('elements that are retired or not known are left alone (PS3.7 E.2)', () => {
    expect(readCommandSet(bytes(element(1, [0, 0, 0, 0]), element(0x0010, 'ACR-NEMA'), element(0x0110, [7, 0])))).toEqual({
      MessageID: 7,
    });
  });

  test('an empty value is none, padding is not part of one', () => {
    expect(readCommandSet(bytes(element(0x0110, []), element(0x0600, ' STORE  '), element(0x1000, '1.2.3\0')))).toEqual({
      MoveDestination: 'STORE',
      AffectedSOPInstanceUID: '1.2.3',
    });
  });

  test('tags that are cut are left out', () => {
    expect(readCommandSet(bytes(element(0x0901, [0x10, 0, 0x20, 0, 0x08, 0])))).toEqual({ OffendingElement: ['00100020'] });
  });

  test.each([
    ['another group', bytes(element(0x0010, 'A^B ', { group: 0x0010 }))],
    ['a value of 4 GiB', bytes(element(0x1000, '1.2.3.', { length: 0xffff_ffff }))],
    ['a value one byte longer than what is there', bytes(element(0x1000, '1.2.3.', { length: 7 }))],
    ['a header that is cut', bytes(element(0x0100, [1, 0])).subarray(0, 6)],
    ['a tail', bytes(element(0x0100, [1, 0]), Buffer.from([0, 0, 0]))],
    ['a number of one byte', bytes(element(0x0110, [7]))],
    ['two numbers', bytes(element(0x0110, [7, 0, 8, 0]))],
    ['an element that comes twice', bytes(element(0x0110, [7, 0]), element(0x0110, [8, 0]))],
  ])('%s is an error', (_what, wrong) => {
    expect(() => readCommandSet(wrong)).toThrowError(expect.objectContaining({ code: 'COMMAND_SET' }));
  });

  test.each([
    ['a number of more than 16 bits', { MessageID: 65_536 }],
    ['a number below zero', { Status: -1 }],
    ['a number with a fraction', { Status: 1.5 }],
    ['text that is not ASCII', { ErrorComment: 'erreur de réseau' }],
    ['a tag that is none', { OffendingElement: ['nonsense'] }],
  ])('%s is not written', (_what, command) => {
    expect(() => writeCommandSet(command)).toThrowError(expect.objectContaining({ code: 'VALUE' }));
  });

  test('nothing is a command set of nothing', () => {
    expect(readCommandSet(new Uint8Array(0))).toEqual({});
    expect(writeCommandSet({})).toEqual(withLength());
  });
});
