import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { isNaming, itemsOf, mentions, namingWords, plain, wordsOf } from './identity.ts';

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

  test('of one or two letters are too common to name anybody', () => {
    expect(namingWords({ '00100010': name({ Alphabetic: 'Bâ^Li' }) }).size).toBe(0);
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
