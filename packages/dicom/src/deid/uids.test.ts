import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isUid } from '../uid.ts';
import { isWellKnownUid, type KeyedHash, pseudonymFrom, shiftDaysFrom, uidFrom } from './uids.ts';

const keyed =
  (key: string): KeyedHash =>
  (label, text) =>
    createHmac('sha256', key).update(`${label}\0${text}`).digest();
const [one, two] = [keyed('one'), keyed('two')];
const many = Array.from({ length: 2000 }, (_, at) => `1.2.3.${at}`);

describe('a UID made of a key and another UID (PS3.5 B.2)', () => {
  test('is one to the letter, of at most 44 characters, and another one for each', () => {
    const made = many.map((uid) => uidFrom(one, uid));
    expect(made.every((uid) => isUid(uid) && uid.length <= 44 && uid.startsWith('2.25.'))).toBe(true);
    expect(new Set(made).size).toBe(many.length);
  });
  test('is the same again by the same key, and tells nothing by another', () => {
    expect(uidFrom(one, '1.2.3')).toBe(uidFrom(keyed('one'), '1.2.3'));
    expect(uidFrom(one, '1.2.3')).not.toBe(uidFrom(two, '1.2.3'));
  });
  test('does not depend on padding', () => {
    for (const padded of ['1.2.3\0', '1.2.3 ', '1.2.3 \0 ']) expect(uidFrom(one, padded)).toBe(uidFrom(one, '1.2.3'));
    expect(uidFrom(one, ' 1.2.3')).not.toBe(uidFrom(one, '1.2.3'));
  });
  test('has no leading zero where the hash begins with zeros', () => {
    const zeros: KeyedHash = () => Uint8Array.from({ length: 32 }, (_, at) => (at === 15 ? 7 : 0));
    expect(uidFrom(zeros, 'x')).toBe('2.25.7');
    expect(uidFrom(() => new Uint8Array(16), 'x')).toBe('2.25.0');
    expect(uidFrom(() => new Uint8Array(16).fill(255), 'x')).toBe(`2.25.${2n ** 128n - 1n}`);
  });
  test('needs a hash of 16 bytes', () => {
    for (const make of [uidFrom, pseudonymFrom]) expect(() => make(() => new Uint8Array(15), 'x')).toThrow(RangeError);
    expect(() => shiftDaysFrom(() => new Uint8Array(7), 'x')).toThrow(RangeError);
  });
});

describe('a pseudonym', () => {
  test('has no letters that look alike, and is another one for each', () => {
    const made = many.map((patient) => pseudonymFrom(one, patient));
    for (const text of made) expect(text).toMatch(/^P-[2-9A-HJKMNP-TV-Z]{10}$/);
    expect(new Set(made).size).toBe(many.length);
    expect(pseudonymFrom(one, 'a')).not.toBe(pseudonymFrom(two, 'a'));
  });
});

test('days are moved into the past, between one day and ten years, by the key and the patient', () => {
  const days = many.map((patient) => shiftDaysFrom(one, patient));
  expect(Math.max(...days)).toBeLessThanOrEqual(-1);
  expect(Math.min(...days)).toBeGreaterThanOrEqual(-3650);
  expect(new Set(days).size).toBeGreaterThan(1000);
  expect(shiftDaysFrom(one, 'a')).toBe(shiftDaysFrom(one, 'a'));
});

describe('a UID of the standard', () => {
  test.each(['1.2.840.10008.1.2.1', '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.481.3', '1.2.840.10008.2.16.4'])(
    '%s tells nothing',
    (uid) => {
      expect(isWellKnownUid(uid)).toBe(true);
    },
  );
  test.each([
    '1.2.840.10008',
    '1.2.840.10008.19700228.1',
    '1.2.840.10008.1.02',
    '1.2.840.100081.1',
    '1.2.840.113619.2.1',
    `1.2.840.10008${'.1'.repeat(12)}`,
    '1.2.840.10008.5.1.4.1.1.2 ',
    'DUPONT',
    '',
  ])('%j may tell', (uid) => {
    expect(isWellKnownUid(uid)).toBe(false);
  });
});
