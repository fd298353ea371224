import { describe, expect, it, vi } from 'vitest';
import type { Content, Target } from '../annotations/kept-edit.ts';
import { slicesAt } from '../model/volume-fixture.ts';
import { type DrawingStore, type Drawn, Measurements } from './measurements.ts';

const FRAMES = slicesAt([0, 5, 10]);
const [FIRST, SECOND] = FRAMES as [(typeof FRAMES)[number], (typeof FRAMES)[number]]; // Three were made.
const SERIES = '1.2.9';
const ASK = { paneId: 'pane-1', at: [10, 20] as const };

const drawnOn = (id: string, fields: Partial<Drawn> = {}): Drawn => ({
  ...{ id, kind: 'LENGTH', seriesInstanceUid: SERIES, sopInstanceUid: FIRST.sopInstanceUid, frame: 1 },
  ...{ geometry: { space: 'PIXEL', points: [0, 0, 1, 1] }, label: null, mayChange: true },
  ...fields,
});

/** What is kept of a study, as the server has it. */
function storeOf(items: readonly Drawn[] = [], canWrite = true) {
  let now = items;
  const listeners = new Set<() => void>();
  const show = (next: readonly Drawn[]): void => {
    now = next;
    for (const listener of listeners) listener();
  };
  const store = {
    canWrite,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => ({ items: now }),
    draw: vi.fn((id: string, target: Target, content: Content) => show([...now, { id, ...target, ...content, mayChange: true }])),
    change: vi.fn((id: string, change: Partial<Content>) =>
      show(now.map((one) => (one.id === id ? { ...one, ...change } : one))),
    ),
    remove: vi.fn((id: string) => show(now.filter((one) => one.id !== id))),
    undo: vi.fn(() => true),
    redo: vi.fn(() => true),
  } satisfies DrawingStore;
  return { store, listeners };
}

function open(store?: DrawingStore) {
  const redraw = vi.fn();
  let shown: typeof FIRST | undefined = FIRST;
  const measurements = new Measurements({
    frameOf: (imageId) => {
      const frame = FRAMES.find((one) => one.imageId === imageId);
      return frame && { frame, seriesInstanceUid: SERIES };
    },
    shown: () => shown,
    redraw,
  });
  if (store !== undefined) measurements.bind(store);
  return { measurements, redraw, show: (frame: typeof FIRST | undefined) => (shown = frame) };
}
const idsOn = (measurements: Measurements, frame = FIRST): string[] => measurements.itemsOn(frame).map(({ id }) => id);
const LINE = [
  [1, 2],
  [3, 4],
] as const;

describe('what is drawn', () => {
  it('is kept with the image and frame that it was drawn on', () => {
    const { store } = storeOf();
    const { measurements } = open(store);
    measurements.finish('LENGTH', LINE, SECOND, ASK);
    expect(store.draw.mock.lastCall?.slice(1)).toEqual([
      { seriesInstanceUid: SERIES, sopInstanceUid: SECOND.sopInstanceUid, frame: 1, kind: 'LENGTH' },
      { geometry: { space: 'PIXEL', points: [1, 2, 3, 4] }, label: null },
    ]);
    expect([measurements.itemsOn(SECOND).length, measurements.itemsOn(FIRST).length]).toEqual([1, 0]);
  });

  it('lies on its own image alone, and a star is no drawing', () => {
    const { store } = storeOf([
      drawnOn('a'),
      drawnOn('b', { sopInstanceUid: SECOND.sopInstanceUid }),
      drawnOn('c', { kind: 'KEY_IMAGE' }),
      drawnOn('d', { frame: 2 }),
    ]);
    const { measurements } = open(store);
    expect([idsOn(measurements), idsOn(measurements, SECOND)]).toEqual([['a'], ['b']]);
  });

  it('in the patient lies on the slice that holds it, of the series in which it was drawn', () => {
    const at = (z: number) => ({ space: 'PATIENT' as const, frameOfReferenceUid: '1.2.3', points: [0, 0, z, 1, 1, z] });
    const { store } = storeOf([
      drawnOn('a', { geometry: at(5) }),
      drawnOn('other series', { geometry: at(5), seriesInstanceUid: '1.2.8' }),
      drawnOn('other space', { geometry: { ...at(5), frameOfReferenceUid: '9.9' } }),
    ]);
    const { measurements } = open(store);
    expect([idsOn(measurements), idsOn(measurements, SECOND)]).toEqual([[], ['a']]);
  });

  it('is drawn anew when others draw, until it is bound to another study', () => {
    const { store, listeners } = storeOf();
    const { measurements, redraw } = open(store);
    redraw.mockClear();
    for (const listener of listeners) listener();
    expect(redraw).toHaveBeenCalledOnce();
    const { store: next } = storeOf([drawnOn('next')]);
    measurements.bind(next);
    expect([listeners.size, idsOn(measurements)]).toEqual([0, ['next']]);
  });

  it('on an image that this session does not know is nothing', () => {
    const { store } = storeOf();
    const { measurements } = open(store);
    measurements.finish('LENGTH', LINE, { ...FIRST, imageId: 'wadors:/elsewhere' }, ASK);
    expect(store.draw).not.toHaveBeenCalled();
  });
});

