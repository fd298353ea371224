import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../model/geometry.ts';
import type { DrawingStore } from '../measurements.ts';
import { MprDrawing } from './mpr-drawing.ts';
import { MprMeasures } from './mpr-measures.ts';
import type { ScreenPoint } from './mpr-snapshot.ts';

const REACH = 7;
const FRAME = '1.2.840.1';
type Item = ReturnType<DrawingStore['getSnapshot']>['items'][number];

/** A store that keeps what it is given, with its edits to be taken back. */
function storeOf(canWrite = true, mayChange = true) {
  const [steps, undone]: [Item[][], Item[][]] = [[[]], []];
  const now = (): Item[] => steps.at(-1) ?? [];
  const keep = (items: Item[]): void => void steps.push(items);
  const store: DrawingStore = {
    canWrite,
    subscribe: () => () => undefined,
    getSnapshot: () => ({ items: now() }),
    draw: (id, target, content) => keep([...now(), { id, ...target, ...content, mayChange }]),
    change: (id, change) => keep(now().map((item) => (item.id === id ? { ...item, ...change } : item))),
    remove: (id) => keep(now().filter((item) => item.id !== id)),
    undo: () => steps.length > 1 && undone.push(steps.pop() ?? []) > 0,
    redo: () => undone.length > 0 && steps.push(undone.pop() ?? []) > 0,
  };
  return { store, now };
}

/** A coronal plane at y = 5 of which a millimetre is ten pixels: x is across, z is up. */
function plane(store: DrawingStore | undefined) {
  const measures = new MprMeasures({
    ...{ store, seriesInstanceUid: '1', frameOfReferenceUid: FRAME },
    imageAt: () => ({ sopInstanceUid: '1.1', frame: 1 }),
    onChange: () => undefined,
  });
  const onScreen = ([x, , z]: Vector3): ScreenPoint => [10 * x, -10 * z];
  const drawing: MprDrawing = new MprDrawing({
    measures: () => measures,
    shownOn: () =>
      drawing.items.map(({ id, points, textAt }) => ({
        ...{ id, text: undefined, isSelected: id === drawing.selected },
        points: points.map(onScreen),
        textAt: textAt && onScreen(textAt),
      })),
    patientAt: (_, [x, y]) => [x / 10, 5, -y / 10],
    onChange: () => undefined,
  });
  const drag = (from: ScreenPoint, to: ScreenPoint, isDrawing = true, text?: { id: string; middle: ScreenPoint }): boolean => {
    const isTaken = drawing.press('coronal', from, REACH, text, isDrawing);
    drawing.move(to);
    drawing.release(true);
    return isTaken;
  };
  return { drawing, drag };
}
const A: Vector3 = [0, 5.1, 0];
const B: Vector3 = [10, 5.1, 0];

describe('what is drawn on planes', () => {
  it('is taken by an end or as a whole and moved in the patient, and undone and done again', () => {
    const { store, now } = storeOf();
    const { drawing, drag } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    const points = () => now()[0]?.geometry.points.map((one) => Math.round(one * 1e6) / 1e6);
    expect(drag([102, 3], [152, 3])).toBe(true);
    // As far from the plane as it was.
    expect(points()).toEqual([0, 5.1, 0, 15, 5.1, 0]);
    expect(drag([70, 2], [80, 22])).toBe(true);
    expect(points()).toEqual([1, 5.1, -2, 16, 5.1, -2]);
    expect([drawing.undo(), points()]).toEqual([true, [0, 5.1, 0, 15, 5.1, 0]]);
    expect([drawing.undo(), points()]).toEqual([true, [0, 5.1, 0, 10, 5.1, 0]]);
    expect([drawing.redo(), points()]).toEqual([true, [0, 5.1, 0, 15, 5.1, 0]]);
  });

  it('is left to the tool of the plane until it is selected, where that draws nothing', () => {
    const { store, now } = storeOf();
    const { drawing, drag } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    expect(drag([100, 0], [150, 0], false)).toBe(false);
    drawing.click('coronal', [50, 3], REACH, undefined);
    expect([drawing.selected, drag([100, 0], [150, 0], false)]).toEqual([now()[0]?.id, true]);
    drawing.click('coronal', [300, 300], REACH, undefined);
    expect(drawing.selected).toBeUndefined();
  });

  it('that is selected is deleted, or else the latest, and comes back by undo', () => {
    const { store, now } = storeOf();
    const { drawing } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    drawing.draw('PROBE', [[3, 5, 20]]);
    drawing.click('coronal', [0, 0], REACH, undefined);
    expect([drawing.remove(), now().map(({ kind }) => kind)]).toEqual([true, ['PROBE']]);
    expect([drawing.undo(), now().length]).toEqual([true, 2]);
    expect([drawing.remove(), now().map(({ kind }) => kind)]).toEqual([true, ['LENGTH']]);
  });

  it('is taken by an end with the keyboard, and put where the crosshair is', () => {
    const { store, now } = storeOf();
    const { drawing } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    drawing.draw('PROBE', [[30, 5, 0]]);
    const end = drawing.endAt('coronal', [104, 0], 8);
    expect(end).toEqual({ id: now()[0]?.id, index: 1, other: A, otherAt: [0, -0] });
    expect([drawing.endAt('coronal', [50, 0], 8), drawing.endAt('coronal', [300, 0], 8)]).toEqual([undefined, undefined]);
    if (end !== undefined) drawing.setEnd(end, [12, 5, 3]);
    expect(now()[0]?.geometry.points).toEqual([0, 5.1, 0, 12, 5, 3]);
  });

  it('has its text where it is pulled, in the patient', () => {
    const { store, now } = storeOf();
    const { drawing, drag } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    const text = { id: now()[0]?.id ?? '', middle: [120, 20] as const };
    expect(drag([125, 22], [165, 62], true, text)).toBe(false);
    drawing.click('coronal', [125, 22], REACH, text);
    expect(drag([125, 22], [165, 62], true, text)).toBe(true);
    expect(now()[0]?.geometry).toMatchObject({ points: [0, 5.1, 0, 10, 5.1, 0], textAt: [16, 5, -6] });
    // It goes along with the whole, and stays when an end is moved.
    drag([50, 0], [60, 0]);
    drag([110, 0], [120, 0]);
    expect(now()[0]?.geometry).toMatchObject({ points: [1, 5.1, 0, 12, 5.1, 0], textAt: [17, 5, -6] });
  });

  it('stays as it was when a second finger comes, or it is somebody else’s', () => {
    const { store, now } = storeOf();
    const { drawing } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    drawing.press('coronal', [100, 0], REACH, undefined, true);
    drawing.move([300, 0]);
    drawing.release(false);
    expect(now()[0]?.geometry.points).toEqual([...A, ...B]);
    const others = plane(storeOf(true, false).store);
    others.drawing.draw('LENGTH', [A, B]);
    expect([others.drag([100, 0], [150, 0]), others.drawing.remove()]).toEqual([false, false]);
  });

  it('by who may only read goes with the planes, and is changed and taken back like the others', () => {
    const { store, now } = storeOf(false);
    const { drawing, drag } = plane(store);
    drawing.draw('LENGTH', [A, B]);
    expect(drag([100, 0], [150, 0])).toBe(true);
    const ends = () => drawing.items.map(({ points }) => points.at(-1)?.[0]);
    expect([ends(), now()]).toEqual([[15], []]);
    expect([drawing.undo(), ends(), drawing.undo(), ends(), drawing.undo()]).toEqual([true, [10], true, [], false]);
  });
});
