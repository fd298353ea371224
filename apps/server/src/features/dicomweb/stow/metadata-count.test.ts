import { describe, expect, test } from 'vitest';
import { itInLongRun } from '../../../../test/support/sample.ts';
import { JsonScan } from './json-scan.ts';
import { MetadataCount } from './metadata-count.ts';
import { XmlScan } from './xml-scan.ts';

const CHUNK = 4096;

/** Bytes that were looked at when the scan failed; undefined when it did not. */
function refusedAt(form: 'json' | 'xml', text: string, chunk = CHUNK, code = 'TOO_LARGE'): number | undefined {
  const count = new MetadataCount();
  const scan = form === 'json' ? new JsonScan(count) : new XmlScan(count);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) {
    try {
      scan.take(bytes.subarray(at, at + chunk));
    } catch (error) {
      expect(error).toMatchObject({ code });
      return at + chunk;
    }
  }
  return undefined;
}

const many = (length: number, one: (at: number) => string): string => Array.from({ length }, (_, at) => one(at)).join();
const tag = (at: number): string => (0x00111000 + at).toString(16).padStart(8, '0');
const UID = '{"vr":"UI","Value":["1.2.3"]}';
const NAME = '{"vr":"PN","Value":[{"Alphabetic":"A^B","Phonetic":"\\"{[,:"}]}';

describe('metadata of a request are counted while they arrive', () => {
  test.each([
    ['a million elements', `[{${many(1_000_000, (at) => `"${tag(at)}":{}`)}}]`],
    ['half a million side by side', `[{${many(500_000, (at) => `"${tag(at)}":{"vr":"LO"}`)}}]`],
    [
      'a million elements in items',
      `{"00089215":{"vr":"SQ","Value":[${many(10_000, () => `{${many(100, (at) => `"${tag(at)}":{}`)}}`)}]}}`,
    ],
    ['millions of empty datasets', `[${'{},'.repeat(2_500_000)}{}]`],
    ['more datasets than a request has', `[${'{},'.repeat(20_000)}{}]`],
    ['millions of empty items', `{"00089215":{"vr":"SQ","Value":[${'{},'.repeat(2_500_000)}{}]}}`],
    ['millions of values', `[{"00111010":{"vr":"LO","Value":[${'1,'.repeat(3_000_000)}1]}}]`],
    ['an element of many members', `[{"00111010":{"vr":"LO",${many(300_000, (at) => `"x${at}":1`)}}}]`],
  ])('%s are refused before the last piece', (_what, text) => {
    expect(refusedAt('json', text)).toBeLessThan(text.length);
  });

  test.each([
    ['items', '<NativeDicomModel>', '<Item/>', 2_200_000],
    ['attributes', '<NativeDicomModel>', '<DicomAttribute/>', 900_000],
    ['models', '', '<NativeDicomModel/>', 10_001],
    ['values', '<NativeDicomModel>', '<Value/>', 2_600_000],
    ['attributes of one tag', '<Value', ' a="b"', 40],
    ['attributes between apostrophes', '<DicomAttribute vr="LO"', " a0=''", 40],
    ['attributes with blanks around', '<DicomAttribute', '\n\ta =\r\n "="', 40],
    ['attributes whose values look like ends of a tag', '<DicomAttribute', ` a='">' b=">'"`, 20],
    ['attributes behind what is none', "<!-- it's <x a=' --><![CDATA[ <\" ]]><Value", ' a="b"', 40],
  ])('XML of too many %s is refused', (_what, start, one, count) => {
    expect(refusedAt('xml', start + one.repeat(count))).toBeLessThanOrEqual(start.length + one.length * count + CHUNK);
  });

  test.each(['{{[', '[', '{"00089215":{"vr":"SQ","Value":[', '{"a":'])('%s in itself is refused some hundred deep', (one) => {
    expect(refusedAt('json', one.repeat(250), 64, 'BAD_REQUEST')).toBeLessThan(300 * one.length);
    expect(refusedAt('json', one.repeat(1_000_000), CHUNK, 'BAD_REQUEST')).toBeLessThan(2 * CHUNK);
  });

  test('items as deep as a dataset may be are not', () => {
    const deep = `[${'{"00089215":{"vr":"SQ","Value":['.repeat(64)}{"00100010":${NAME}}${']}}'.repeat(64)}]`;
    expect(() => JSON.parse(deep)).not.toThrow();
    expect(refusedAt('json', deep, 100)).toBeUndefined();
  });

  test.each([
    ['a name of a person', (keys: string) => `[{"00100010":{"vr":"PN","Value":[{${keys}}]}}]`],
    ['an object that is no element', (keys: string) => `[{"00111010":{"vr":"LO","x":{"y":[{${keys}}]}}}]`],
    ['what is no dataset', (keys: string) => `{${keys}}`],
  ])('three hundred thousand keys of %s are refused', (_what, around) => {
    const text = around(many(300_000, (at) => `"x${at}":1`));
    expect(refusedAt('json', text)).toBeLessThan(text.length);
  });

  test('XML with texts and comments full of signs is not', () => {
    const signs = `${'='.repeat(100)}${`"'`.repeat(100)} > `;
    const root = `<?xml version="1.0" encoding='UTF-8'?><!-- ${signs} --><NativeDicomModel xmlns="a" xml:space='preserve'>`;
    const element = `<DicomAttribute vr="LT" tag='00204000' keyword="a='b'c='d'" privateCreator="a>b"><Value number="1">${signs}</Value></DicomAttribute>`;
    expect(refusedAt('xml', `${root}${element.repeat(100)}</NativeDicomModel>`)).toBeUndefined();
  });

  test.each([
    ['9,900 instances', `[${many(9_900, () => `{${many(40, (at) => `"${tag(at)}":${UID}`)}}`)}]`],
    [
      '10,000 frames of 60 elements',
      `[{"52009230":{"vr":"SQ","Value":[${many(10_000, () => `{${many(60, (at) => `"${tag(at)}":{"vr":"LO"}`)}}`)}]}}]`,
    ],
    ['a contour of two million numbers', `[{"30060050":{"vr":"DS","Value":[${many(2_000_000, (at) => String(at % 100))}]}}]`],
    ['texts that look like structure', `[{"00204000":{"vr":"LT","Value":["${'{[,:\\"\\\\'.repeat(500_000)}"]}}]`],
  ])('%s are not', (_what, text) => {
    expect(refusedAt('json', text)).toBeUndefined();
  });

  itInLongRun('whatever the pieces are', () => {
    const name = `[{"00100010":${NAME}}]`.repeat(30);
    for (const chunk of [1, 2, 3, 7, 1000]) expect(refusedAt('json', name, chunk)).toBeUndefined();
    const wide = `{"00111010":{"vr":"LO","Value":["a\\\\"]},${many(200_300, (at) => `"${tag(at)}":{"vr":"PN","Value":["\\"]"]}`)}}`;
    for (const chunk of [1, 3, 1000]) expect(refusedAt('json', wide, chunk)).toBeGreaterThan(wide.length - 5000);
  });
});