describe('a kind that has a text', () => {
  it.each(['TEXT', 'SPINE_LABEL', 'ARROW'] as const)('asks for it before it is kept (%s)', (kind) => {
    const { store } = storeOf();
    const { measurements } = open(store);
    measurements.finish(kind, LINE, FIRST, ASK);
    expect(store.draw).not.toHaveBeenCalled();
    expect(measurements.getAsked()).toMatchObject({ paneId: 'pane-1', at: [10, 20], kind });
    measurements.answer('  Nodule  ');
    expect(store.draw.mock.lastCall?.[2]).toMatchObject({ label: 'Nodule' });
    expect(measurements.getAsked()).toBeUndefined();
  });

  it('is nothing without one, save an arrow, which may point alone; put away it is nothing at all', () => {
    const { store } = storeOf();
    const { measurements } = open(store);
    for (const kind of ['TEXT', 'SPINE_LABEL', 'ARROW'] as const) {
      measurements.finish(kind, LINE, FIRST, ASK);
      measurements.answer('   ');
    }
    measurements.finish('ARROW', LINE, FIRST, ASK);
    measurements.answer(undefined);
    expect(store.draw.mock.calls.map(([, { kind }, { label }]) => [kind, label])).toEqual([['ARROW', null]]);
  });

  it('of a vertebra is proposed after those of the same series', () => {
    const { store } = storeOf([
      drawnOn('a', { kind: 'SPINE_LABEL', label: 'T4' }),
      drawnOn('b', { kind: 'SPINE_LABEL', label: 'L1', seriesInstanceUid: '1.2.8' }),
    ]);
    const { measurements } = open(store);
    measurements.finish('SPINE_LABEL', LINE, FIRST, ASK);
    expect(measurements.getAsked()?.label).toBe('T5');
  });

  it('is asked for again with what stands, of one’s own alone, and changes nothing else', () => {
    const { store } = storeOf();
    const { measurements } = open(store);
    const text = drawnOn('a', { kind: 'TEXT', label: 'Nodule' });
    expect(measurements.askAgain(drawnOn('l'), ASK)).toBe(false);
    expect(measurements.askAgain({ ...text, mayChange: false }, ASK)).toBe(false);
    expect(measurements.askAgain(text, ASK)).toBe(true);
    expect(measurements.getAsked()?.label).toBe('Nodule');
    measurements.answer('Kyste');
    expect(store.change).toHaveBeenCalledExactlyOnceWith('a', { label: 'Kyste' });
  });

  it('is told to who listens, as what is selected is, until they stop', () => {
    const { measurements } = open();
    const listener = vi.fn();
    const stop = measurements.subscribe(listener);
    measurements.finish('TEXT', LINE, FIRST, ASK);
    measurements.select('a');
    measurements.select('a');
    expect([listener.mock.calls.length, measurements.getSelected()]).toEqual([2, 'a']);
    stop();
    measurements.select('b');
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('deleting', () => {
  it('takes what is selected, else the latest of one’s own on the image that is shown; nothing that nobody sees', () => {
    const { store } = storeOf([
      ...[drawnOn('a'), drawnOn('b'), drawnOn('of others', { mayChange: false })],
      drawnOn('elsewhere', { sopInstanceUid: SECOND.sopInstanceUid }),
    ]);
    const { measurements, show } = open(store);
    measurements.select('a');
    expect([measurements.remove(), measurements.remove(), measurements.remove()]).toEqual([true, true, false]);
    expect(store.remove.mock.calls).toEqual([['a'], ['b']]);
    show(undefined);
    expect(measurements.remove()).toBe(false);
  });
});

describe('who may only read', () => {
  const reader = (items: readonly Drawn[] = []) => {
    const { store } = storeOf(items, false);
    return { store, ...open(store) };
  };

  it('draws for themselves: nothing reaches what is kept', () => {
    const { store, measurements } = reader([drawnOn('kept', { mayChange: false })]);
    measurements.finish('LENGTH', LINE, FIRST, ASK);
    const own = measurements.itemsOn(FIRST).at(-1);
    measurements.move(own?.id ?? '', [[5, 5]], [9, 9]);
    expect(measurements.itemsOn(FIRST).at(-1)?.geometry).toEqual({ space: 'PIXEL', points: [5, 5], textAt: [9, 9] });
    expect(measurements.remove()).toBe(true);
    expect(idsOn(measurements)).toEqual(['kept']);
    expect([store.draw, store.change, store.remove].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
  });

  it('has what they drew gone with the study', () => {
    const { measurements } = reader();
    measurements.finish('LENGTH', LINE, FIRST, ASK);
    measurements.bind(storeOf([], false).store);
    expect(idsOn(measurements)).toEqual([]);
  });

  it('takes back the latest step, be it a drawing, a change or a deletion', () => {
    const { measurements } = reader();
    measurements.finish('LENGTH', LINE, FIRST, ASK);
    measurements.finish('PROBE', [[1, 1]], FIRST, ASK);
    const [length = '', probe = ''] = idsOn(measurements);
    measurements.move(length, [[7, 7]], undefined);
    measurements.select(probe);
    measurements.remove();
    expect(idsOn(measurements)).toEqual([length]);
    expect(measurements.undo()).toBe(true);
    expect(idsOn(measurements)).toEqual([length, probe]);
    measurements.undo();
    expect(measurements.itemsOn(FIRST)[0]?.geometry.points).toEqual([1, 2, 3, 4]);
    measurements.undo();
    measurements.undo();
    expect(idsOn(measurements)).toEqual([]);
  });
});

describe('undo and redo', () => {
  it('of who may write are those of what is kept', () => {
    const { store } = storeOf();
    const { measurements } = open(store);
    expect([measurements.undo(), measurements.redo()]).toEqual([true, true]);
    expect([store.undo, store.redo].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
  it('are none before there is anything', () => {
    const { measurements } = open();
    expect([measurements.undo(), measurements.redo()]).toEqual([false, false]);
  });
});
