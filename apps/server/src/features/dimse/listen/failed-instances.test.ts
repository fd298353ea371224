import { describe, expect, test } from 'vitest';
import { failedInstances } from './failed-instances.ts';

const [IMPLICIT, EXPLICIT] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('Failed SOP Instance UID List (PS3.4 C.4.2.1.4.2)', () => {
  test('is the one element there is, in either form, with an even length', () => {
    const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');
    expect(hex(failedInstances(['1.2', '1.23'], EXPLICIT))).toBe(`0800580055490800${text('1.2\\1.23')}`);
    expect(hex(failedInstances(['1.2', '1.2'], IMPLICIT))).toBe(`0800580008000000${text('1.2\\1.2\0')}`);
  });

  test('holds as many as a length of 16 bits has room for, each whole', () => {
    const uids = Array.from({ length: 2000 }, (_, index) => `1.2.840.113619.2.55.3.604688119.969.1234567890.${index + 1000}`);
    const bytes = Buffer.from(failedInstances(uids, EXPLICIT));
    const length = bytes.readUInt16LE(6);
    expect([bytes.length, length % 2]).toEqual([length + 8, 0]);
    const told = bytes.subarray(8).toString('latin1').replace('\0', '').split('\\');
    expect(told.length).toBeGreaterThan(1000);
    expect(told).toEqual(uids.slice(0, told.length));
  });
});
