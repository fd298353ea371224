import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { annotationsOf } from './graphics.ts';
import type { StateLayer } from './layers.ts';
import type { StateAnnotation, StateNote } from './types.ts';

const PIXEL = el('CS', 'PIXEL');
const graphic = (type: string, points: number, more: DicomJsonObject = {}): DicomJsonObject => ({
  '00700005': PIXEL,
  '00700020': el('US', 2),
  '00700021': el('US', points),
  '00700022': el('FL', ...Array.from({ length: 2 * points }, (_, at) => at + 0.5)),
  '00700023': el('CS', type),
  ...more,
});
const BOX: DicomJsonObject = { '00700003': PIXEL, '00700010': el('FL', 1, 2), '00700011': el('FL', 30, 40) };
const ANCHOR: DicomJsonObject = { '00700004': PIXEL, '00700014': el('FL', 5, 6), '00700015': el('CS', 'Y') };
const words = (text: string, more: DicomJsonObject = BOX): DicomJsonObject => ({ '00700006': el('ST', text), ...more });
const onLayer = (name: string, more: DicomJsonObject): DicomJsonObject => ({ '00700002': el('CS', name), ...more });

interface Read {
  readonly annotations: StateAnnotation[];
  readonly notes: ReadonlySet<StateNote>;
}
function read(items: readonly DicomJsonObject[], layers: ReadonlyMap<string, StateLayer> = new Map()): Read {
  const notes = new Set<StateNote>();
  return { annotations: annotationsOf({ '00700001': sq(...items) }, layers, (one) => notes.add(one)), notes };
}
/** What is read of these graphics, and what is told. */
function drawn(...graphics: DicomJsonObject[]) {
  const { annotations, notes } = read([onLayer('L', { '00700009': sq(...graphics) })]);
  return { graphics: annotations[0]?.graphics ?? [], notes: [...notes] };
}
function written(...texts: DicomJsonObject[]) {
  const { annotations, notes } = read([onLayer('L', { '00700008': sq(...texts) })]);
  return { texts: annotations[0]?.texts ?? [], notes: [...notes] };
}

describe('graphic objects (PS3.3 C.10.5.1.2)', () => {
  test.each([
    ['POINT', 1, [2]],
    ['POLYLINE', 2, [1]],
    ['POLYLINE', 700, []],
    ['INTERPOLATED', 2, [1]],
    ['CIRCLE', 2, [1, 3]],
    ['ELLIPSE', 4, [3, 5]],
  ] as const)('a %s of %d points is one, of %j none', (type, right, wrong) => {
    expect(drawn(graphic(type, right))).toMatchObject({ graphics: [{ kind: type.toLowerCase() }], notes: [] });
    expect(drawn(graphic(type, right)).graphics[0]?.points).toHaveLength(right);
    for (const count of wrong) expect(drawn(graphic(type, count))).toEqual({ graphics: [], notes: ['damaged'] });
  });

  test('have x before y of each point in turn', () => {
    const points = drawn(graphic('POLYLINE', 3)).graphics[0]?.points;
    expect(points).toEqual([
      [0.5, 1.5],
      [2.5, 3.5],
      [4.5, 5.5],
    ]);
  });

  test('without a number of dimensions or of points are taken by their data; of other dimensions they are none', () => {
    const { '00700020': _dimensions, '00700021': _count, ...bare } = graphic('POLYLINE', 2);
    expect(drawn(bare)).toMatchObject({ graphics: [{ kind: 'polyline' }], notes: [] });
    expect(drawn(graphic('POLYLINE', 3, { '00700020': el('US', 3) }))).toEqual({ graphics: [], notes: ['damaged'] });
    expect(drawn(graphic('POLYLINE', 3, { '00700021': el('US', 2) }))).toEqual({ graphics: [], notes: ['damaged'] });
  });

  test('are filled where they say Y, and only there', () => {
    const filled = ['Y', 'N', 'y', ''].map((said) => drawn(graphic('CIRCLE', 2, { '00700024': el('CS', said) })).graphics[0]);
    expect(filled.map((one) => one?.isFilled)).toEqual([true, false, false, false]);
    expect(drawn(graphic('CIRCLE', 2)).graphics[0]?.isFilled).toBe(false);
  });

  test.each([
    ['PIXEL', 'pixel', []],
    ['DISPLAY', 'display', []],
    ['MATRIX', undefined, ['matrix']],
    ['MILLIMETRE', undefined, ['damaged']],
  ] as const)('stand in units of %s (C.10.5.1)', (units, read, notes) => {
    const found = drawn(graphic('POINT', 1, { '00700005': el('CS', units) }));
    expect([found.graphics[0]?.units, found.notes]).toEqual([read, notes]);
  });

  test.each(['constructor', 'toString', '__proto__', 'valueOf'])('of a type that is called %s cost only themselves', (type) => {
    expect(drawn(graphic(type, 2), graphic('POINT', 1))).toMatchObject({ graphics: [{ kind: 'point' }], notes: ['damaged'] });
  });
});

