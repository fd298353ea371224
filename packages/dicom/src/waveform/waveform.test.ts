import { ecg, ecgSample } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { measureOnPaper } from './calipers.ts';
import { waveformGroupsOf } from './groups.ts';
import { paperOf, tracePath, USUAL_SCALE } from './paper.ts';
import { momentBytes, sampleRange, TraceCollector } from './samples.ts';
import { waveformSvg } from './svg.ts';

const phantom = (options: Partial<Parameters<typeof ecg>[0]> = {}) => {
  const { bytes } = ecg({ seed: 'waveform', ...options });
  const { json, bulkData } = parsePart10(bytes);
  const [found] = waveformGroupsOf(json);
  if (found?.kind !== 'group') throw new Error('no group');
  const ref = bulkData.find(({ tag }) => tag === '54001010');
  return { json, group: found.group, data: bytes.subarray(ref?.offset ?? 0, (ref?.offset ?? 0) + (ref?.length ?? 0)) };
};
const item = (json: DicomJsonObject, change: DicomJsonObject): DicomJsonObject => {
  const [own] = (json['54000100']?.Value ?? []) as readonly DicomJsonObject[];
  return { '54000100': { vr: 'SQ', Value: [{ ...own, ...change }] } };
};

describe('waveforms (PS3.3 C.10.9)', () => {
  test('have the channels, the filters and the values of their file, in units', () => {
    const { group, data } = phantom();
    expect(group).toMatchObject({ samples: 5000, frequency: 500, form: 'SS', sampleBytes: 2 });
    expect(group.channels.map(({ name }) => name).slice(0, 4)).toEqual(['I', 'II', 'III', 'aVR']);
    expect(group.channels[0]).toMatchObject({ unit: 'uV', scale: 2.5, filterLow: 0.05, filterHigh: 150 });
    const collector = new TraceCollector(group, 5000, 5000);
    // In pieces that cut moments in two.
    for (let at = 0; at < data.length; at += 1001) collector.take(data.subarray(at, at + 1001));
    const { kind, values } = collector.traces();
    expect(kind).toBe('samples');
    for (const [lead, moment] of [
      [0, 0],
      [1, 154],
      [6, 3999],
      [11, 4999],
    ] as const)
      expect(values[lead]?.[moment]).toBe(ecgSample(lead, moment, {}) * 2.5);
  });

  test('a part of them is one range of bytes (C.10.9.1.6)', () => {
    const { group, data } = phantom();
    expect(momentBytes(group)).toBe(24);
    const { offset, length } = sampleRange(group, 1000, 1500);
    const collector = new TraceCollector(group, 500, 500);
    collector.take(data.subarray(offset, offset + length));
    expect(collector.traces().values[1]?.[54]).toBe(ecgSample(1, 1054, {}) * 2.5);
  });

  test('what is longer than its runs keeps the least and the greatest of each', () => {
    const { group, data } = phantom();
    const collector = new TraceCollector(group, 5000, 100);
    collector.take(data);
    const { kind, values } = collector.traces();
    expect([kind, values[1]?.length]).toEqual(['extremes', 200]);
    const samples = Array.from({ length: 50 }, (_, moment) => ecgSample(1, 150 + moment, {}) * 2.5);
    expect([values[1]?.[6], values[1]?.[7]]).toEqual([Math.min(...samples), Math.max(...samples)]);
  });

  test.each([
    ['SB', 8, [0xff], -1],
    ['UB', 8, [0xff], 255],
    ['SS', 16, [0xfe, 0xff], -2],
    ['US', 16, [0xfe, 0xff], 65_534],
    ['SL', 32, [0xfd, 0xff, 0xff, 0xff], -3],
  ] as const)('%s of %d bits is read as such, with its correction and its baseline', (form, bits, bytes, stored) => {
    const definition = {
      '003A0210': { vr: 'DS', Value: [2] },
      '003A0211': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['mm[Hg]'] } }] },
      '003A0212': { vr: 'DS', Value: [1.5] },
      '003A0213': { vr: 'DS', Value: [10] },
    };
    const json: DicomJsonObject = {
      '54000100': {
        vr: 'SQ',
        Value: [
          {
            '003A0005': { vr: 'US', Value: [1] },
            '003A0010': { vr: 'UL', Value: [1] },
            '003A001A': { vr: 'DS', Value: [100] },
            '003A0200': { vr: 'SQ', Value: [definition] },
            '54001004': { vr: 'US', Value: [bits] },
            '54001006': { vr: 'CS', Value: [form] },
            '54001010': { vr: 'OW', InlineBinary: 'AA==' },
          },
        ],
      },
    };
    const [found] = waveformGroupsOf(json);
    if (found?.kind !== 'group') throw new Error('no group');
    const collector = new TraceCollector(found.group, 1, 1);
    collector.take(Uint8Array.from(bytes));
    expect(collector.traces().values[0]?.[0]).toBe(stored * 3 + 10);
  });

  test.each([
    ['COMPANDED', { '54001006': { vr: 'CS', Value: ['MB'] }, '54001004': { vr: 'US', Value: [8] } }],
    ['UNKNOWN_FORM', { '54001004': { vr: 'US', Value: [8] } }],
    ['NO_FREQUENCY', { '003A001A': { vr: 'DS', Value: [0] } }],
    ['NO_CHANNELS', { '003A0005': { vr: 'US', Value: [3] } }],
    ['NO_DATA', { '54001010': { vr: 'OW' } }],
  ] as const)('%s is said instead of drawing nonsense', (problem, change) => {
    const { json } = phantom();
    expect(waveformGroupsOf(item(json, change))).toMatchObject([{ kind: 'refused', problem }]);
  });

  test('padding is a gap, not a value (C.10.9.1.7)', () => {
    const { json, data } = phantom();
    const [found] = waveformGroupsOf(item(json, { '5400100A': { vr: 'OW', InlineBinary: 'AAA=' } }));
    if (found?.kind !== 'group') throw new Error('no group');
    const collector = new TraceCollector(found.group, 5000, 5000);
    collector.take(data);
    expect(collector.traces().values[0]?.some(Number.isNaN)).toBe(true);
  });
});

