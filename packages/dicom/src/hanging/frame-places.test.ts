import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { firstFrame } from './first-frame.ts';
import { frameGroupsOf, functionalGroup, placedFrames } from './frame-places.ts';

const BASE: DicomJsonObject = {
  '00080018': el('UI', '1.2.3'),
  '00200013': el('IS', 7),
  '00280010': el('US', 4),
  '00280011': el('US', 4),
};
const position = (z: number): DicomJsonObject => ({ '00209113': sq({ '00200032': el('DS', 0, 0, z) }) });
const orientation = (...cosines: number[]): DicomJsonObject => ({ '00209116': sq({ '00200037': el('DS', ...cosines) }) });
const AXIAL = orientation(1, 0, 0, 0, 1, 0);

describe('frames of an instance', () => {
  test('are numbered from 1 and have its Instance Number; one where their number is not told or none', () => {
    const numbers = (more: DicomJsonObject) => placedFrames({ ...BASE, ...more }).map(({ frameNumber }) => frameNumber);
    expect(numbers({ '00280008': el('IS', 3) })).toEqual([1, 2, 3]);
    for (const frames of [undefined, 0, -4, 1.9])
      expect(numbers(frames === undefined ? {} : { '00280008': el('IS', frames) })).toEqual([1]);
    expect(placedFrames(BASE)).toEqual([
      { sopInstanceUid: '1.2.3', frameNumber: 1, instanceNumber: 7, position: undefined, orientation: undefined },
    ]);
  });

  test.each<[string, DicomJsonObject]>([
    ['rows', { '00280010': el('US', 0) }],
    ['columns', { '00280011': { vr: 'US' } }],
    ['a UID', { '00080018': { vr: 'UI' } }],
  ])('are none without %s', (_what, more) => expect(placedFrames({ ...BASE, ...more })).toEqual([]));

  test('are never so many that nobody has them in memory, whatever Number of Frames says', () => {
    const frames = placedFrames({ ...BASE, '00280008': el('IS', 2_147_483_647) });
    expect([frames.length, frames.at(-1)?.frameNumber]).toEqual([262_144, 262_144]);
  });

  test('lie where their own group says, before the shared one, before the dataset (PS3.3 C.7.6.16.1)', () => {
    const dataset: DicomJsonObject = {
      ...BASE,
      '00280008': el('IS', 3),
      '00200032': el('DS', 9, 9, 9),
      '00200037': el('DS', 0, 1, 0, 0, 0, -1),
      '52009229': sq({ ...position(8), ...AXIAL }),
      '52009230': sq(position(1), {}, orientation(1, 0, 0, 0, 0, -1)),
    };
    const placed = placedFrames(dataset);
    expect(placed.map((one) => one.position?.[2])).toEqual([1, 8, 8]);
    expect(placed.map((one) => one.orientation?.column)).toEqual([
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, -1],
    ]);
    const { '52009229': _shared, '52009230': _own, ...classic } = dataset;
    expect(placedFrames(classic)[2]).toMatchObject({ position: [9, 9, 9], orientation: { row: [0, 1, 0] } });
  });

  test('have no place where it is no three numbers', () => {
    for (const wrong of [[1, 2], [1, 2, 'x'], []])
      expect(placedFrames({ ...BASE, '00200032': el('DS', ...wrong) })[0]?.position).toBeUndefined();
  });

  test('have the first item of a group, where it is empty too', () => {
    const groups = frameGroupsOf({
      '52009229': sq({ '00289110': sq({ '00180050': el('DS', 3) }, {}) }),
      '52009230': sq({ '00289110': sq({}) }),
    });
    expect(functionalGroup(groups, 0, '00289110')).toEqual({});
    expect(functionalGroup(groups, 1, '00289110')).toEqual({ '00180050': el('DS', 3) });
    expect(functionalGroup(groups, 0, '00209113')).toBeUndefined();
  });
});

describe('the frame that is shown first', () => {
  const stack = (count: number, more: DicomJsonObject = {}): DicomJsonObject => ({
    ...BASE,
    '00280008': el('IS', count),
    '52009229': sq(AXIAL),
    '52009230': sq(...Array.from({ length: count }, (_, at) => position(((at * 3) % count) * 2))),
    ...more,
  });

  test('is in the middle of a stack in space, wherever its frame stands in the file', () => {
    // Places of the seven frames: 0, 6, 12, 4, 10, 2, 8 mm.
    expect(firstFrame(placedFrames(stack(7)), 'MR')?.frameNumber).toBe(2);
    // Also where nobody says that it is one.
    expect(firstFrame(placedFrames(stack(7)), undefined)?.frameNumber).toBe(2);
  });

  test('is the first of a film, and of two slices without a place', () => {
    const film = { ...BASE, '00280008': el('IS', 30) };
    expect([
      firstFrame(placedFrames(film), 'US'),
      firstFrame(placedFrames({ ...film, '00280008': el('IS', 2) }), 'CT'),
    ]).toMatchObject([{ frameNumber: 1 }, { frameNumber: 1 }]);
    expect(firstFrame(placedFrames(film), 'CT')?.frameNumber).toBe(15);
    expect(firstFrame([], 'CT')).toBeUndefined();
  });
});
