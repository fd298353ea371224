import { type PresentationStateOptions, presentationState, smallPicture } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import { framePlanOf, type Overlays, type RenderedFrame, renderFrame, renderPlanFor } from '../pixels/index.ts';
import type { DicomJsonObject } from '../types.ts';
import { planState } from './plan-state.ts';
import { isInScope, refersTo } from './references.ts';
import { coverByShutters, polygonCrossings } from './shutters.ts';
import { canApply, presentationStateOf } from './state.ts';
import type { PresentationState } from './types.ts';

const IMAGE = { sopInstanceUid: '1.2.3.4', seriesInstanceUid: '1.2.3' };
const json = (options: Partial<PresentationStateOptions> = {}): DicomJsonObject =>
  parsePart10(presentationState({ seed: 'state', images: [IMAGE], ...options }).bytes).json;

function read(dataset: DicomJsonObject): PresentationState {
  const state = presentationStateOf(dataset);
  if (state === undefined) throw new TypeError('That is no presentation state.');
  return state;
}
const stateOf = (options: Partial<PresentationStateOptions> = {}): PresentationState => read(json(options));

/** A picture of cells in a row, as a state shows it. */
async function shownBy(
  state: DicomJsonObject,
  cells: Uint8Array | Uint16Array | Int16Array,
  dataset: DicomJsonObject = {},
): Promise<RenderedFrame> {
  const parsed = parsePart10(smallPicture({ seed: 'picture', columns: cells.length, cells }).bytes);
  const image = { ...parsed.json, ...dataset };
  const plan = await framePlanOf(image, 0, async () => undefined);
  const own = await planState(read(state), image, { sopInstanceUid: '1.2.3.4', frameNumber: 1 }, async () => undefined);
  const frame = {
    ...{ rows: 1, columns: cells.length, samplesPerPixel: 1, bitsAllocated: cells.BYTES_PER_ELEMENT * 8, isFloat: false },
    ...{ bitsStored: cells.BYTES_PER_ELEMENT * 8, highBit: cells.BYTES_PER_ELEMENT * 8 - 1 },
    ...{ pixelRepresentation: cells instanceof Int16Array ? 1 : 0, photometricInterpretation: 'MONOCHROME2' },
    ...{ planarConfiguration: 0, pixels: new Uint8Array(cells.buffer) },
  } as unknown as Parameters<typeof renderFrame>[0];
  const rendered = renderPlanFor(plan, own.grays?.voi, own.overlays satisfies Overlays);
  return renderFrame(frame, {
    ...rendered,
    gray: { ...rendered.gray, ...own.grays, voi: own.grays?.voi },
    shutters: own.shutters,
  });
}

