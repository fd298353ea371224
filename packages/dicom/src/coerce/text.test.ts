import { describe, expect, test } from 'vitest';
import { decodeText } from '../charset.ts';
import { charsetOf } from '../charset-terms.ts';
import type { DicomJsonValue } from '../types.ts';
import { type Repertoire, repertoireOf } from './repertoire.ts';
import { encodeText, isWritable } from './text.ts';

const name = (...Value: DicomJsonValue[]) => ({ vr: 'PN', Value });
const text = (...Value: DicomJsonValue[]) => ({ vr: 'LO', Value });
/** Bytes as text of ISO 8859-1, or of UTF-8. */
const written = (element: Parameters<typeof encodeText>[0], repertoire: Repertoire): string =>
  Buffer.from(encodeText(element, repertoire)).toString(repertoire === 'utf8' ? 'utf8' : 'latin1');

describe('what a Specific Character Set can hold without escapes (PS3.3 C.12.1.1.2)', () => {
  test.each<[string, Repertoire]>([
    ['', 'ascii'],
    ['ISO_IR 6', 'ascii'],
    ['ISO_IR 100', 'latin1'],
    ['ISO 2022 IR 100', 'latin1'],
    ['ISO 2022 IR 100\\ISO 2022 IR 144', 'latin1'],
    ['ISO_IR 192', 'utf8'],
    ['ISO_IR 101', 'ascii'],
    ['ISO_IR 144', 'ascii'],
    ['GB18030', 'ascii'],
    ['ISO 2022 IR 6\\ISO 2022 IR 87', 'ascii'],
    ['NONSENSE', 'ascii'],
  ])('%j: %s', (terms, repertoire) => expect(repertoireOf(charsetOf(terms))).toBe(repertoire));

  test.each<[Repertoire, string]>([
    ['ascii', ''],
    ['latin1', 'ISO_IR 100'],
    ['utf8', 'ISO_IR 192'],
  ])('what is written in %s is read again by the set', (repertoire, terms) => {
    const value = repertoire === 'ascii' ? 'Nunez^Jose' : repertoire === 'latin1' ? 'Núñez^José' : 'Núñez^山田';
    const bytes = encodeText(text(value), repertoire);
    expect(isWritable(text(value), repertoire)).toBe(true);
    const { text: read, isCertain } = decodeText(bytes, { start: 0, end: bytes.length }, charsetOf(terms), 'LO');
    expect([read.trimEnd(), isCertain]).toEqual([value, true]);
  });
});

describe('text that the set lacks', () => {
  test.each<[string, Repertoire, string]>([
    ['Núñez', 'ascii', 'Nunez'],
    ['Ağrı', 'latin1', 'Agri'],
    ['Œuvre', 'ascii', 'OEuvre'],
    ['Œuvre', 'latin1', 'OEuvre'],
    ['Straße', 'ascii', 'Strasse'],
    ['Straße', 'latin1', 'Straße'],
    ['Łódź', 'latin1', 'Lódz'],
    ['Þór', 'ascii', 'Thor'],
    ['l’os – “bien”…', 'ascii', 'l\'os - "bien"...'],
    ['ﬁn ½ №5', 'latin1', 'fin ½ No5'],
    ['山田', 'ascii', '??'],
    ['🩻', 'latin1', '?'],
    ['№', 'utf8', '№'],
  ])('%s is written in %s as %s', (value, repertoire, expected) => {
    expect(written(text(value), repertoire).trimEnd()).toBe(expected);
    expect(isWritable(text(value), repertoire)).toBe(value === expected);
  });

  test('letters made of two characters are the ones that sets have', () => {
    const parted = 'Nu\u0301n\u0303ez';
    expect(written(text(parted), 'latin1').trimEnd()).toBe('Núñez');
    expect(isWritable(text(parted), 'latin1')).toBe(true);
    expect(written(text(parted), 'utf8').trimEnd()).toBe(parted);
  });

  test('a control character of ISO 8859-1’s upper half is none of its letters', () =>
    expect(isWritable(text('a\u0085b'), 'latin1')).toBe(false));
});

describe('what would change the meaning of what follows (PS3.5 6.1.3, 6.2)', () => {
  test.each([
    ['a\\b', 'a/b'],
    ['a\u001b$Bb', 'a $Bb'],
    ['a\tb\r\n', 'a b'],
    ['a\u0000b', 'a b'],
    ['\u0007', ''],
  ])('%j is written as %j', (value, expected) => {
    for (const repertoire of ['ascii', 'latin1', 'utf8'] as const)
      expect(written(text(value), repertoire).trimEnd()).toBe(expected);
    expect(isWritable(text(value), 'utf8')).toBe(false);
  });

  test('several values have a backslash between them, which is none of theirs', () => {
    expect(written(text('a\\b', 'c', null), 'ascii')).toBe('a/b\\c\\');
    expect(isWritable(text('a', 'b'), 'ascii')).toBe(true);
  });
});

describe('names (PS3.5 6.2.1)', () => {
  const both = name({ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' });

  test('have their groups where the set has the letters, and leave the others out', () => {
    expect(written(both, 'utf8').trimEnd()).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
    expect(written(both, 'latin1')).toBe('Yamada^Tarou');
    expect(isWritable(both, 'latin1')).toBe(false);
  });

  test('keep the place of a group behind one that is left out', () => {
    expect(written(name({ Alphabetic: 'A', Ideographic: '山', Phonetic: 'B' }), 'ascii')).toBe('A==B');
    expect(written(name({ Ideographic: 'B' }), 'ascii')).toBe('=B');
  });

  test('have approximations in their first group, which everybody reads', () =>
    expect(written(name({ Alphabetic: 'Núñez^Łucja' }), 'ascii').trimEnd()).toBe('Nunez^Lucja'));
});

test('values have an even length, filled up with a space (PS3.5 6.2)', () => {
  for (const [value, length] of [
    ['', 0],
    ['a', 2],
    ['ab', 2],
  ] as const)
    expect(encodeText(text(value), 'ascii')).toHaveLength(length);
  expect([...encodeText(text('é'), 'utf8')]).toEqual([0xc3, 0xa9]);
  expect([...encodeText(text('é'), 'latin1')]).toEqual([0xe9, 0x20]);
  expect(encodeText({ vr: 'LO' }, 'utf8')).toHaveLength(0);
});