describe('text objects (PS3.3 C.10.5.1.1)', () => {
  test('stand in a box, at an anchor, or both; with half a box at their anchor alone', () => {
    const { '00700011': _, ...half } = BOX;
    const { texts, notes } = written(
      words('a'),
      words('b', ANCHOR),
      words('c', { ...BOX, ...ANCHOR }),
      words('d', { ...half, ...ANCHOR }),
    );
    expect(texts.map(({ box, anchor }) => [box !== undefined, anchor !== undefined])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [false, true],
    ]);
    expect(notes).toEqual([]);
    expect(texts[0]?.box).toEqual({ units: 'pixel', from: [1, 2], to: [30, 40], align: 'left' });
    expect(texts[1]?.anchor).toEqual({ units: 'pixel', at: [5, 6], isVisible: true });
  });

  test('whose anchor is not to be seen say so (Anchor Point Visibility)', () => {
    const { texts } = written(words('a', { ...ANCHOR, '00700015': el('CS', 'N') }));
    expect(texts[0]?.anchor?.isVisible).toBe(false);
  });

  test.each([
    ['LEFT', 'left'],
    ['CENTER', 'center'],
    ['RIGHT', 'right'],
    ['JUSTIFY', 'left'],
    ['constructor', 'left'],
  ])('are aligned as they say: %s', (said, align) => {
    expect(written(words('a', { ...BOX, '00700012': el('CS', said) })).texts[0]?.box?.align).toBe(align);
  });

  test('whose box is in units of a slide keep their anchor; without one they are none', () => {
    const matrix = { ...BOX, '00700003': el('CS', 'MATRIX') };
    expect(written(words('a', { ...matrix, ...ANCHOR }))).toMatchObject({ texts: [{ box: undefined }], notes: ['matrix'] });
    expect(written(words('a', matrix))).toEqual({ texts: [], notes: ['matrix', 'damaged'] });
  });

  test('keep their lines, are none without words, and are cut after two thousand characters', () => {
    expect(written(words('one\r\ntwo\nthree')).texts[0]?.text).toBe('one\ntwo\nthree');
    expect(written(words('  '))).toEqual({ texts: [], notes: ['damaged'] });
    const long = written(words('x'.repeat(2001)), words('y'.repeat(2000)));
    expect([long.texts.map(({ text }) => text.length), long.notes]).toEqual([[2000, 2000], ['tooMany']]);
  });
});

describe('annotations of a state (PS3.3 C.10.5, C.10.7)', () => {
  const layer = (order: number, red: number): StateLayer => ({ order, color: [red, 0, 0], gray: undefined });
  const layers = new Map([
    ['TOP', layer(9, 9)],
    ['LOW', layer(-1, 1)],
    ['ALSO LOW', layer(-1, 2)],
  ]);

  test('are drawn from the lowest order, those of one order and of no layer as they stand, in the colour of their layer', () => {
    const { annotations } = read(
      ['TOP', 'NONE', 'ALSO LOW', 'LOW', 'NOR THIS'].map((name) => onLayer(name, {})),
      layers,
    );
    expect(annotations.map((one) => [one.layer, one.color])).toEqual([
      ['ALSO LOW', [2, 0, 0]],
      ['LOW', [1, 0, 0]],
      ['TOP', [9, 0, 0]],
      ['NONE', [255, 255, 255]],
      ['NOR THIS', [255, 255, 255]],
    ]);
  });

  test('share one bound of two thousand objects, whichever layer and kind they are of', () => {
    const half = Array.from({ length: 1000 }, () => graphic('POINT', 1));
    const texts = Array.from({ length: 1001 }, () => words('t'));
    const { annotations, notes } = read([onLayer('A', { '00700009': sq(...half) }), onLayer('B', { '00700008': sq(...texts) })]);
    expect([annotations[0]?.graphics.length, annotations[1]?.texts.length, [...notes]]).toEqual([1000, 1000, ['tooMany']]);
    expect(
      read([onLayer('A', { '00700009': sq(...half) }), onLayer('B', { '00700008': sq(...texts.slice(1)) })]).notes.size,
    ).toBe(0);
  });

  test('have no line of more points than anybody draws', () => {
    expect(drawn(graphic('POLYLINE', 50_000), graphic('POINT', 1))).toMatchObject({
      graphics: [{ kind: 'polyline' }],
      notes: ['tooMany'],
    });
    expect(drawn(graphic('POLYLINE', 50_001))).toEqual({ graphics: [], notes: ['tooMany'] });
    // Of so many that they stay in the file, which is not the file's fault.
    const left = { '00700022': { vr: 'FL', BulkDataURI: '' } };
    expect(drawn(graphic('POLYLINE', 9000, left))).toEqual({ graphics: [], notes: ['tooMany'] });
  });

  test.each(['00700231', '00700232', '00700233'])(
    'with a style of their own (%s) are drawn without it, and told (C.10.5.1)',
    (tag) => {
      const styled = drawn(graphic('POINT', 1, { [tag]: sq({}) }));
      expect([styled.graphics.length, styled.notes]).toEqual([1, ['styles']]);
      expect(written(words('a', { ...BOX, [tag]: sq({}) })).notes).toEqual(['styles']);
    },
  );

  test('with compound graphics are told, and drawn without these', () => {
    const { annotations, notes } = read([onLayer('L', { '00700209': sq({}), '00700009': sq(graphic('POINT', 1)) })]);
    expect([annotations[0]?.graphics.length, [...notes]]).toEqual([1, ['compound']]);
  });
});
