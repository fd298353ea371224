import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { isNaming, isNumberOf, itemsOf, mentions, namingNumbers, namingWords, plain, wordsOf } from './identity.ts';

const name = (...Value: object[]) => ({ vr: 'PN', Value }) as DicomJsonObject[string];
const text = (vr: string, ...Value: string[]) => ({ vr, Value });

describe('words that name somebody', () => {
  test('are those of every Person Name, in all its writings, and of the patient’s numbers and addresses', () => {
    const words = namingWords({
      '00100010': name({ Alphabetic: 'Dupont-Lacroix^Éléonore', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }),
      '00100020': text('LO', 'HOP-4711007'),
      '00080090': name({ Alphabetic: 'Diop^Awa^^Dr' }),
      '00101040': text('LO', '12 rue des Lilas, Thiès'),
      '00080050': text('SH', 'ACC2024X'),
      '0008103E': text('LO', 'Thorax'),
    });
    for (const word of [
      'DUPONT',
      'LACROIX',
      'ELEONORE',
      'やまた'.normalize('NFKD'),
      '4711007',
      'HOP',
      'DIOP',
      'AWA',
      'RUE',
      'LILAS',
      'THIES',
      'ACC2024X',
    ])
      expect(
        [...words].some((known) => known.includes(word)),
        word,
      ).toBe(true);
    expect(words.has('THORAX')).toBe(false);
  });

  test('also of names inside of sequences, however deep', () => {
    const inner: DicomJsonObject = { '00401101': { vr: 'SQ', Value: [{ '0040A123': name({ Alphabetic: 'Fall^Moussa' }) }] } };
    const words = namingWords({ '00081052': { vr: 'SQ', Value: [inner] } });
    expect([...words].sort()).toEqual(['FALL', 'MOUSSA']);
  });

  test('of two letters name nobody but the patient, of one nobody', () => {
    expect([...namingWords({ '00100010': name({ Alphabetic: 'Bâ^L' }) })].sort()).toEqual(['BA', 'Bâ']);
    expect(namingWords({ '00080090': name({ Alphabetic: 'Bâ^Li' }) }).size).toBe(0);
  });

  test('are no more than memory should hold, whatever a file brings', () => {
    const many = Array.from({ length: 5000 }, (_, at) => ({ Alphabetic: `NAME${at}` }));
    expect(namingWords({ '00100010': name(...many) }).size).toBe(2000);
  });
});

describe('a text', () => {
  const words = new Set(['DUPONT', 'LI', 'ELEONORE']);
  test.each([
    ['Seen by dupont', true],
    ['DUPONT', true],
    ['Éléonore', true],
    ['el^eonore', true],
    ['CTDUPONTX', true],
    ['D.U.P.O.N.T', true],
    ['LI', true],
    ['LIVER', false],
    ['DUPON', false],
    ['', false],
  ])('%j mentions one of them: %s', (value, expected) => {
    expect(mentions(value, words)).toBe(expected);
    expect(isNaming(text('LO', 'CT', value), words)).toBe(expected);
  });

  test('is compared without accents, marks and case', () => {
    expect(plain('Ã‰é')).toBe(plain('Ã‰é'.normalize('NFD')));
    expect(wordsOf('Éléonore d’Arc, 12/3')).toEqual(['ELEONORE', 'D', 'ARC', '12', '3']);
  });
});

test('items are those of sequences alone', () => {
  const item: DicomJsonObject = { '00080060': text('CS', 'CT') };
  expect(itemsOf({ vr: 'SQ', Value: [item, null] })).toEqual([item]);
  expect(itemsOf(name({ Alphabetic: 'X' }))).toEqual([]);
  expect(itemsOf({ vr: 'SQ' })).toEqual([]);
});

describe('numbers that name the patient', () => {
  const numbers = namingNumbers({
    '00100020': text('LO', 'HOP-0004711007'),
    '00102154': text('SH', '+221 77 123 45 67'),
    '00100030': text('DA', '19700228'),
    '0020000D': text('UI', '1.2.999999'),
    '00081052': { vr: 'SQ', Value: [{ '00100020': text('LO', '88123456') }] },
  });
  test('are those of identifiers, telephones and the day of birth, without zeros before them, wherever they stand', () => {
    for (const number of ['4711007', '221771234567', '19700228', '88123456']) expect(numbers.has(number), number).toBe(true);
    expect(numbers.has('999999')).toBe(false);
  });
  test.each<[string | number, boolean]>([
    [4711007, true],
    ['0004711007', true],
    ['4711007.25', true],
    [94711007, true],
    [19700228, true],
    [471100, false],
    ['1.4711007', false],
    ['x4711007', false],
    [1e300, false],
  ])('%j is one of them: %s', (value, expected) => {
    expect(isNumberOf({ vr: 'DS', Value: [value] }, numbers)).toBe(expected);
  });
  test('of nobody are none', () => {
    expect(isNumberOf({ vr: 'DS', Value: [4711007] }, new Set())).toBe(false);
    expect(namingNumbers({ '00100020': text('LO', '12345') }).size).toBe(0);
  });
});
