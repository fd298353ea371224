import type { FramePlan, Voi } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { slicesAt } from '../../model/volume-fixture.ts';
import { PATIENT_VIEWS, turnOthers } from '../../model/volume-views.ts';
import { seriesOf } from '../../testing/pane-fixture.ts';
import type { PlannedFrame } from '../frame-plans.ts';
import { type Described, describeView } from './mpr-describe.ts';
import type { MprMeasure } from './mpr-measures.ts';
import type { MprView } from './mpr-view.ts';

const [FRAME] = slicesAt([0], { thicknessMm: 5 });
const VOI = { kind: 'window', center: 40, width: 400 } as unknown as Voi; // Only told apart here.

/** A view of 400 by 200 px, two px a millimetre, its middle at the origin of the patient. */
const viewOf = (framing: MprView['framing'] = { centre: [0, 0, 0], pxPerMm: 2 }): MprView =>
  ({ framing, size: { width: 400, height: 200 } }) as MprView; // All that is described of it.

const described = (fields: Partial<Described> = {}): Described => ({
  series: seriesOf(),
  frame: FRAME as NonNullable<typeof FRAME>, // One was made.
  planned: {
    plan: { choices: [{ id: 'a', voi: VOI, explanation: 'MÉDIASTIN' }] } as unknown as FramePlan,
    isLossy: true,
  } as PlannedFrame, // What is said of it.
  ...{ voi: VOI, isInverted: false, views: PATIENT_VIEWS, point: [10, 20, -30] as const, selected: undefined },
  ...{ slab: { thicknessMm: 0, projection: 'max' as const }, measures: [], textOf: () => undefined },
  ...fields,
});
const measure = (id: string, ...points: MprMeasure['points']): MprMeasure => ({ id, kind: 'LENGTH', points, mayChange: true });

describe('a view through a volume', () => {
  it('has the letters of the patient: from the feet, from the front, from the left', () => {
    const letters = (id: 'axial' | 'coronal' | 'sagittal') => describeView(id, viewOf(), described())?.label.letters;
    expect(letters('axial')).toEqual({ right: 'L', left: 'R', bottom: 'P', top: 'A' });
    expect(letters('coronal')).toEqual({ right: 'L', left: 'R', bottom: 'F', top: 'H' });
    expect(letters('sagittal')).toEqual({ right: 'P', left: 'A', bottom: 'F', top: 'H' });
  });

  it('says where its plane lies along its own axis, and how thick a slab is; a plane alone has no thickness', () => {
    const frame = (id: 'axial' | 'coronal' | 'sagittal', thicknessMm = 0) =>
      describeView(id, viewOf(), described({ slab: { thicknessMm, projection: 'mean' } }))?.label.frame;
    expect([frame('axial'), frame('coronal'), frame('sagittal')].map((one) => one?.slicePositionMm)).toEqual([-30, 20, 10]);
    expect([frame('axial')?.sliceThicknessMm, frame('axial', 15)?.sliceThicknessMm]).toEqual([undefined, 15]);
  });

  it('names the stored window, and says that pixels have lost something', () => {
    expect(describeView('axial', viewOf(), described())?.label).toMatchObject({ voiName: 'MÉDIASTIN', isLossySyntax: true });
    expect(describeView('axial', viewOf(), described({ voi: undefined }))?.label.voiName).toBeUndefined();
  });

  it('has a scale bar of a round length, at most 30 % of its width, as long as it says', () => {
    const bar = describeView('axial', viewOf(), described())?.label.scaleBar;
    expect(bar).toEqual({ lengthMm: 50, lengthPx: 100 });
  });

  it('shows the point that all views share, and the traces of the other two through it', () => {
    const view = describeView('coronal', viewOf(), described());
    expect(view?.point).toEqual([220, 160]);
    expect(view?.traces.map(({ view: other, direction }) => [other, ...direction.map((one) => Math.abs(one))])).toEqual([
      ['axial', 1, 0],
      ['sagittal', 0, 1],
    ]);
  });

  it('says when its plane is no longer the patient’s own, and of which views that is so', () => {
    const views = turnOthers(PATIENT_VIEWS, 'axial', 10);
    const isTurned = (id: 'axial' | 'coronal') => describeView(id, viewOf(), described({ views }))?.isTurned;
    expect([isTurned('axial'), isTurned('coronal')]).toEqual([false, true]);
  });

  it('shows what was drawn on its plane and within its slab, not what lies before or behind', () => {
    const point = [0, 0, 0] as const;
    const measures = [
      measure('on', [0, 0, 0], [10, 0, 0.2]),
      measure('near', [0, 0, 4], [1, 0, 4]),
      measure('across', [0, 0, 0], [0, 0, 9]),
    ];
    const ids = (thicknessMm: number) =>
      describeView('axial', viewOf(), described({ point, measures, slab: { thicknessMm, projection: 'max' } }))?.measures.map(
        ({ id }) => id,
      );
    expect([ids(0), ids(10), ids(20)]).toEqual([['on'], ['on', 'near'], ['on', 'near', 'across']]);
  });

  it('has what was drawn where it lies on the screen, with what is said of it', () => {
    const one = { ...measure('a', [10, 5, 0], [0, 0, 0]), textAt: [0, 10, 0] as const };
    const [shown] =
      describeView('axial', viewOf(), {
        ...described({ point: [0, 0, 0], measures: [one], selected: 'a' }),
        textOf: () => ({ kind: 'length', mm: 11 }),
      })?.measures ?? [];
    expect(shown).toEqual({
      ...{ id: 'a', isSelected: true, text: { kind: 'length', mm: 11 }, textAt: [200, 120] },
      points: [
        [220, 110],
        [200, 100],
      ],
    });
  });

  it('is nothing before it has a place on the screen', () => {
    const view = { ...viewOf(), framing: undefined } as MprView; // Not opened yet.
    expect(describeView('axial', view, described())).toBeUndefined();
  });
});
