import { describe, expect, test } from 'vitest';
import {
  asText,
  parseDatasets,
  readItems,
  readNumber,
  readNumbers,
  readPersonName,
  readString,
  readStrings,
  readText,
} from './json-readers.ts';
import type { DicomJsonObject, DicomJsonValue } from './types.ts';

const TAG = '00081030';
/** Also what no type allows: an answer of somebody else may be anything. */
const dataset = (vr: string, ...Value: unknown[]): DicomJsonObject => ({ [TAG]: { vr, Value: Value as DicomJsonValue[] } });
const readers = { readItems, readNumber, readNumbers, readPersonName, readString, readStrings, readText };

describe('an attribute of somebody else’s dataset (PS3.18 F.2)', () => {
  test.each(Object.entries(readers))('%s takes what is absent, empty or of another type without failing', (_name, read) => {
    for (const one of [
      undefined,
      {},
      dataset('LO'),
      { [TAG]: { vr: 'LO' } },
      dataset('LO', null),
      dataset('LO', [[]]),
      dataset('SQ', 'x', 5, null),
    ])
      expect(() => read(one, TAG)).not.toThrow();
  });

  test('a text loses what acts on what is around it: directions and controls (UAX 9)', () => {
    expect(asText('\u202eDUPONT\u202c')).toBe('DUPONT');
    expect(asText('\u2066A\u2069')).toBe('A');
    expect(asText('A\u0000\u001b[31mB\u0085')).toBe('A [31mB');
    expect(asText('  Éléonore \t')).toBe('Éléonore');
    expect(readString(dataset('LO', '\u202e'), TAG)).toBeUndefined();
    expect(readStrings(dataset('LO', 'A\u0007', 5, 'B'), TAG)).toEqual(['A', 'B']);
  });

  test('a text is the first value; a number is its digits', () => {
    expect(readString(dataset('LO', 'A', 'B'), TAG)).toBe('A');
    expect(readString(dataset('IS', 5), TAG)).toBe('5');
    expect(readString(dataset('LO', ''), TAG)).toBeUndefined();
    expect(readString(dataset('LO', {}), TAG)).toBeUndefined();
  });

  test('a text of several lines keeps them, whatever ends them', () => {
    expect(readText(dataset('LT', 'A\r\nB\rC\nD\u2028E'), TAG)).toBe('A\nB\nC\nD\nE');
    expect(readText(dataset('LT', 'A\u202eB\n\u0000'), TAG)).toBe('AB');
    expect(readText(dataset('LT', '\n\n'), TAG)).toBeUndefined();
    expect(readText(dataset('IS', 7), TAG)).toBe('7');
  });

  test.each<[unknown[], number[] | undefined]>([
    [
      [1, 2.5],
      [1, 2.5],
    ],
    [
      ['1', ' 2.5 '],
      [1, 2.5],
    ],
    [['1e3'], [1000]],
    [[''], undefined],
    [[1, 'x'], undefined],
    [[1, null], undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    [['NaN'], undefined],
    [[], undefined],
    [[{}], undefined],
  ])('numbers of %j are %j: all of them, or none', (values, expected) => {
    expect(readNumbers(dataset('DS', ...values), TAG)).toEqual(expected);
    expect(readNumber(dataset('DS', ...values), TAG)).toBe(expected?.[0]);
  });

  test('items are objects; anything else is left out', () => {
    const item = { '00080060': { vr: 'CS', Value: ['CT'] } };
    expect(readItems(dataset('SQ', item, null, 'x', [item], 5), TAG)).toEqual([item]);
    expect(parseDatasets({})).toEqual([]);
    expect(parseDatasets([item, [], 'x'])).toEqual([item]);
  });

  test('a name is its alphabetic group, else the ideographic, else the phonetic one (PS3.5 6.2.1.2)', () => {
    const named = (value: unknown) => readPersonName(dataset('PN', value), TAG);
    expect(named({ Alphabetic: 'A^B', Ideographic: '山田' })).toBe('A^B');
    expect(named({ Alphabetic: ' ', Ideographic: '山田', Phonetic: 'やまだ' })).toBe('山田');
    expect(named({ Phonetic: 'やまだ' })).toBe('やまだ');
    expect(named({ Alphabetic: 5 })).toBeUndefined();
    expect(named('A^B=山田')).toBe('A^B');
    expect([named('=山田^太郎'), named('==やまだ'), named(' =山田='), named('=='), named('')]).toEqual([
      ...['山田^太郎', 'やまだ', '山田', '', ''],
    ]);
    expect(named(5)).toBeUndefined();
    expect(named({ Alphabetic: '\u202eA' })).toBe('A');
  });
});
