import type { Voi } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { inverse, isSameAffine, mapped } from '../model/affine.ts';
import { distanceFrom, toImage, toWorld } from '../model/frame-plane.ts';
import { sliceOf } from '../model/volume-fixture.ts';
import { frameOf } from '../testing/pane-fixture.ts';
import { type Drawn, describeFrame, describePlace, wholeInPane } from './pane-geometry.ts';

const spaced = (rowMm: number, columnMm: number) =>
  frameOf(1, {
    ...{ rows: 100, columns: 200, drawingSpacing: { rowMm, columnMm } },
    calibration: { kind: 'calibrated', spacing: { rowMm, columnMm } },
  });

describe('a frame that is shown whole', () => {
  it('is as large as its pane allows, in the middle, along the side that has less room', () => {
    expect(wholeInPane(spaced(1, 1), 400, 400)).toEqual({ origin: [0, 100], i: [2, 0], j: [0, 2] });
    expect(wholeInPane(spaced(1, 1), 800, 100)).toEqual({ origin: [300, 0], i: [1, 0], j: [0, 1] });
  });
  it('has the shape of what was imaged, not of its pixels, where these are not square', () => {
    const { i, j, origin } = wholeInPane(spaced(2, 1), 400, 400);
    expect([i, j, origin]).toEqual([
      [2, 0],
      [0, 4],
      [0, 0],
    ]);
  });
});

describe('what a label says of how a frame lies', () => {
  const upright = { origin: [0, 0], i: [2, 0], j: [0, 2] } as const;
  const axial = sliceOf({ position: [0, 0, 0], side: 100 });

  it('are its letters, which go with it when it is turned and flipped', () => {
    const letters = (place: Parameters<typeof describePlace>[0]) =>
      Object.values(describePlace(place, 400, axial).letters).join('');
    expect(letters(upright)).toBe('ALPR');
    // A quarter turn clockwise: what was at the top is at the right.
    expect(letters({ origin: [0, 0], i: [0, 2], j: [-2, 0] })).toBe('RALP');
    expect(letters({ origin: [0, 0], i: [-2, 0], j: [0, 2] })).toBe('ARPL');
  });

  it('has no letters where nothing says how the patient lay', () =>
    expect(describePlace(upright, 400, frameOf(1)).letters).toEqual({ top: '', right: '', bottom: '', left: '' }));

  it('has a scale bar of a round length, as long as it says, along the axis that lies', () => {
    expect(describePlace(upright, 400, spaced(0.5, 1)).scaleBar).toEqual({ lengthMm: 50, lengthPx: 100 });
    const turned = { origin: [0, 0], i: [0, 2], j: [-2, 0] } as const;
    expect(describePlace(turned, 400, spaced(0.5, 1)).scaleBar).toEqual({ lengthMm: 20, lengthPx: 80 });
  });

  it('has none where no millimetres are known: a bar would be made up', () => {
    const { scaleBar, zoom } = describePlace(upright, 400, frameOf(1));
    expect([scaleBar, zoom]).toEqual([undefined, 2]);
  });

  it('has its zoom whichever way it is turned', () =>
    expect(describePlace({ origin: [0, 0], i: [3, 4], j: [-4, 3] }, 400, axial).zoom).toBe(5));
});

describe('what a label says of a frame', () => {
  const voi = { kind: 'table' } as unknown as Voi; // Only told apart here.
  const drawn = (of: Voi | undefined, isWhole = true) =>
    describeFrame({
      ...{ index: 4, model: frameOf(5), voi: of, isWhole },
      planned: { plan: { choices: [{ id: 'x', voi, explanation: 'Os' }] }, isLossy: true },
    } as unknown as Drawn); // What is said of it.

  it('names the stored choice that shows it, and no other', () => {
    expect([drawn(voi).voiName, drawn({ ...voi }).voiName, drawn(undefined).voiName]).toEqual(['Os', undefined, undefined]);
  });
  it('tells a preview from the frame, and pixels that have lost something', () => {
    expect([drawn(voi, false), drawn(voi)].map(({ isPreview }) => isPreview)).toEqual([true, false]);
    expect(drawn(voi)).toMatchObject({ shownIndex: 4, isLossySyntax: true, frame: { instanceNumber: 5 } });
  });
});

describe('a place in a frame', () => {
  const frame = sliceOf({ position: [-10, 20, 5], spacingMm: [2, 0.5], orientation: [0, 1, 0, 0, 0, -1] });

  it('has its first pixel’s middle at Image Position (PS3.3 C.7.6.2.1.1), and goes along its rows and columns in their spacing', () => {
    expect(toWorld(frame, [0.5, 0.5])).toEqual([-10, 20, 5]);
    expect(toWorld(frame, [2.5, 0.5])).toEqual([-10, 21, 5]);
    expect(toWorld(frame, [0.5, 1.5])).toEqual([-10, 20, 3]);
  });
  it('comes back from the patient to where it was, seen along the normal', () => {
    const [x = 0, y = 0, z = 0] = toWorld(frame, [7, 3]);
    expect(toImage(frame, [x, y, z])).toEqual([7, 3]);
    expect(toImage(frame, [x + 40, y, z])).toEqual([7, 3]);
    expect([distanceFrom(frame, [x, y, z]), distanceFrom(frame, [x + 40, y, z]), distanceFrom(frame, [x - 4, y, z])]).toEqual([
      0, 40, 4,
    ]);
  });
});

describe('a plane laid on another', () => {
  const turned = { origin: [10, 20], i: [0, 2], j: [-4, 0] } as const;
  it('leads there and back', () => {
    const back = inverse(turned);
    expect(mapped(turned, [1, 2])).toEqual([2, 22]);
    expect(back && mapped(back, [2, 22])).toEqual([1, 2]);
  });
  it('has no way back where all falls on one line, or nowhere', () => {
    expect(inverse({ origin: [0, 0], i: [1, 2], j: [2, 4] })).toBeUndefined();
    expect(inverse({ origin: [0, 0], i: [Number.NaN, 0], j: [0, 1] })).toBeUndefined();
  });
  it('is the same one in every number, or another', () => {
    expect(isSameAffine(turned, { ...turned })).toBe(true);
    expect(isSameAffine(turned, { ...turned, j: [-4, 0.001] })).toBe(false);
  });
});
