import { describe, expect, it, vi } from 'vitest';
import type { Vector3 } from '../../model/geometry.ts';
import type { DrawingStore, Drawn } from '../measurements.ts';
import { MprMeasures } from './mpr-measures.ts';
import { MprValues } from './mpr-values.ts';

const [SERIES, SPACE] = ['1.2.9', '1.2.3'];
const [A, B]: [Vector3, Vector3] = [
  [0, 0, 0],
  [3, 4, 0],
];

const drawnOf = (id: string, fields: Partial<Drawn> = {}): Drawn => ({
  ...{ id, kind: 'LENGTH', seriesInstanceUid: SERIES, sopInstanceUid: '1.2.9.1', frame: 1, label: null, mayChange: true },
  geometry: { space: 'PATIENT', frameOfReferenceUid: SPACE, points: [...A, ...B] },
  ...fields,
});

interface Options {
  readonly items?: readonly Drawn[];
  readonly canWrite?: boolean;
  readonly hasSpace?: boolean;
}

function open({ items = [], canWrite = true, hasSpace = true }: Options = {}) {
  const stop = vi.fn();
  const store = {
    ...{ canWrite, subscribe: () => stop, getSnapshot: () => ({ items }) },
    ...{ draw: vi.fn(), change: vi.fn(), remove: vi.fn(), undo: vi.fn(() => true), redo: vi.fn(() => true) },
  } satisfies DrawingStore;
  const onChange = vi.fn();
  const imageAt = ([, , z]: Vector3) => ({ sopInstanceUid: `1.2.9.${z}`, frame: 1 });
  const ports = { store, seriesInstanceUid: SERIES, frameOfReferenceUid: hasSpace ? SPACE : undefined, imageAt, onChange };
  return { store, onChange, stop, measures: new MprMeasures(ports) };
}
const idsOf = (measures: MprMeasures): string[] => measures.items.map(({ id }) => id);

