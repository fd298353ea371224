import { describe, expect, it } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { lookUp } from './lookup.ts';
import { modalityFunction } from './modality.ts';
import { type FramePlan, framePlanOf, needsSeriesMapping, renderPlanFor } from './plan.ts';

const el = (vr: string, ...Value: (number | string | null)[]): DicomJsonElement => ({ vr, Value });
const sq = (...items: DicomJsonObject[]): DicomJsonElement => ({ vr: 'SQ', Value: items });
/** A gray image of 12 bits. */
const GRAY: DicomJsonObject = {
  '00280002': el('US', 1),
  '00280004': el('CS', 'MONOCHROME2'),
  '00280010': el('US', 2),
  '00280011': el('US', 2),
  '00280100': el('US', 16),
  '00280101': el('US', 12),
  '00280102': el('US', 11),
  '00280103': el('US', 0),
};
const plan = (changes: DicomJsonObject, frame = 0): Promise<FramePlan> =>
  framePlanOf({ ...GRAY, ...changes }, frame, async () => undefined);
const value = ({ modality }: FramePlan, stored: number): number => modalityFunction(modality)(stored);
const lut = (first: number, ...values: number[]): DicomJsonObject => ({
  '00283002': el('US', values.length, first, 16),
  '00283006': el('US', ...values),
});

describe('modality values (PS3.3 C.11.1)', () => {
  it.each([
    ['slope and intercept', { '00281053': el('DS', 0.001), '00281052': el('DS', 2) }, 2.25],
    ['intercept alone', { '00281052': el('DS', -1024) }, -774],
    ['slope alone', { '00281053': el('DS', -2) }, -500],
    ['a slope of 0 counts as absent', { '00281053': el('DS', 0), '00281052': el('DS', 5) }, 255],
    ['nothing', {}, 250],
    ['Dose Grid Scaling', { '3004000E': el('DS', 0.002), '00281053': el('DS', 9) }, 0.5],
    ['a Modality LUT before a rescale', { '00283000': sq(lut(250, 7, 8)), '00281053': el('DS', 9) }, 7],
    ['a Modality LUT without data counts as absent', { '00283000': sq({}), '00281053': el('DS', 9) }, 2250],
    ['none for colour', { '00280002': el('US', 3), '00280004': el('CS', 'RGB'), '00281053': el('DS', 9) }, 250],
    ['none for palettes', { '00280004': el('CS', 'PALETTE COLOR'), '00281053': el('DS', 9) }, 250],
  ] as const)('%s', async (_name, changes, expected) => expect(value(await plan(changes), 250)).toBe(expected));

  it('of a frame are those of its own group, then of the shared ones, then of the dataset (C.7.6.16.1.2)', async () => {
    const rescale = (slope: number): DicomJsonObject => ({ '00289145': sq({ '00281053': el('DS', slope) }) });
    const groups = { '52009230': sq(rescale(2), {}, rescale(4)), '52009229': sq(rescale(3)), '00281053': el('DS', 9) };
    const slopes = await Promise.all([0, 1, 2, 3].map(async (frame) => value(await plan(groups, frame), 1)));
    expect(slopes).toEqual([2, 3, 4, 3]);
    expect(value(await plan({ '00281053': el('DS', 9), '52009230': { vr: 'SQ', Value: [null] } }), 1)).toBe(9);
  });

  it.each([
    ['HU of a rescaled CT that names no type', { '00080060': el('CS', 'CT'), '00281052': el('DS', -1024) }, 'HU'],
    ['none of a CT that says US', { '00080060': el('CS', 'CT'), '00281052': el('DS', 0), '00281054': el('LO', 'US') }, undefined],
    ['Rescale Type', { '00281054': el('LO', 'mm2/s') }, 'mm2/s'],
    ['Bq/ml', { '00541001': el('CS', 'BQML') }, 'Bq/ml'],
    ['Gy', { '3004000E': el('DS', 1), '30040002': el('CS', 'GY') }, 'Gy'],
    ['none of a relative dose', { '3004000E': el('DS', 1), '30040002': el('CS', 'RELATIVE') }, undefined],
    ['none of colour', { '00280002': el('US', 3), '00281054': el('LO', 'HU') }, undefined],
  ] as const)('unit: %s', async (_name, changes, unit) => expect((await plan(changes)).unit).toBe(unit));
});

