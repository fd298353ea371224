import { slidesOf } from '@negatoscope/dicom';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { holdPointers, pointer } from '../../test/pointer-fixture.ts';
import { type DrawingStore, type Drawn, Measurements } from '../engine/measurements.ts';
import { isTakenByControl } from '../parts/use-viewer-keys.ts';
import { frameOf, seriesOf } from '../testing/pane-fixture.ts';
import { slideDatasets } from '../testing/slide-fixture.ts';
import { gripAt, movedPoints } from './grip.ts';
import { shownSlide } from './plan-tiles.ts';
import { inOwnFrame, markOf } from './slide-marks.ts';
import { SlideView } from './slide-view.tsx';
import type { LoadTile } from './tile-store.ts';

const load: LoadTile = async () => ({ source: {} as CanvasImageSource, close: () => undefined });
const PLACE = { left: 0, top: 0, width: 1440, height: 900 } as DOMRect; // What is read of it.
const frames = Array.from({ length: 96 }, (_, at) =>
  frameOf(at + 1, { sopInstanceUid: '1.2.3.1', frameNumber: at + 1, imageId: `wadors:${at + 1}` }),
);
const series = seriesOf({ frames, description: 'Lame HE' });

beforeEach(() => {
  holdPointers();
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(PLACE);
});

/** A drawing on the finest level, kept with the tile whose corner is the middle of 1,200 × 800. */
const drawn = (id: string, points: number[], more: Partial<Drawn> = {}): Drawn => ({
  ...{ id, kind: 'LENGTH', seriesInstanceUid: series.seriesInstanceUid, sopInstanceUid: '1.2.3.1', frame: 55 },
  ...{ geometry: { space: 'PIXEL', points }, label: null, mayChange: true, ...more },
});

