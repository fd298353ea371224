import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { type ContentNode, contentTreeOf, itemAt } from './tree.ts';

const item = (type: string, more: DicomJsonObject = {}): DicomJsonObject => ({ '0040A040': el('CS', type), ...more });
const container = (...items: DicomJsonObject[]): DicomJsonObject => item('CONTAINER', { '0040A730': sq(...items) });
function firstOf(one: DicomJsonObject): ContentNode | undefined {
  return contentTreeOf(container(one))?.root.children[0];
}
const measured = (value: DicomJsonElement, unit?: string): DicomJsonObject =>
  item('NUM', {
    '0040A300': sq({ '0040A30A': value, ...(unit === undefined ? {} : { '004008EA': sq({ '00080100': el('SH', unit) }) }) }),
  });

describe('a number with its unit (PS3.3 C.18.1)', () => {
  test.each([
    [12.5, 'mm', '12.5 mm'],
    [-0.25, "[hnsf'U]", '-0.25 HU'],
    [4.2, '{SUVbw}g/ml', '4.2 SUV'],
    [3, 'g/ml{SUVbw}', '3 SUV'],
    [9, 'mm2', '9 mm²'],
    [9, 'mm3', '9 mm³'],
    [45, 'deg', '45 °'],
    [1, '1', '1'],
    [0, '{ratio}', '0 ratio'],
    [2, 'cm', '2 cm'],
  ])('%d of %s is %s', (value, unit, text) => expect(firstOf(measured(el('DS', value), unit))?.text).toBe(text));

  test('is as it was written where it is text, and nothing where there is none', () => {
    expect(firstOf(measured(el('DS', '12.50'), 'mm'))?.text).toBe('12.50 mm');
    expect(firstOf(measured({ vr: 'DS' }, 'mm'))?.text).toBeUndefined();
    expect(firstOf(measured(el('DS', 5)))?.text).toBe('5');
    expect(firstOf(item('NUM', { '0040A300': { vr: 'SQ' } }))?.text).toBeUndefined();
  });

  test.each(['constructor', 'toString', '__proto__'])('of a unit that is called %s has that unit', (unit) => {
    expect(firstOf(measured(el('DS', 5), unit))?.text).toBe(`5 ${unit}`);
  });
});

describe('values of items (PS3.3 C.17.3.2.1)', () => {
  test.each<[string, DicomJsonObject, string | undefined]>([
    ['DATE', { '0040A121': el('DA', '20260102') }, '20260102'],
    ['TIME', { '0040A122': el('TM', '101500') }, '101500'],
    ['DATETIME', { '0040A120': el('DT', '20260102101500+0100') }, '20260102101500+0100'],
    ['PNAME', { '0040A123': el('PN', { Alphabetic: 'Diop^Awa^^Dr' }) }, 'Diop Awa  Dr'],
    ['PNAME', { '0040A123': el('PN', { Ideographic: '山田^太郎' }) }, '山田 太郎'],
    ['UIDREF', { '0040A124': el('UI', '1.2.3') }, '1.2.3'],
    ['CODE', { '0040A168': sq({ '00080100': el('SH', '123'), '00080104': el('LO', 'Lung') }) }, 'Lung'],
    ['CODE', { '0040A168': sq({ '00080100': el('SH', '123') }) }, '123'],
    ['TEXT', { '0040A160': el('UT', 'one\r\ntwo') }, 'one\ntwo'],
    ['SCOORD', { '00700023': el('CS', 'POINT') }, 'POINT'],
    ['CONTAINER', { '0040A160': el('UT', 'not of a container') }, undefined],
    ['hasOwnProperty', { '0040A160': el('UT', 'of no type') }, undefined],
  ])('of type %s: %j', (type, more, text) => expect(firstOf(item(type, more))?.text).toBe(text));

  test('of an image name it and its frames; one without a UID names none', () => {
    const image = (more: DicomJsonObject) => item('IMAGE', { '00081199': sq(more) });
    expect(firstOf(image({ '00081155': el('UI', '1.2'), '00081160': el('IS', 3, 4) }))?.reference).toEqual({
      sopInstanceUid: '1.2',
      frames: [3, 4],
    });
    expect(firstOf(image({ '00081155': el('UI', '1.2'), '00081160': el('IS', 'x') }))?.reference?.frames).toEqual([]);
    expect(firstOf(image({ '00081160': el('IS', 3) }))?.reference).toBeUndefined();
  });

  test.each([
    ['HAS OBS CONTEXT', true],
    ['HAS CONCEPT MOD', true],
    ['HAS ACQ CONTEXT', true],
    ['HAS PROPERTIES', true],
    ['CONTAINS', false],
    ['INFERRED FROM', false],
    ['SELECTED FROM', false],
  ])('that are related by %s stand beside their parent: %s (C.17.3.2.4)', (relation, isContext) => {
    expect(firstOf(item('TEXT', { '0040A010': el('CS', relation) }))?.isContext).toBe(isContext);
  });
});

describe('an item that is meant elsewhere in the document (C.17.3.2.5)', () => {
  const text = (words: string): DicomJsonObject => item('TEXT', { '0040A160': el('UT', words) });
  const tree = contentTreeOf(
    container(text('1.1'), container(text('1.2.1'), text('1.2.2')), item('', { '0040DB73': el('UL', 1, 2, 2) })),
  );

  test('is found by its place from the root on', () => {
    const [, , reference] = tree?.root.children ?? [];
    expect(reference?.refersTo).toEqual([1, 2, 2]);
    const at = (...place: number[]) => (tree === undefined ? undefined : itemAt(tree, place));
    expect([at(1, 1)?.text, at(1, 2, 1)?.text, at(1, 2, 2)?.text]).toEqual(['1.1', '1.2.1', '1.2.2']);
    expect(at(1)).toBe(tree?.root);
  });

  test('is none where the place is no item of the document', () => {
    for (const place of [[], [2], [0], [1, 0], [1, 9], [1, 1, 1], [2, 1], [1, 1.5]])
      expect(tree && itemAt(tree, place)).toBeUndefined();
  });
});