describe('windows and tables to choose from (PS3.3 C.11.2)', () => {
  const windows = (centers: readonly (number | null)[], widths: readonly (number | null)[], more: DicomJsonObject = {}) => ({
    '00281050': el('DS', ...centers),
    '00281051': el('DS', ...widths),
    ...more,
  });
  const chosen = async (changes: DicomJsonObject, frame = 0) => (await plan(changes, frame)).choices;

  it('are named by place and explanation, windows first, the first shows the frame', async () => {
    const changes = windows([40, 400], [350, 2000], {
      '00281055': el('LO', 'ABDOMEN', ' BONE '),
      '00283010': sq({ ...lut(0, 1, 2), '00283003': el('LO', 'NORMAL') }),
    });
    const choices = await chosen(changes);
    expect(choices.map(({ id, explanation }) => [id, explanation])).toEqual([
      ['window-1', 'ABDOMEN'],
      ['window-2', 'BONE'],
      ['table-1', 'NORMAL'],
    ]);
    expect((await plan(changes)).voi).toEqual({ kind: 'window', center: 40, width: 350, shape: 'linear' });
  });
  it.each([
    ['width 0', [1], [0]],
    ['a negative width', [1], [-5]],
    ['a centre that is empty', [null], [400]],
    ['centres without widths', [40], []],
  ])('leave out what makes no sense: %s', async (_name, centers, widths) => {
    const made = await plan(windows(centers, widths));
    expect([made.choices, made.voi, needsSeriesMapping(made)]).toEqual([[], undefined, true]);
  });
  it('keep the place of the second where the first is empty', async () => {
    const voi = { kind: 'window', center: 2048, width: 4096, shape: 'linear' };
    expect(await chosen(windows([null, 2048], [null, 4096]))).toEqual([{ id: 'window-2', explanation: '', voi }]);
  });
  it.each([
    [undefined, 0.4, 'linear-exact'],
    [undefined, 1, 'linear'],
    ['LINEAR', 400, 'linear'],
    ['LINEAR_EXACT', 400, 'linear-exact'],
    ['SIGMOID', 0.4, 'sigmoid'],
    ['ANYTHING', 400, 'linear'],
  ])('VOI LUT Function %s with width %f is %s', async (name, width, shape) => {
    const [choice] = await chosen(windows([0.5], [width], name === undefined ? {} : { '00281056': el('CS', name) }));
    expect(choice?.voi).toMatchObject({ kind: 'window', shape });
  });
  it('of a frame are those of its own group', async () => {
    const voi = (center: number): DicomJsonObject => ({ '00289132': sq(windows([center], [10])) });
    const changes = { '52009230': sq(voi(1), voi(2)), ...windows([9], [9]) };
    const [, second] = await Promise.all([chosen(changes, 0), chosen(changes, 1)]);
    expect(second.map((choice) => choice.voi)).toMatchObject([{ center: 2 }]);
  });
  it('tables begin below zero where modality values do', async () => {
    const changes = { '00283010': sq(lut(65_534, 10, 20, 30)), '00281052': el('DS', -1024) };
    const [choice] = await chosen(changes);
    if (choice?.voi.kind !== 'table') throw new Error('no table');
    const { table } = choice.voi;
    expect([-2, -1, 0].map((input) => lookUp(table, input))).toEqual([10, 20, 30]);
  });
  it('colour has none', async () => {
    const made = await plan({ ...windows([40], [400]), '00280002': el('US', 3), '00280004': el('CS', 'RGB') });
    expect([made.kind, made.choices, made.voi, needsSeriesMapping(made)]).toEqual(['color', [], undefined, false]);
  });
});

describe('the window of a kind', () => {
  const bits = (stored: number, more: DicomJsonObject = {}) => ({
    '00280101': el('US', stored),
    '00280102': el('US', stored - 1),
    ...more,
  });
  const exact = (center: number, width: number) => ({ kind: 'window', center, width, shape: 'linear-exact' });
  it.each([
    ['a bit is black or white', bits(1), exact(0.5, 1)],
    ['8-bit ultrasound is shown as it is', bits(8, { '00080060': el('CS', 'US') }), exact(127.5, 255)],
    ['16-bit ultrasound has none', bits(16, { '00080060': el('CS', 'US') }), undefined],
    ['8 bits of another modality have none', bits(8, { '00080060': el('CS', 'XA') }), undefined],
    [
      'CT in Hounsfield units: soft tissue',
      { '00080060': el('CS', 'CT'), '00281052': el('DS', -1024) },
      { kind: 'window', center: 40, width: 400, shape: 'linear' },
    ],
    ['CT that is not rescaled has none', { '00080060': el('CS', 'CT') }, undefined],
    [
      'CT in another unit has none',
      { '00080060': el('CS', 'CT'), '00281052': el('DS', 0), '00281054': el('LO', 'Z_EFF') },
      undefined,
    ],
  ] as const)('%s', async (_name, changes, voi) => expect((await plan(changes)).voi).toEqual(voi));
});

describe('presentation', () => {
  it('is inverted for MONOCHROME1 and for Presentation LUT Shape INVERSE (C.7.6.3.1.2, C.11.6.1)', async () => {
    const made = [
      {},
      { '00280004': el('CS', 'MONOCHROME1') },
      { '20500020': el('CS', 'INVERSE') },
      { '20500020': el('CS', 'IDENTITY') },
    ];
    expect(await Promise.all(made.map(async (one) => (await plan(one)).isInverted))).toEqual([false, true, true, false]);
  });
  it('of a frame is by the window that is asked for, else its own', async () => {
    const made = await plan({ '00281050': el('DS', 40), '00281051': el('DS', 400) });
    const asked = { kind: 'window', center: 1, width: 2, shape: 'linear' } as const;
    expect(renderPlanFor(made, asked).gray.voi).toBe(asked);
    expect(renderPlanFor(made, undefined).gray.voi).toBe(made.voi);
    expect(renderPlanFor(made, undefined).overlays).toEqual([]);
  });
  it('of a palette needs its three tables, by address too', async () => {
    const tags = { '00281101': el('US', 2, 0, 16), '00281102': el('US', 2, 0, 16), '00281103': el('US', 2, 0, 16) };
    const data = (uri: string): DicomJsonElement => ({ vr: 'OW', BulkDataURI: uri });
    const json = {
      ...GRAY,
      ...tags,
      '00280004': el('CS', 'PALETTE COLOR'),
      '00281201': data('r'),
      '00281202': data('g'),
      '00281203': data('b'),
    };
    const read = async (uri: string) => (uri === 'missing' ? undefined : Uint8Array.of(0, uri.charCodeAt(0), 0, 255));
    const made = await framePlanOf(json, 0, read);
    expect([made.kind, made.palette?.green.values[0]]).toEqual(['palette', 'g'.charCodeAt(0) << 8]);
    expect((await framePlanOf({ ...json, '00281202': data('missing') }, 0, read)).palette).toBeUndefined();
  });
});