describe('a presentation state (PS3.3 A.33)', () => {
  test('says which images and frames it is for, and touches no other (C.11.11)', () => {
    const state = stateOf({ images: [IMAGE, { ...IMAGE, sopInstanceUid: '1.2.3.5', frames: [2, 3] }] });
    const asked = (sopInstanceUid: string, frameNumber: number) => refersTo(state, { sopInstanceUid, frameNumber });
    expect([asked('1.2.3.4', 7), asked('1.2.3.5', 3), asked('1.2.3.5', 1), asked('1.2.3.6', 1)]).toEqual([
      ...[true, true, false, false],
    ]);
    expect(state).toMatchObject({ kind: 'grayscale', label: 'LECTURE', description: 'Nodule', creator: 'MARTIN^Zoé', notes: [] });
  });

  test('whose frame numbers can’t be read is for none, and not for all', () => {
    const dataset = json();
    const broken = JSON.parse(
      JSON.stringify(dataset).replaceAll('"00081155":', '"00081160":{"vr":"IS","Value":["x"]},"00081155":'),
    );
    expect(read(broken).references).toEqual([]);
    expect(read(broken).notes).toEqual(['noImages']);
    expect(canApply(read(broken))).toBe(false);
  });

  test('of another kind is known by name and never applied', () => {
    const state = read({ ...json(), '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.11.4'] } });
    expect([state.kind, state.notes, canApply(state)]).toEqual(['other', ['kind'], false]);
    expect(presentationStateOf({ ...json(), '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] } })).toBeUndefined();
  });

  test('turns before it flips, and shows an area (C.10.6, C.10.4)', () => {
    const state = stateOf({ rotation: 90, isFlipped: true, area: [11, 21, 60, 80], sizing: 'MAGNIFY', magnification: 2 });
    expect(state).toMatchObject({ rotation: 90, isFlipped: true, notes: [] });
    expect(state.areas).toEqual([
      { scope: undefined, from: [11, 21], to: [60, 80], sizing: 'magnify', magnification: 2, aspect: 1 },
    ]);
    expect(stateOf({ area: [1, 1, 2, 2], sizing: 'TRUE SIZE' }).notes).toEqual(['trueSize']);
    expect(stateOf({ rotation: 45 })).toMatchObject({ rotation: 0, notes: ['damaged'] });
  });

  test('draws in the order of its layers, each in its value (C.10.5, C.10.7)', () => {
    const state = stateOf({
      layers: [
        ['OVER', 2, 65_535],
        ['UNDER', 1, 32_768],
      ],
      annotations: [
        { layer: 'OVER', texts: [{ text: 'Nodule\r\n8 mm', box: [10, 20, 60, 40], align: 'CENTER', anchor: [5, 6] }] },
        { layer: 'UNDER', graphics: [{ type: 'CIRCLE', data: [10, 10, 14, 10], isFilled: true }] },
        {
          layer: 'LOST',
          graphics: [{ type: 'POLYLINE', data: [0, 0, 1, 1], units: 'DISPLAY' }],
          images: [{ ...IMAGE, frames: [2] }],
        },
      ],
    });
    expect(state.annotations.map(({ layer, color }) => [layer, color])).toEqual([
      ['UNDER', [128, 128, 128]],
      ['OVER', [255, 255, 255]],
      ['LOST', [255, 255, 255]],
    ]);
    const [under, over, lost] = state.annotations;
    expect(under?.graphics).toEqual([
      {
        kind: 'circle',
        units: 'pixel',
        points: [
          [10, 10],
          [14, 10],
        ],
        isFilled: true,
      },
    ]);
    expect(over?.texts).toEqual([
      {
        text: 'Nodule\n8 mm',
        box: { units: 'pixel', from: [10, 20], to: [60, 40], align: 'center' },
        anchor: { units: 'pixel', at: [5, 6], isVisible: true },
      },
    ]);
    expect([1, 2].map((frameNumber) => isInScope(lost?.scope, { sopInstanceUid: '1.2.3.4', frameNumber }))).toEqual([
      false,
      true,
    ]);
    expect(state.notes).toEqual([]);
  });
});

describe('grays by a state (PS3.4 N.2)', () => {
  test('are those of the state alone: what it leaves out is the identity, whatever the image says', async () => {
    const image = {
      '00281050': { vr: 'DS', Value: [10] },
      '00281051': { vr: 'DS', Value: [5] },
      '00280004': { vr: 'CS', Value: ['MONOCHROME1'] },
    } as const;
    expect([...(await shownBy(json(), Uint8Array.of(0, 51, 255), image)).pixels]).toEqual([0, 51, 255]);
    expect([...(await shownBy(json({ shape: 'INVERSE' }), Uint8Array.of(0, 51, 255), image)).pixels]).toEqual([255, 204, 0]);
  });

  test('go through its rescale, window and table (C.11.1, C.11.8, C.11.6)', async () => {
    const window = json({ rescale: [2, -100], window: [0, 201] });
    // -100, 0 and 100 of 201: LINEAR has its ends half a value lower (C.11.2.1.2.1).
    expect([...(await shownBy(window, Uint8Array.of(0, 50, 100))).pixels]).toEqual([1, 128, 255]);
    const table = {
      vr: 'SQ',
      Value: [{ '00283002': { vr: 'US', Value: [4, 0, 8] }, '00283006': { vr: 'US', Value: [0, 10, 200, 255] } }],
    } as const;
    const { '20500020': _, ...without } = json({ window: [127.5, 256] });
    expect([...(await shownBy({ ...without, '20500010': table }, Uint8Array.of(0, 85, 170, 255))).pixels]).toEqual([
      0, 10, 200, 255,
    ]);
  });

  test('of a window that makes no sense are told, and shown whole', async () => {
    const broken = json({ window: [40, 0] });
    expect(read(broken).notes).toEqual(['voi']);
    expect([...(await shownBy(broken, Uint8Array.of(0, 255))).pixels]).toEqual([0, 255]);
  });
});

describe('shutters (C.7.6.11)', () => {
  const covered = async (more: DicomJsonObject, side = 5): Promise<string[]> => {
    const image = parsePart10(
      smallPicture({ seed: 'p', columns: side, cells: new Uint8Array(side * side).fill(255) }).bytes,
    ).json;
    const plan = await planState(
      read({ ...json(), ...more }),
      image,
      { sopInstanceUid: '1.2.3.4', frameNumber: 1 },
      async () => undefined,
    );
    const pixels = { rows: side, columns: side, channels: 1, pixels: new Uint8Array(side * side).fill(255) };
    if (plan.shutters !== undefined) coverByShutters(pixels, plan.shutters);
    return Array.from({ length: side }, (_, row) =>
      [...pixels.pixels.subarray(row * side, (row + 1) * side)]
        .map((one) => (one === 255 ? '#' : one === 0 ? '.' : 'o'))
        .join(''),
    );
  };
  const is = (value: number) => ({ vr: 'IS', Value: [value] }) as const;
  const rectangle = { '00181602': is(2), '00181604': is(4), '00181606': is(2), '00181608': is(3) };

  test('of a rectangle leave its edges open, both ends of them; a value covers the rest', async () => {
    expect(await covered({ '00181600': { vr: 'CS', Value: ['RECTANGULAR'] }, ...rectangle })).toEqual([
      ...['.....', '.###.', '.###.', '.....', '.....'],
    ]);
    const gray = { '00181622': { vr: 'US', Value: [32_768] } } as const;
    expect((await covered({ '00181600': { vr: 'CS', Value: ['RECTANGULAR'] }, ...rectangle, ...gray }))[0]).toBe('ooooo');
  });

  test('of a circle and a polygon are counted in rows before columns; of two only what both leave is seen', async () => {
    const circle = { '00181610': { vr: 'IS', Value: [3, 3] }, '00181612': is(1) } as const;
    expect(await covered({ '00181600': { vr: 'CS', Value: ['CIRCULAR'] }, ...circle })).toEqual([
      ...['.....', '..#..', '.###.', '..#..', '.....'],
    ]);
    const polygon = { '00181620': { vr: 'IS', Value: [0, 0, 0, 3, 6, 3, 6, 0] } } as const;
    expect((await covered({ '00181600': { vr: 'CS', Value: ['POLYGONAL'] }, ...polygon }))[0]).toBe('##...');
    expect(await covered({ '00181600': { vr: 'CS', Value: ['CIRCULAR', 'RECTANGULAR'] }, ...circle, ...rectangle })).toEqual([
      ...['.....', '..#..', '.###.', '.....', '.....'],
    ]);
  });

  test('of a polygon leave open what its lines go around an odd number of times, and are not slower for thousands of points', () => {
    const points = Array.from({ length: 2000 }, (_, at): readonly [number, number] => {
      const [angle, far] = [at * 0.7, 20 + 18 * Math.sin(at * 1.3)];
      return [40 + far * Math.cos(angle), 40 + far * Math.sin(angle)];
    });
    const side = 80;
    const image = { rows: side, columns: side, channels: 1, pixels: new Uint8Array(side * side).fill(255) };
    coverByShutters(image, { shapes: [{ kind: 'polygon', points }], gray: 0 });
    const isInside = (x: number, y: number): boolean =>
      polygonCrossings([points], y).filter((crossing) => x < crossing).length % 2 === 1;
    const wrong = [...image.pixels].flatMap((pixel, at) => {
      const [x, y] = [(at % side) + 1, Math.floor(at / side) + 1];
      return (pixel === 255) === isInside(x, y) ? [] : [[x, y]];
    });
    expect(wrong).toEqual([]);
    expect([image.pixels.includes(0), image.pixels.includes(255)]).toEqual([true, true]);
  });

  test('that make no sense cover nothing and are told', async () => {
    const broken = { '00181600': { vr: 'CS', Value: ['CIRCULAR', 'BITMAP'] } } as const;
    expect(await covered(broken, 2)).toEqual(['##', '##']);
    expect(read({ ...json(), ...broken }).notes).toEqual(['damaged', 'bitmapShutter']);
  });
});

describe('overlays by a state (C.11.7)', () => {
  const overlay = (bits: number, more: DicomJsonObject = {}): DicomJsonObject => ({
    '60000010': { vr: 'US', Value: [1] },
    '60000011': { vr: 'US', Value: [4] },
    '60000050': { vr: 'SS', Value: [1, 1] },
    '60000100': { vr: 'US', Value: [1] },
    '60003000': { vr: 'OW', InlineBinary: btoa(String.fromCharCode(bits, 0)) },
    ...more,
  });
  const cells = Uint8Array.of(9, 9, 9, 9);
  const active = { '60001001': { vr: 'CS', Value: ['OVER'] } } as const;

  test('are the image’s where they are activated, in the gray of their layer; none otherwise', async () => {
    expect([...(await shownBy(json(), cells, overlay(0b11))).pixels]).toEqual([9, 9, 9, 9]);
    const layered = { ...json({ layers: [['OVER', 1, 32_768]] }), ...active };
    expect([...(await shownBy(layered, cells, overlay(0b11))).pixels]).toEqual([128, 128, 9, 9]);
  });

  test('are the state’s own in the place of the image’s of the same group', async () => {
    expect([...(await shownBy({ ...json(), ...overlay(0b1000, active) }, cells, overlay(0b11))).pixels]).toEqual([9, 9, 9, 255]);
  });
});

describe('what a state says against itself costs only itself', () => {
  test.each([
    ['no numbers', { type: 'POLYLINE', data: ['NaN', 1, 2, 2] }, 'damaged'],
    ['fewer points than it announces', { type: 'POLYLINE', data: [1, 1, 2, 2], count: 2_000_000 }, 'damaged'],
    ['half a point', { type: 'POLYLINE', data: [1, 1, 2], count: 1 }, 'damaged'],
    ['a circle of five points', { type: 'CIRCLE', data: [1, 1, 2, 2, 3, 3] }, 'damaged'],
    ['units of slides', { type: 'POINT', data: [1, 1], units: 'MATRIX' }, 'matrix'],
    ['an unheard-of kind', { type: 'SPIRAL', data: [1, 1] }, 'damaged'],
  ] as const)('%s', (_, graphic, note) => {
    const good = { type: 'POINT', data: [3, 4] };
    const state = stateOf({ annotations: [{ layer: 'L', graphics: [graphic, good] }] });
    expect(state.annotations[0]?.graphics).toMatchObject([{ kind: 'point', points: [[3, 4]] }]);
    expect(state.notes).toEqual([note]);
  });

  test('more than anybody draws is cut, and told', () => {
    const graphics = Array.from({ length: 60 }, () => ({ type: 'POLYLINE', data: new Array<number>(2000).fill(1) }));
    const state = stateOf({ annotations: [{ layer: 'L', graphics }] });
    expect(state.annotations[0]?.graphics).toHaveLength(50);
    expect(state.notes).toEqual(['tooMany']);
  });

  test('layers of one name, of no order, and that name each other are one list', () => {
    const state = stateOf({
      layers: [
        ['A', Number.NaN, 65_535],
        ['A', 1, 0],
        ['B', 1, 0],
      ].filter(([, order]) => !Number.isNaN(order)) as [string, number, number][],
      annotations: [
        { layer: 'B', graphics: [{ type: 'POINT', data: [1, 1] }] },
        { layer: 'A', graphics: [{ type: 'POINT', data: [2, 2] }] },
      ],
    });
    expect(state.annotations.map(({ layer }) => layer)).toEqual(['B', 'A']);
  });

  test('texts without a place, and items that are none', () => {
    const dataset = json({ annotations: [{ layer: 'L', texts: [{ text: 'nowhere' }, { text: 'here', anchor: [1, 2] }] }] });
    expect(read(dataset).annotations[0]?.texts.map(({ text }) => text)).toEqual(['here']);
    const empty = {
      ...dataset,
      '00700001': { vr: 'SQ', Value: [null, 7, {}] },
      '0070005A': { vr: 'SQ', Value: [{}] },
    } as unknown as DicomJsonObject;
    expect(read(empty)).toMatchObject({ areas: [], notes: ['damaged'] });
  });
});
