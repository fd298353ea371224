import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { ownColor } from './color.ts';
import { doseGridOf, isDose } from './dose.ts';
import { isSegmentation, segmentationOf } from './segmentation.ts';
import { isStructures, structuresOf } from './structures.ts';

const DOSE: DicomJsonObject = {
  '00080018': el('UI', '1.2.3'),
  '00200032': el('DS', 10, 20, 30),
  '00200037': el('DS', 1, 0, 0, 0, 1, 0),
  '00280008': el('IS', 3),
  '00280010': el('US', 4),
  '00280011': el('US', 5),
  '00280030': el('DS', 2, 2),
  '00280100': el('US', 16),
  '30040002': el('CS', 'GY'),
  '3004000C': el('DS', 0, 5, 15),
  '3004000E': el('DS', '1.5E-4'),
};
const positions = (more: DicomJsonObject) => doseGridOf({ ...DOSE, ...more })?.planes.map(({ position }) => position);
const HALF = Math.SQRT1_2;

describe('planes of a dose (PS3.3 C.8.8.3.2, Grid Frame Offset Vector)', () => {
  test.each<[string, readonly number[], readonly [number, number, number]]>([
    ['axial', [1, 0, 0, 0, 1, 0], [0, 0, 1]],
    ['axial from the feet', [1, 0, 0, 0, -1, 0], [0, 0, -1]],
    ['sagittal', [0, 1, 0, 0, 0, -1], [-1, 0, 0]],
    ['coronal', [1, 0, 0, 0, 0, -1], [0, 1, 0]],
    ['oblique', [HALF, HALF, 0, 0, 0, -1], [-HALF, HALF, 0]],
  ])('are relative ways along the normal of the first one where its offset is 0: %s', (_name, cosines, [nx, ny, nz]) => {
    const found = positions({ '00200037': el('DS', ...cosines) }) ?? [];
    for (const [at, offset] of [0, 5, 15].entries())
      for (const [axis, wanted] of [10 + nx * offset, 20 + ny * offset, 30 + nz * offset].entries())
        expect(found[at]?.[axis]).toBeCloseTo(wanted, 9);
  });

  test('may go backwards, and be unevenly apart', () => {
    expect(positions({ '3004000C': el('DS', 0, -2.5, -2.75) })?.map(([, , z]) => z)).toEqual([30, 27.5, 27.25]);
  });

  test('are places on the patient’s axis where the first is that of Image Position', () => {
    expect(positions({ '3004000C': el('DS', 30, 35, 45) })).toEqual([
      [10, 20, 30],
      [10, 20, 35],
      [10, 20, 45],
    ]);
  });

  test('of one frame needs no offsets; more or fewer of them than frames are none', () => {
    const { '3004000C': _, ...single } = DOSE;
    expect(doseGridOf({ ...single, '00280008': el('IS', 1) })?.planes).toHaveLength(1);
    expect(doseGridOf(single)).toBeUndefined();
    for (const offsets of [
      [0, 5],
      [0, 5, 15, 20],
      [0, 5, 'x'],
    ])
      expect(doseGridOf({ ...DOSE, '3004000C': el('DS', ...offsets) })).toBeUndefined();
  });

  test('have a scaling, cells of 16 or 32 bits, and gray only where they say GY', () => {
    expect(doseGridOf({ ...DOSE, '00280103': el('US', 1) })).toMatchObject({
      scaling: 0.00015,
      bitsAllocated: 16,
      isSigned: true,
      isGray: true,
    });
    expect(doseGridOf({ ...DOSE, '30040002': el('CS', 'RELATIVE') })?.isGray).toBe(false);
    expect(doseGridOf({ ...DOSE, '3004000E': { vr: 'DS' } })).toBeUndefined();
    expect([1, 8, 12, 64].map((bits) => doseGridOf({ ...DOSE, '00280100': el('US', bits) }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('contours (PS3.3 C.8.8.5, C.8.8.6)', () => {
  const contour = (type: string, ...points: number[]): DicomJsonObject => ({
    '30060042': el('CS', type),
    '30060050': el('DS', ...points),
  });
  const drawnAs = (number: number, ...contours: DicomJsonObject[]): DicomJsonObject => ({
    '30060084': el('IS', number),
    '30060040': sq(...contours),
  });
  const read = (rois: DicomJsonObject[], drawn: DicomJsonObject[]) =>
    structuresOf({ '00080018': el('UI', '1.2'), '30060020': sq(...rois), '30060039': sq(...drawn) })?.rois;

  test.each(['POINT', 'OPEN_PLANAR', 'CLOSED_PLANAR', 'OPEN_NONPLANAR', 'CLOSEDPLANAR_XOR'])('of type %s keep it', (type) => {
    expect(read([{ '30060022': el('IS', 3) }], [drawnAs(3, contour(type, 1, 2, 3))])?.[0]?.contours).toEqual([
      { type, points: [1, 2, 3] },
    ]);
  });

  test('belong to the region whose number they name, whatever the order; a region of none has none', () => {
    const rois = read(
      [{ '30060022': el('IS', 2), '30060026': el('LO', 'Heart') }, { '30060022': el('IS', 1) }, { '30060026': el('LO', 'Lost') }],
      [drawnAs(1), drawnAs(2, contour('POINT', 4, 5, 6))],
    );
    expect(rois?.map(({ number, name, contours }) => [number, name, contours.length])).toEqual([
      [2, 'Heart', 1],
      [1, undefined, 0],
    ]);
  });

  test('have colours of their own, one after the other, where the file names none', () => {
    const numbered = [1, 2, 3].map((number) => ({ '30060022': el('IS', number) }));
    const rois = read(numbered, [drawnAs(1), { ...drawnAs(2), '3006002A': el('IS', 1, 2, 300) }]);
    expect(rois?.map(({ color }) => color)).toEqual([ownColor(0), [1, 2, 255], ownColor(2)]);
    expect(ownColor(0)).not.toEqual(ownColor(2));
  });

  test('may lie a kilometre away and no further', () => {
    const contours = [contour('POINT', 1e6, -1e6, 0), contour('POINT', 1_000_001, 0, 0), contour('POINT')];
    expect(read([{ '30060022': el('IS', 1) }], [drawnAs(1, ...contours)])?.[0]?.contours).toHaveLength(1);
    expect(structuresOf({ '00080018': el('UI', '1.2') })).toBeUndefined();
  });
});

describe('segments (PS3.3 C.8.20.2)', () => {
  const seg = (more: DicomJsonObject): DicomJsonObject => ({
    '00080018': el('UI', '1.2'),
    '00280010': el('US', 3),
    '00280011': el('US', 3),
    '00620001': el('CS', 'BINARY'),
    ...more,
  });

  test('are numbered as they say, else as they stand', () => {
    const segments = segmentationOf(seg({ '00620002': sq({ '00620004': el('US', 7) }, {}) }))?.segments;
    expect(segments?.map(({ number }) => number)).toEqual([7, 2]);
  });

  test.each([
    ['BINARY', 200, 1],
    ['LABELMAP', 200, 1],
    ['FRACTIONAL', 200, 200],
    ['FRACTIONAL', undefined, 255],
    ['FRACTIONAL', 0, 1],
  ])('of a %s whose maximum is %s are whole at %d', (type, maximum, whole) => {
    expect(
      segmentationOf(seg({ '00620001': el('CS', type), ...(maximum === undefined ? {} : { '0062000E': el('US', maximum) }) }))
        ?.maximum,
    ).toBe(whole);
  });

  test('name the images that they were drawn on, by frame, their own before those of all', () => {
    const from = (uid: string, ...frames: number[]): DicomJsonObject => ({
      '00089124': sq({ '00082112': sq({ '00081155': el('UI', uid), '00081160': el('IS', ...frames) }, {}) }),
    });
    const { frames = [] } = segmentationOf(seg({ '52009229': sq(from('9.9')), '52009230': sq(from('1.1', 4, 5)) })) ?? {};
    expect(frames[0]?.sources).toEqual([
      { sopInstanceUid: '1.1', frames: [4, 5] },
      { sopInstanceUid: '9.9', frames: [] },
    ]);
  });

  test('are told by their class alone (PS3.4 B.5)', () => {
    const root = '1.2.840.10008.5.1.4.1.1.';
    expect(['66.4', '66.7', '66', '66.44'].map((one) => isSegmentation(root + one))).toEqual([true, true, false, false]);
    expect(['481.2', '481.3', '481.5'].map((one) => [isDose(root + one), isStructures(root + one)])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
});