describe('what is drawn on planes', () => {
  it('is of this volume alone: its series, its frame of reference, in the patient, a length or a value', () => {
    const items = [
      drawnOf('a'),
      drawnOf('other series', { seriesInstanceUid: '1.2.8' }),
      drawnOf('other space', { geometry: { space: 'PATIENT', frameOfReferenceUid: '9', points: [...A] } }),
      drawnOf('on an image', { geometry: { space: 'PIXEL', points: [0, 0, 1, 1] } }),
      drawnOf('a region', { kind: 'ELLIPSE' }),
      drawnOf('b', {
        kind: 'PROBE',
        geometry: { space: 'PATIENT', frameOfReferenceUid: SPACE, points: [...B], textAt: [1, 2, 3] },
      }),
    ];
    expect(open({ items }).measures.items).toEqual([
      { id: 'a', kind: 'LENGTH', points: [A, B], mayChange: true },
      { id: 'b', kind: 'PROBE', points: [B], textAt: [1, 2, 3], mayChange: true },
    ]);
  });

  it('is kept in millimetres of the patient, with the image that is nearest to where it begins', () => {
    const { measures, store } = open();
    measures.draw('LENGTH', [[1, 2, 7], B]);
    expect(store.draw).toHaveBeenCalledExactlyOnceWith(
      expect.any(String),
      { seriesInstanceUid: SERIES, sopInstanceUid: '1.2.9.7', frame: 1, kind: 'LENGTH' },
      { geometry: { space: 'PATIENT', frameOfReferenceUid: SPACE, points: [1, 2, 7, 3, 4, 0] }, label: null },
    );
    expect(measures.items).toEqual([]);
  });

  it('is changed where it is kept, with its text where that was moved', () => {
    const { measures, store } = open({ items: [drawnOf('a')] });
    measures.change({ id: 'a', kind: 'LENGTH', points: [B, A], mayChange: true });
    measures.change({ id: 'a', kind: 'LENGTH', points: [B], textAt: [1, 1, 1], mayChange: true });
    const geometry = { space: 'PATIENT', frameOfReferenceUid: SPACE };
    expect(store.change.mock.calls).toEqual([
      ['a', { geometry: { ...geometry, points: [...B, ...A] } }],
      ['a', { geometry: { ...geometry, points: [...B], textAt: [1, 1, 1] } }],
    ]);
  });

  it.each([
    ['by who may only read', { canWrite: false }],
    ['where places in the patient have no name', { hasSpace: false }],
  ])('%s goes with the planes, and nothing of it is kept', (_, options: Options) => {
    const { measures, store, onChange } = open(options);
    measures.draw('PROBE', [A]);
    const [own] = measures.items;
    if (own !== undefined) measures.change({ ...own, points: [B] });
    expect(measures.items).toMatchObject([{ kind: 'PROBE', points: [B], mayChange: true }]);
    expect(onChange).toHaveBeenCalledTimes(2);
    expect([store.draw, store.change].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });

  it('by oneself is taken back step by step, deletions too, before what is kept', () => {
    const { measures, store } = open({ canWrite: false });
    measures.draw('PROBE', [A]);
    measures.draw('LENGTH', [A, B]);
    const ids = idsOf(measures);
    measures.remove(ids[0]);
    expect(idsOf(measures)).toEqual([ids[1]]);
    const taken = ids.map(() => measures.undo() && idsOf(measures));
    expect(taken).toEqual([ids, [ids[0]]]);
    measures.undo();
    expect(store.undo).not.toHaveBeenCalled();
    expect([idsOf(measures), measures.undo(), store.undo.mock.calls.length]).toEqual([[], true, 1]);
  });

  it('is deleted by its name, else the latest of one’s own; of others nothing', () => {
    const items = [drawnOf('a'), drawnOf('b'), drawnOf('of others', { mayChange: false })];
    const { measures, store } = open({ items });
    expect([measures.remove('of others'), measures.remove('a'), measures.remove()]).toEqual([false, true, true]);
    expect(store.remove.mock.calls).toEqual([['a'], ['b']]);
  });

  it('is heard of no more once the planes are closed', () => {
    const { measures, stop } = open();
    measures.close();
    expect(stop).toHaveBeenCalledOnce();
  });
});

describe('what stands beside it', () => {
  const at = (sampled: number | undefined) => {
    const sample = vi.fn(async () => (sampled === undefined ? undefined : new Float32Array([sampled])));
    const onChange = vi.fn();
    return { sample, onChange, values: new MprValues(sample, onChange) };
  };
  const probe = { id: 'p', kind: 'PROBE', points: [A], mayChange: true } as const;

  it('of a length is its millimetres in the patient, at once', () => {
    const { values, sample } = at(0);
    expect(values.textOf({ ...probe, kind: 'LENGTH', points: [A, B] })).toEqual({ kind: 'length', mm: 5 });
    expect(sample).not.toHaveBeenCalled();
  });

  it('of a place is its value once that is known, asked for once; a place without one says so', async () => {
    for (const [sampled, value] of [
      [-850, -850],
      [Number.NaN, undefined],
    ] as const) {
      const { values, sample, onChange } = at(sampled);
      expect(values.textOf(probe)).toBeUndefined();
      expect(values.textOf(probe)).toBeUndefined();
      await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce());
      expect(values.textOf(probe)).toEqual({ kind: 'probe', value });
      expect(sample).toHaveBeenCalledOnce();
    }
  });

  it('is asked for anew of another volume', async () => {
    const { values, sample, onChange } = at(7);
    values.textOf(probe);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce());
    values.forget();
    expect(values.textOf(probe)).toBeUndefined();
    expect(sample).toHaveBeenCalledTimes(2);
  });

  it('is one sample at that place, of the plane alone unless a slab is named', async () => {
    const { values, sample } = at(1);
    await values.at('hover', B);
    await values.at('hover', B, { right: [0, 1, 0], down: [0, 0, -1] }, { thicknessMm: 10, projection: 'mean' });
    expect(sample.mock.calls).toMatchObject([
      ['hover', { origin: B, width: 1, height: 1, thicknessMm: 0, normal: [0, 0, 1] }],
      ['hover', { origin: B, thicknessMm: 10, projection: 'mean', normal: [-1, 0, 0] }],
    ]);
  });
});
