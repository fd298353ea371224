import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { areasOf } from './areas.ts';
import { isInScope } from './references.ts';
import type { StateArea, StateNote } from './types.ts';

const CORNERS: DicomJsonObject = { '00700052': el('SL', 1, 1), '00700053': el('SL', 512, 256) };

function read(...items: DicomJsonObject[]): { areas: StateArea[]; notes: StateNote[] } {
  const notes: StateNote[] = [];
  return { areas: areasOf({ '0070005A': sq(...items) }, (one) => notes.push(one)), notes };
}
const sized = (mode: string, more: DicomJsonObject = {}) => read({ ...CORNERS, '00700100': el('CS', mode), ...more });

describe('how large an area is shown (PS3.3 C.10.4, Presentation Size Mode)', () => {
  test('SCALE TO FIT is told of nothing, and no magnification beside it counts', () => {
    const { areas, notes } = sized('SCALE TO FIT', { '00700103': el('FL', 3) });
    expect([areas[0]?.sizing, areas[0]?.magnification, notes]).toEqual(['fit', undefined, []]);
  });

  test('TRUE SIZE keeps its mode and says that no screen knows how large it is', () => {
    const { areas, notes } = sized('TRUE SIZE', { '00700101': el('DS', 0.5, 0.5), '00700103': el('FL', 3) });
    expect([areas[0]?.sizing, areas[0]?.magnification, notes]).toEqual(['true-size', undefined, ['trueSize']]);
  });

  test.each([0.25, 1, 2.5, 100])('MAGNIFY by %d is followed (Presentation Pixel Magnification Ratio)', (ratio) => {
    const { areas, notes } = sized('MAGNIFY', { '00700103': el('FL', ratio) });
    expect([areas[0]?.sizing, areas[0]?.magnification, notes]).toEqual(['magnify', ratio, []]);
  });

  test.each<[string, DicomJsonObject]>([
    ['without a ratio', {}],
    ['by nothing', { '00700103': el('FL', 0) }],
    ['by less than nothing', { '00700103': el('FL', -2) }],
    ['by more than any screen', { '00700103': el('FL', 100.5) }],
    ['by no number', { '00700103': el('FL', 'x') }],
  ])('MAGNIFY %s is shown whole, and told', (_what, more) => {
    const { areas, notes } = sized('MAGNIFY', more);
    expect([areas[0]?.sizing, areas[0]?.magnification, notes]).toEqual(['fit', undefined, ['damaged']]);
  });

  test.each([['FIT'], ['scale to fit'], ['']])('a mode that the standard does not have (%j) is shown whole, and told', (mode) => {
    expect(sized(mode)).toMatchObject({ areas: [{ sizing: 'fit' }], notes: ['damaged'] });
  });
});

describe('the proportions of a pixel (C.10.4)', () => {
  const aspectOf = (more: DicomJsonObject) => sized('SCALE TO FIT', more).areas[0]?.aspect;
  test('are its height by its width: spacing of rows before that of columns, and so the ratio', () => {
    expect(aspectOf({ '00700101': el('DS', 0.6, 0.3) })).toBe(2);
    expect(aspectOf({ '00700102': el('IS', 1, 4) })).toBe(0.25);
    expect(aspectOf({ '00700101': el('DS', '0.6', '0.3') })).toBe(2);
  });

  test('are those of the spacing where both are there', () => {
    expect(aspectOf({ '00700101': el('DS', 0.6, 0.3), '00700102': el('IS', 1, 4) })).toBe(2);
  });

  test.each([[[0, 1]], [[1, 0]], [[-1, 1]], [[1]], [[]], [['x', 1]]])('are none of %j', (values) => {
    expect(aspectOf({ '00700102': el('IS', ...values) })).toBeUndefined();
  });
});

describe('the corners of an area (C.10.4)', () => {
  test('are columns before rows, may lie outside of the image and may be turned over', () => {
    const fit = { '00700100': el('CS', 'SCALE TO FIT') };
    const outside = read({ ...fit, '00700052': el('SL', -99, 0), '00700053': el('SL', 700, 300) });
    expect(outside.areas[0]).toMatchObject({ from: [-99, 0], to: [700, 300] });
    const over = read({ ...fit, '00700052': el('SL', 512, 256), '00700053': el('SL', 1, 1) });
    expect(over.areas[0]).toMatchObject({ from: [512, 256], to: [1, 1] });
  });

  test('that are not two of two values show nothing and cost no other area', () => {
    const half = { ...CORNERS, '00700053': el('SL', 512) };
    const { '00700052': _, ...without } = CORNERS;
    const good = { ...CORNERS, '00700100': el('CS', 'SCALE TO FIT') };
    expect(read(half, without, good)).toMatchObject({ areas: [{ to: [512, 256] }], notes: ['damaged', 'damaged'] });
  });

  test('of thousands of areas are no more than two thousand', () => {
    const items = Array.from({ length: 2001 }, () => ({ ...CORNERS, '00700100': el('CS', 'SCALE TO FIT') }));
    expect(read(...items).areas).toHaveLength(2000);
  });
});

test('an area is for the frames that it names, one that names none for all (C.11.11)', () => {
  const image = { '00081155': el('UI', '1.2'), '00081160': el('IS', 2, 4) };
  const fit = { ...CORNERS, '00700100': el('CS', 'SCALE TO FIT') };
  const [own, all] = read({ ...fit, '00081140': sq(image) }, fit).areas;
  const isFor = (area: StateArea | undefined) =>
    [1, 2, 3, 4].map((frameNumber) => isInScope(area?.scope, { sopInstanceUid: '1.2', frameNumber }));
  expect(isFor(own)).toEqual([false, true, false, true]);
  expect(isFor(all)).toEqual([true, true, true, true]);
  expect(isInScope(own?.scope, { sopInstanceUid: '1.3', frameNumber: 2 })).toBe(false);
});
