import { doseGridOf, parsePart10, segmentationOf, structuresOf } from '@negatoscope/dicom';
import { BALL, ballDose, ballSegmentation, ballStructures, ballVolume } from '@negatoscope/testkit';
import { expect, test } from 'vitest';
import { buildFrames, type FrameModel } from '../model/study-model.ts';
import { contoursOn, doseFramesOn, matrixOf, segmentFramesOn } from './planes.ts';

const json = ({ bytes }: { readonly bytes: Uint8Array }) => parsePart10(bytes).json;
const seed = { seed: 'planes' };
/** Slices at z = 0, 3, 6, … mm. */
const slices = ballVolume(seed).flatMap((one) => buildFrames(json(one), '/series'));
const sliceAt = (z: number): FrameModel => {
  const found = slices.find(({ position }) => position?.[2] === z);
  if (found === undefined) throw new Error(`no slice at ${z}`);
  return found;
};
const segmentation = segmentationOf(json(ballSegmentation(seed)));
const [roi] = structuresOf(json(ballStructures(seed)))?.rois ?? [];
const dose = doseGridOf(json(ballDose(seed)));
if (segmentation === undefined || roi === undefined || dose === undefined) throw new Error('no phantom');
const place = { origin: [10, 20], i: [3, 0], j: [0, 3] } as const;

test('a segmentation lies on the slices of its own planes, whatever images it names (PS3.3 C.8.20)', () => {
  expect(segmentFramesOn(segmentation, sliceAt(30)).map(({ plane }) => plane?.position[2])).toEqual([30]);
  // The ball ends at 10 mm.
  expect(segmentFramesOn(segmentation, sliceAt(9))).toEqual([]);
  const between = { ...sliceAt(30), position: [0, 0, 31] as const, sliceThicknessMm: 1 };
  expect(segmentFramesOn(segmentation, between).map(({ plane }) => plane?.position[2])).toEqual([30]);
});

test('nothing lies over another frame of reference, or a plane that stands across', () => {
  const elsewhere = { ...sliceAt(30), frameOfReferenceUid: '1.2.3' };
  const across = { ...sliceAt(30), orientation: { row: [0, 1, 0], column: [0, 0, 1] } as const };
  for (const shown of [elsewhere, across]) {
    expect(segmentFramesOn(segmentation, shown)).toEqual([]);
    expect(contoursOn(roi, shown)).toEqual([]);
    expect(doseFramesOn(dose, shown)).toEqual([]);
  }
});

test('without a place in space a segmentation lies on the image that it names, and on no other', () => {
  const frame = {
    frame: 1,
    segment: 1,
    plane: undefined,
    thicknessMm: undefined,
    sources: [{ sopInstanceUid: '1.9', frames: [2] }],
  };
  const flat = { ...segmentation, frames: [frame] };
  const film = { ...sliceAt(30), position: undefined, sopInstanceUid: '1.9', frameNumber: 2 };
  expect(segmentFramesOn(flat, film)).toEqual([frame]);
  expect(segmentFramesOn(flat, { ...film, frameNumber: 1 })).toEqual([]);
  expect(segmentFramesOn(flat, { ...film, rows: 10 })).toEqual([]);
  expect(matrixOf(undefined, film, place)).toBe('matrix(3.000000, 0.000000, 0.000000, 3.000000, 10.000000, 20.000000)');
});

test('pixels of another grid lie where they are in the patient', () => {
  // 4 mm a pixel over 2 mm: twice as large, and its first middle on that of the image (PS3.3 C.7.6.2.1.1).
  const [plane] = dose.planes;
  expect(matrixOf(plane, sliceAt(30), place)).toBe('matrix(6.000000, 0.000000, 0.000000, 6.000000, 8.500000, 18.500000)');
});

test('contours lie in their slice, in pixels of it, closed as they are', () => {
  const [contour] = contoursOn(roi, sliceAt(30));
  expect(contour?.isClosed).toBe(true);
  expect(contour?.points).toHaveLength(36);
  // 84 mm along the row: the corner of the first pixel is half of one before its middle.
  expect(contour?.points[0]).toEqual([(BALL.middle[0] + BALL.radius) / 2 + 0.5, BALL.middle[1] / 2 + 0.5]);
  expect(contoursOn(roi, sliceAt(3))).toEqual([]);
});

test('a dose is mixed of the planes before and behind, and is none outside of its grid (PS3.3 C.8.8.3.2)', () => {
  expect(doseFramesOn(dose, sliceAt(30))).toEqual([{ frame: 6, share: 1 }]);
  const [before, behind] = doseFramesOn(dose, sliceAt(33));
  expect([before?.frame, behind?.frame]).toEqual([6, 7]);
  expect([before?.share, behind?.share]).toEqual([expect.closeTo(0.4), expect.closeTo(0.6)]);
  expect(doseFramesOn(dose, { ...sliceAt(30), position: [0, 0, 100] })).toEqual([]);
  expect(doseFramesOn(dose, { ...sliceAt(30), position: [0, 0, -1] })).toEqual([]);
});