describe('an ECG on paper', () => {
  const drawn = (layout: 'standard' | 'rows') => {
    const { group, data } = phantom();
    const collector = new TraceCollector(group, 5000, 5000);
    collector.take(data);
    return { group, traces: collector.traces(), window: { from: 0, seconds: 10 }, scale: USUAL_SCALE, layout };
  };

  test('has three rows of four leads and the rhythm below, at 25 mm/s and 10 mm/mV', () => {
    const drawing = drawn('standard');
    const paper = paperOf(drawing);
    expect([paper.width, paper.height]).toEqual([260, 130]);
    expect(paper.traces.map(({ name, x, start }) => [name, x, start])).toEqual(
      expect.arrayContaining([
        ['I', 5, 0],
        ['aVR', 67.5, 2.5],
        ['V6', 192.5, 7.5],
      ]),
    );
    expect(paper.traces.at(-1)).toMatchObject({ name: 'II', seconds: 10, mmPerUnit: 0.01 });
    const [first] = paper.traces;
    const path = first === undefined ? '' : tracePath(first, drawing.traces, drawing.window, 25);
    const points = path
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number));
    // Sample 154 of lead I: 0.308 s of 25 mm, its millivolts ten times over.
    expect(points[154]?.[0]).toBeCloseTo(5 + 0.308 * 25, 1);
    expect(points[154]?.[1]).toBeCloseTo((first?.y ?? 0) - (ecgSample(0, 154, {}) * 2.5) / 100, 1);
    expect(points[1250]?.[0]).toBeCloseTo(67.5, 1);
  });

  test('is measured with calipers: milliseconds, beats a minute, millivolts', () => {
    expect(measureOnPaper([10, 40], [30.83, 30], USUAL_SCALE)).toMatchObject({ millivolts: 1 });
    expect(measureOnPaper([10, 40], [30.83, 30], USUAL_SCALE).milliseconds).toBeCloseTo(833.2, 1);
    expect(measureOnPaper([10, 40], [30.83, 30], USUAL_SCALE).perMinute).toBeCloseTo(72, 1);
    expect(measureOnPaper([10, 40], [10.5, 40], USUAL_SCALE).perMinute).toBeUndefined();
  });

  test('as SVG is as wide as the paper, with paths alone: no text of the file is in it', () => {
    const { json, data } = phantom({ leads: ['<script>', 'V1'] });
    const [found] = waveformGroupsOf(json);
    if (found?.kind !== 'group') throw new Error('no group');
    const collector = new TraceCollector(found.group, 5000, 100);
    collector.take(data);
    const svg = waveformSvg({ ...drawn('rows'), group: found.group, traces: collector.traces() });
    expect(svg).toMatch(/^<svg [^>]*width="260mm" height="76mm"/);
    expect(svg).not.toMatch(/script|NaN|undefined/i);
  });
});