/** What others keep, and what is asked of it. */
class Kept implements DrawingStore {
  readonly canWrite = true;
  readonly changes: [string, unknown][] = [];
  #items: readonly Drawn[];
  #snapshot: { readonly items: readonly Drawn[] };
  readonly #listeners = new Set<() => void>();
  constructor(items: readonly Drawn[]) {
    this.#items = items;
    this.#snapshot = { items };
  }
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getSnapshot = () => this.#snapshot;
  readonly set = (items: readonly Drawn[]): void => {
    this.#items = items;
    this.#snapshot = { items };
    for (const listener of this.#listeners) listener();
  };
  readonly draw = (): void => undefined;
  readonly change = (id: string, change: Partial<Drawn>): void => {
    this.changes.push([id, change]);
    this.set(this.#items.map((one) => (one.id === id ? { ...one, ...change } : one)));
  };
  readonly remove = (): void => undefined;
  readonly undo = (): boolean => false;
  readonly redo = (): boolean => false;
}

async function open(...items: Drawn[]) {
  const kept = new Kept(items);
  const frameNamed = (imageId: string) => {
    const frame = frames.find((one) => one.imageId === imageId);
    return frame && { frame, seriesInstanceUid: series.seriesInstanceUid };
  };
  const measurements = new Measurements({ frameOf: frameNamed, shown: () => undefined, redraw: () => undefined });
  measurements.bind(kept);
  const drawings = { measurements, linesOf: ({ geometry }: Drawn) => [geometry.points.map(Math.round).join(' ')] };
  const slides = slidesOf(slideDatasets());
  await openPart(new FakeApi(), <SlideView {...{ series, slides, drawings, load }} />, { locale: 'en' });
  const slide = await screen.findByTestId('slide');
  const marks = screen.getByTestId('slide-marks');
  const pathOf = (at: number) => marks.querySelectorAll('[data-mark]')[at]?.querySelector('path')?.getAttribute('d') ?? '';
  const places = (at: number): number[] => (pathOf(at).match(/-?[\d.]+/g) ?? []).map(Number);
  return { kept, slide, marks, places };
}
const by = (clientX: number, clientY: number, more: object = {}) => ({ clientX, clientY, pointerId: 1, buttons: 1, ...more });
const pixels = (kept: Kept): number[] => (kept.getSnapshot().items[0]?.geometry.points ?? []).map((one) => Math.round(one));

describe('a drawing on a slide is moved after it was drawn', () => {
  test('a length by an end, which alone goes with the pointer; what it says follows, and it is kept once it is let go', async () => {
    const { kept, slide, marks, places } = await open(drawn('a', [0, 0, 90, 0]));
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = places(0);
    pointer('pointerdown', slide, by(x1 + 2, y1));
    pointer('pointermove', slide, by(x1 + 82, y1 + 40));
    expect(places(0).map(Math.round)).toEqual([x0, y0, x1 + 80, y1 + 40].map(Math.round));
    expect(marks.textContent).not.toBe('0 0 90 0');
    expect(kept.changes).toEqual([]);
    pointer('pointerup', slide, by(x1 + 82, y1 + 40));
    expect(kept.changes.map(([id]) => id)).toEqual(['a']);
    // 1.125 CSS px a pixel of the slide.
    expect(pixels(kept)).toEqual([0, 0, 90 + Math.round(80 / 1.125), Math.round(40 / 1.125)]);
  });

  test('an outline by its line, as a whole; the slide stays where it is', async () => {
    const { kept, slide, places } = await open(drawn('b', [0, 0, 90, 0, 90, 90], { kind: 'FREEHAND' }));
    const before = places(0);
    const [x0 = 0, y0 = 0, x1 = 0] = before;
    pointer('pointerdown', slide, by((x0 + x1) / 2, y0 + 3));
    pointer('pointermove', slide, by((x0 + x1) / 2 - 36, y0 + 39));
    pointer('pointerup', slide, by((x0 + x1) / 2 - 36, y0 + 39));
    expect(places(0).map(Math.round)).toEqual(before.map((one, at) => Math.round(one + (at % 2 === 0 ? -36 : 36))));
    expect(pixels(kept)).toEqual([-32, 32, 58, 32, 58, 122]);
  });

  test('beside every line the slide goes with the pointer, as before; so it does on what one may not change', async () => {
    const { kept, slide, places } = await open(drawn('c', [0, 0, 90, 0], { mayChange: false }));
    fireEvent.keyDown(slide, { key: '+' });
    for (const offset of [0, 200]) {
      const [x = 0, y = 0] = places(0);
      pointer('pointerdown', slide, by(x, y + offset));
      pointer('pointermove', slide, by(x + 10, y + offset));
      pointer('pointerup', slide, by(x + 10, y + offset));
      expect(Math.round((places(0)[0] ?? 0) - x)).toBe(10);
    }
    expect(kept.changes).toEqual([]);
  });

  test('a second finger, or a pointer that is taken away, leaves it where it was', async () => {
    const { kept, slide, places } = await open(drawn('d', [0, 0, 90, 0]));
    const before = places(0);
    const [x = 0, y = 0] = before;
    pointer('pointerdown', slide, by(x, y));
    pointer('pointermove', slide, by(x + 50, y));
    pointer('pointerdown', slide, by(x + 200, y, { pointerId: 2 }));
    pointer('pointerup', slide, by(x + 50, y));
    pointer('pointerup', slide, by(x + 200, y, { pointerId: 2 }));
    pointer('pointerdown', slide, by(...(places(0).slice(0, 2) as [number, number])));
    pointer('pointermove', slide, by(x + 70, y));
    pointer('pointercancel', slide, by(x + 70, y));
    expect([kept.changes, pixels(kept)]).toEqual([[], [0, 0, 90, 0]]);
  });

  test('what somebody else has moved while it was held is as they have it; what they left alone may be another object', async () => {
    const { kept, slide, places } = await open(drawn('e', [0, 0, 90, 0]));
    const [x = 0, y = 0] = places(0);
    pointer('pointerdown', slide, by(x, y));
    pointer('pointermove', slide, by(x + 50, y));
    act(() => kept.set([drawn('e', [5, 5, 90, 0])]));
    pointer('pointerup', slide, by(x + 50, y));
    expect([kept.changes, pixels(kept)]).toEqual([[], [5, 5, 90, 0]]);
    const [x2 = 0, y2 = 0] = places(0);
    pointer('pointerdown', slide, by(x2, y2));
    act(() => kept.set([drawn('e', [5, 5, 90, 0])]));
    pointer('pointermove', slide, by(x2 + 50, y2));
    pointer('pointerup', slide, by(x2 + 50, y2));
    expect(kept.changes).toHaveLength(1);
  });

  test('by keys: Enter takes what is in the middle, arrows carry it, Enter puts it down and Escape leaves it', async () => {
    const { kept, slide } = await open(drawn('f', [0, 0, 90, 0]));
    const press = (...keys: string[]): void => keys.forEach((key) => void fireEvent.keyDown(slide, { key }));
    const isTaken = (key: string): boolean => {
      let taken = false;
      const listen = (event: KeyboardEvent): void => {
        taken = isTakenByControl(event);
      };
      window.addEventListener('keydown', listen, { capture: true });
      fireEvent.keyDown(slide, { key });
      window.removeEventListener('keydown', listen, { capture: true });
      return taken;
    };
    press('Enter', 'ArrowRight');
    expect(screen.getByRole('status').textContent).toMatch(/^Drawing held/);
    expect(isTaken('Escape')).toBe(true);
    expect([kept.changes, screen.getByRole('status').textContent]).toEqual([[], '']);
    press('ArrowLeft', 'Enter', 'ArrowRight', 'Enter');
    expect(pixels(kept)).toEqual([71, 0, 90, 0]);
    // Far from all lines the desk has its keys.
    press('ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(['Enter', 'Escape'].map(isTaken)).toEqual([false, false]);
  });
});

test('a drawing is kept with its frame, no further from it than any may lie', () => {
  const [slide] = slidesOf(slideDatasets());
  if (slide === undefined) throw new Error('no slide');
  const shown = shownSlide(slide, 0, 0);
  const item = drawn('g', [0, 0, 90, 0]);
  expect(inOwnFrame(shown, item, markOf(shown, item)?.points ?? [])).toEqual([
    [0, 0],
    [90, 0],
  ]);
  expect(inOwnFrame(shown, item, [{ x: 200_000, y: 0 }])).toBeUndefined();
  // Of a coarser level in its own pixels.
  const coarse = drawn('h', [10, 10, 20, 20], { sopInstanceUid: '1.2.3.4', frame: 2 });
  expect(inOwnFrame(shown, coarse, markOf(shown, coarse)?.points ?? [])).toEqual([
    [10, 10],
    [20, 20],
  ]);
});

describe('what of a drawing is held', () => {
  const mark = (kind: Drawn['kind'], points: { x: number; y: number }[], mayChange = true) => ({
    item: drawn('x', [], { kind, mayChange }),
    points,
  });
  const line = mark('LENGTH', [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ]);
  const square = mark('RECTANGLE', [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
    { x: 0, y: 100 },
  ]);

  test.each([
    ['an end', [line], { x: 3, y: 3 }, 0],
    ['the other end', [line], { x: 98, y: -2 }, 1],
    ['the line', [line], { x: 50, y: 4 }, undefined],
    ['the line that closes an outline', [square], { x: -3, y: 50 }, undefined],
    ['a corner of a rectangle, which stays one', [square], { x: 100, y: 100 }, undefined],
  ] as const)('%s', (_what, marks, at, end) => {
    expect(gripAt(marks, at, 8)).toEqual({ mark: marks[0], end });
  });

  test('nothing beside it, nor within an outline, nor of what one may not change, nor behind the end of a line', () => {
    expect([
      gripAt([line], { x: 50, y: 9 }, 8),
      gripAt([square], { x: 50, y: 50 }, 8),
      gripAt([line], { x: 109, y: 0 }, 8),
    ]).toEqual([...[undefined, undefined, undefined]]);
    expect(gripAt([mark('LENGTH', line.points, false)], { x: 0, y: 0 }, 8)).toBeUndefined();
  });

  test('of two at one place the later one, of an end and a line the end', () => {
    const later = mark('LENGTH', [
      { x: 50, y: -50 },
      { x: 50, y: 50 },
    ]);
    expect(gripAt([line, later], { x: 50, y: 0 }, 8)?.mark).toBe(later);
    expect(gripAt([line, later], { x: 50, y: 48 }, 8)).toEqual({ mark: later, end: 1 });
    expect(movedPoints({ mark: line, end: 1 }, { x: 5, y: 7 })).toEqual([
      { x: 0, y: 0 },
      { x: 105, y: 7 },
    ]);
  });
});
