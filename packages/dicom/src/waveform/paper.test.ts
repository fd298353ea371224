import { describe, expect, test } from 'vitest';
import { channelOf } from './channel.ts';
import type { WaveformGroup } from './groups.ts';
import { gridPath, isTwelveLead, MARGIN_MM, type PaperTrace, paperOf, tracePath, USUAL_SCALE } from './paper.ts';
import type { Traces } from './samples.ts';
import { scaleText } from './svg.ts';

const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const channel = (name: string, unit = 'mV') =>
  channelOf(
    {
      '003A0203': { vr: 'SH', Value: [name] },
      '003A0210': { vr: 'DS', Value: [1] },
      '003A0211': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: [unit] } }] },
    },
    0,
    500,
  );
const groupOf = (channels: WaveformGroup['channels']): WaveformGroup => ({
  ...{ label: undefined, channels, samples: 1000, frequency: 100, form: 'SS', sampleBytes: 2, padding: undefined },
  data: { vr: 'OW' },
});
const flat = (count: number, length = 1000): Traces => ({
  kind: 'samples',
  values: Array.from({ length: count }, () => new Float64Array(length)),
});
const drawn = (channels: WaveformGroup['channels'], layout: 'standard' | 'rows', traces = flat(channels.length), seconds = 10) =>
  paperOf({ group: groupOf(channels), traces, window: { from: 0, seconds }, scale: USUAL_SCALE, layout });

describe('paper', () => {
  test('is as long as the time at 25 mm/s and as high as its rows', () => {
    expect(drawn([channel('a'), channel('b')], 'rows')).toMatchObject({ width: 250 + 2 * MARGIN_MM, height: 60 + 2 * MARGIN_MM });
    expect(drawn([channel('a')], 'rows', flat(1), 4)).toMatchObject({ width: 100 + 2 * MARGIN_MM, height: 30 + 2 * MARGIN_MM });
  });

  test('has the twelve leads in columns of four times, whatever their order in the file', () => {
    const paper = drawn(
      [...LEADS].reverse().map((name) => channel(name)),
      'standard',
    );
    expect(paper.traces.map(({ name }) => name)).toEqual([...LEADS, 'II']);
    expect(paper.traces.slice(0, 12).map(({ x }) => (x - MARGIN_MM) / 62.5)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(new Set(paper.traces.map(({ y }) => y)).size).toBe(4);
    expect(paper.traces.map(({ channel: at }) => at).slice(0, 3)).toEqual([11, 10, 9]);
  });

  test('has a row for each channel where a lead is missing, and where rows are asked for', () => {
    const eleven = LEADS.slice(1).map((name) => channel(name));
    expect(isTwelveLead(groupOf(eleven))).toBe(false);
    expect(drawn(eleven, 'standard').traces).toHaveLength(11);
    expect(
      drawn(
        LEADS.map((name) => channel(name)),
        'rows',
      ).traces.map(({ x }) => x),
    ).toEqual(LEADS.map(() => MARGIN_MM));
  });

  test('draws a millivolt over ten millimetres, in whichever unit it is stored', () => {
    const [mv, uv, v] = ['mV', 'uV', 'V'].map((unit) => drawn([channel('a', unit)], 'rows').traces[0]?.mmPerUnit);
    expect([mv, uv, v]).toEqual([10, 0.01, 10_000]);
  });

  test.each([
    [120, 0.1],
    [20, 1],
    [39, 0.5],
    [0.02, 1000],
    [0, 1],
  ])('gives values that are no voltage a round scale: a span of %d', (span, mmPerUnit) => {
    const values = Float64Array.of(0, span, Number.NaN, span / 2);
    const [trace] = drawn([channel('Pleth', 'mm[Hg]')], 'rows', { kind: 'samples', values: [values] }).traces;
    expect(trace?.mmPerUnit).toBeCloseTo(mmPerUnit, 6);
  });

  test('has lines every millimetre, or every fifth, from edge to edge', () => {
    expect(gridPath({ width: 10, height: 5 }, 5)).toBe('M0 0V5M5 0V5M10 0V5M0 0H10M0 5H10');
    expect(gridPath({ width: 10, height: 5 }, 1).match(/M/g)).toHaveLength(11 + 6);
  });

  test.each([2.5e11, Number.POSITIVE_INFINITY, Number.NaN])('%d mm long has none: nobody counts them for ever', (width) => {
    expect([gridPath({ width, height: 5 }, 1), gridPath({ width, height: 5 }, 5)]).toEqual(['', '']);
  });
});

describe('a line on it', () => {
  const trace: PaperTrace = { channel: 0, name: '', x: 5, y: 20, start: 0, seconds: 4, mmPerUnit: 10 };
  const path = (values: number[], kind: Traces['kind'] = 'samples', more: Partial<PaperTrace> = {}) =>
    tracePath({ ...trace, ...more }, { kind, values: [Float64Array.from(values)] }, { from: 0, seconds: 4 }, 25);

  test('goes from sample to sample, up where the value is greater', () => {
    expect(path([0, 1, -1, 0])).toBe('M5.00 20.00L30.00 10.00L55.00 30.00L80.00 20.00');
  });
  test('is broken where nothing was measured', () => {
    expect(path([0, Number.NaN, 1, 0])).toBe('M5.00 20.00M55.00 10.00L80.00 20.00');
    expect(path([Number.NaN, Number.NaN])).toBe('');
  });
  test('goes up and down where least and greatest are kept of each run', () => {
    expect(path([0, 1, -1, 2], 'extremes')).toBe('M5.00 20.00L5.00 10.00L55.00 30.00L55.00 0.00');
  });
  test('of a part of the time begins where that does', () => {
    expect(path([0, 1, 2, 3], 'samples', { start: 2, seconds: 2, x: 105 })).toBe('M105.00 0.00L130.00 -10.00');
  });
  test('of a channel that is not there is none', () => {
    expect(path([0, 1], 'samples', { channel: 7 })).toBe('');
  });
});

test('the scale is told with the filters of the first channel', () => {
  expect(scaleText(groupOf([channel('I')]), USUAL_SCALE)).toBe('25 mm/s  10 mm/mV');
  const filtered = channelOf({ '003A0220': { vr: 'DS', Value: [0.05] }, '003A0221': { vr: 'DS', Value: [150] } }, 0, 500);
  expect(scaleText(groupOf([filtered]), { mmPerSecond: 50, mmPerMillivolt: 5 })).toBe('50 mm/s  5 mm/mV  0.05-150 Hz');
});
