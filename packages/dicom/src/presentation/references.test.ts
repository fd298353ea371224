import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { isInScope, referencesOf, refersTo, scopeOf } from './references.ts';

const image = (uid: string, ...frames: (number | string)[]): DicomJsonObject => ({
  '00081155': el('UI', uid),
  ...(frames.length === 0 ? {} : { '00081160': el('IS', ...frames) }),
});
const series = (uid: string, ...images: DicomJsonObject[]): DicomJsonObject => ({
  '0020000E': el('UI', uid),
  '00081140': sq(...images),
});
const stateOf = (...items: DicomJsonObject[]) => ({ references: referencesOf({ '00081115': sq(...items) }) });

describe('the images of a state (PS3.3 C.11.11, Referenced Series and Image Sequences)', () => {
  test('are those of all of its series, each with that series', () => {
    expect(stateOf(series('1', image('1.1'), image('1.2', 3)), series('2', image('2.1'))).references).toEqual([
      { seriesInstanceUid: '1', sopInstanceUid: '1.1', frames: [] },
      { seriesInstanceUid: '1', sopInstanceUid: '1.2', frames: [3] },
      { seriesInstanceUid: '2', sopInstanceUid: '2.1', frames: [] },
    ]);
  });

  test('are meant by all of their frames where none is named, else by those alone, also by frames that are written as text', () => {
    const state = stateOf(series('1', image('1.1'), image('1.2', 2, '4')));
    const frames = (sopInstanceUid: string) =>
      [1, 2, 3, 4, 5].filter((frameNumber) => refersTo(state, { sopInstanceUid, frameNumber }));
    expect([frames('1.1'), frames('1.2'), frames('1')]).toEqual([[1, 2, 3, 4, 5], [2, 4], []]);
  });

  test('that are named twice are meant by the frames of both', () => {
    const state = stateOf(series('1', image('1.1', 1)), series('1', image('1.1', 3)));
    expect([1, 2, 3].map((frameNumber) => refersTo(state, { sopInstanceUid: '1.1', frameNumber }))).toEqual([true, false, true]);
  });

  test('without a UID are none, nor are those of no series', () => {
    expect(stateOf(series('1', { '00081160': el('IS', 1) }), {}).references).toEqual([]);
    expect(referencesOf({})).toEqual([]);
    expect(referencesOf({ '00081115': { vr: 'SQ', Value: [null, 5] } })).toEqual([]);
  });

  test('of which one frame number is none are for no frame: it is not known which was meant', () => {
    expect(stateOf(series('1', image('1.1', 1, 'x'), image('1.2', 1))).references.map((one) => one.sopInstanceUid)).toEqual([
      '1.2',
    ]);
  });

  test('are no more than twenty thousand, over all series', () => {
    const many = Array.from({ length: 12_000 }, (_, at) => image(`1.${at}`));
    expect(stateOf(series('1', ...many), series('2', ...many)).references).toHaveLength(20_000);
  });
});

describe('the part of a state that is for some images (C.10.4, C.10.5, C.11.8)', () => {
  const at = (sopInstanceUid: string, frameNumber = 1) => ({ sopInstanceUid, frameNumber });

  test('is for all where it names none, and for none where nothing that it names can be read', () => {
    expect(scopeOf({})).toBeUndefined();
    expect(isInScope(scopeOf({ '00081140': { vr: 'SQ' } }), at('1.1'))).toBe(true);
    const broken = scopeOf({ '00081140': sq(image('1.1', 'x'), {}) });
    expect([broken, isInScope(broken, at('1.1'))]).toEqual([[], false]);
  });

  test('is asked again and again without being looked through again', () => {
    const scope = scopeOf({ '00081140': sq(...Array.from({ length: 20_000 }, (_, at) => image(`1.${at}`))) });
    let found = 0;
    for (let frame = 0; frame < 20_000; frame += 1) if (isInScope(scope, at(`1.${frame * 2}`))) found += 1;
    expect(found).toBe(10_000);
  });
});
