import { createPrng } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { channelOf } from './channel.ts';
import { type SampleForm, sampleReader, type WaveformGroup, waveformGroupsOf } from './groups.ts';
import { inUnits, momentBytes, sampleRange, TraceCollector } from './samples.ts';

const prng = createPrng('samples');
const BITS: Readonly<Record<SampleForm, number>> = { SB: 8, UB: 8, SS: 16, US: 16, SL: 32, UL: 32 };
const FORMS = Object.keys(BITS) as SampleForm[];

const item = (form: string, bits: number, channels: number, more: DicomJsonObject = {}): DicomJsonObject => ({
  '003A0005': el('US', channels),
  '003A0010': el('UL', 100),
  '003A001A': el('DS', 250),
  '003A0200': sq(...Array.from({ length: channels }, () => ({}))),
  '54001004': el('US', bits),
  '54001006': el('CS', form),
  '54001010': { vr: 'OW', BulkDataURI: 'bulk' },
  ...more,
});
const found = (one: DicomJsonObject) => waveformGroupsOf({ '54000100': sq(one) })[0];
function groupOf(form: SampleForm, channels = 1, more: DicomJsonObject = {}): WaveformGroup {
  const one = found(item(form, BITS[form], channels, more));
  if (one?.kind !== 'group') throw new TypeError('That is no group.');
  return one.group;
}

/** Numbers as they are written, little endian, by arithmetic alone (PS3.5 7.3). */
const bytesOf = (form: SampleForm, values: readonly number[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((value) =>
      Array.from({ length: BITS[form] / 8 }, (_, at) => Math.floor(((value + 2 ** 32) % 2 ** 32) / 256 ** at) % 256),
    ),
  );
const rangeOf = (form: SampleForm): readonly [number, number] => {
  const bits = BITS[form];
  return form.startsWith('S') ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
};

describe('samples (PS3.3 C.10.9.1.5, Waveform Sample Interpretation)', () => {
  test.each(FORMS)('%s are read from the least to the greatest', (form) => {
    const [least, most] = rangeOf(form);
    const values = [least, least + 1, 0, 1, most - 1, most];
    const bytes = bytesOf(form, values);
    const read = sampleReader(form);
    const view = new DataView(bytes.buffer);
    expect(values.map((_, at) => read(view, (at * BITS[form]) / 8))).toEqual(values);
  });

  test.each([
    ['SS', 24, 'UNKNOWN_FORM'],
    ['SL', 24, 'UNKNOWN_FORM'],
    ['SV', 64, 'UNKNOWN_FORM'],
    ['UV', 64, 'UNKNOWN_FORM'],
    ['SB', 16, 'UNKNOWN_FORM'],
    ['MB', 8, 'COMPANDED'],
    ['AB', 8, 'COMPANDED'],
    ['MB', 16, 'COMPANDED'],
    ['', 16, 'UNKNOWN_FORM'],
  ])('%s of %i bits have no true scale here: %s', (form, bits, problem) => {
    expect(found(item(form, bits, 1))).toMatchObject({ kind: 'refused', problem });
  });
});

describe('moments of several channels (C.10.9.1.6)', () => {
  test.each([
    ['SB', 3],
    ['SS', 5],
    ['UL', 2],
  ] as const)('%s of %i channels are the same whatever the pieces they come in', (form, channels) => {
    const [least, most] = rangeOf(form);
    const moments = 41;
    const values = Array.from({ length: moments * channels }, () => prng.integer(least, most));
    const bytes = bytesOf(form, values);
    const group = groupOf(form, channels);
    expect(momentBytes(group)).toBe((channels * BITS[form]) / 8);
    for (const piece of [1, 2, 7, bytes.length]) {
      const collector = new TraceCollector(group, moments, moments);
      for (let at = 0; at < bytes.length; at += piece) collector.take(bytes.subarray(at, at + piece));
      const { values: read } = collector.traces();
      for (let channel = 0; channel < channels; channel += 1)
        expect([...(read[channel] ?? [])]).toEqual(values.filter((_, at) => at % channels === channel));
    }
  });

  test('that the data do not have are gaps, those beyond what was asked for are left out', () => {
    const collector = new TraceCollector(groupOf('UB', 2), 3, 3);
    collector.take(Uint8Array.of(1, 2, 3));
    expect(collector.traces().values.map((one) => [...one])).toEqual([
      [1, Number.NaN, Number.NaN],
      [2, Number.NaN, Number.NaN],
    ]);
    collector.take(Uint8Array.of(4, 5, 6, 7, 8, 9));
    expect(collector.traces().values.map((one) => [...one])).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  test('from one to before another are one range of bytes, none where there is nothing between them', () => {
    const group = groupOf('SS', 5);
    expect(sampleRange(group, 3, 10)).toEqual({ offset: 30, length: 70 });
    expect(sampleRange(group, 10, 10)).toEqual({ offset: 100, length: 0 });
    expect(sampleRange(group, 10, 3)).toEqual({ offset: 100, length: 0 });
  });
});

describe('least and greatest of runs', () => {
  const collected = (values: readonly number[], runs: number, padding?: DicomJsonElement) => {
    const collector = new TraceCollector(
      groupOf('SS', 1, padding === undefined ? {} : { '5400100A': padding }),
      values.length,
      runs,
    );
    collector.take(bytesOf('SS', values));
    const { kind, values: read } = collector.traces();
    return { kind, values: [...(read[0] ?? [])] };
  };

  test.each([
    [100, 7],
    [101, 10],
    [23, 11],
    [1000, 3],
  ])('of %i samples in %i runs are those of the samples whose time lies in each', (count, runs) => {
    const values = Array.from({ length: count }, () => prng.integer(-3000, 3000));
    const expected = Array.from({ length: runs }, (_, run) => {
      const own = values.filter((_one, moment) => Math.floor((moment * runs) / count) === run);
      return [Math.min(...own), Math.max(...own)];
    });
    expect(collected(values, runs)).toEqual({ kind: 'extremes', values: expected.flat() });
  });

  test('are kept from two samples a run on: as many samples are kept as they are', () => {
    expect(collected([3, 1, 2, 9], 2)).toEqual({ kind: 'samples', values: [3, 1, 2, 9] });
    expect(collected([3, 1, 2, 9, 4], 2)).toEqual({ kind: 'extremes', values: [1, 3, 4, 9] });
  });

  test('leave out what stands where nothing was measured; a run of nothing else is a gap', () => {
    const values = [-1, 5, -1, 7, -1, -1, -1, -1];
    expect(collected(values, 2, { vr: 'OW', InlineBinary: '//8=' })).toEqual({
      kind: 'extremes',
      values: [5, 7, Number.NaN, Number.NaN],
    });
  });
});

describe('Waveform Padding Value (C.10.9.1.7)', () => {
  test.each<[SampleForm, string, number | undefined]>([
    ['SL', 'AAAAgA==', -(2 ** 31)],
    ['UL', '/////w==', 2 ** 32 - 1],
    ['SL', 'AAA=', undefined],
    ['UB', '/wA=', 255],
    ['SB', '/wA=', -1],
    ['SS', '', undefined],
  ])('of %s, %s, is %s: in the form of its samples', (form, InlineBinary, padding) => {
    expect(groupOf(form, 1, { '5400100A': { vr: 'OW', InlineBinary } }).padding).toBe(padding);
  });

  test('is a stored value: what only equals it in units is measured', () => {
    const channel = channelOf({ '003A0210': el('DS', 2), '003A0213': el('DS', 10) }, 0, 250);
    expect([inUnits(channel, 5, 20), inUnits(channel, 5, 5), inUnits(channel, 0, undefined)]).toEqual([20, Number.NaN, 10]);
  });
});

describe('units of a channel (C.10.9.1.4.2)', () => {
  test.each<[string, DicomJsonObject, number]>([
    ['a sensitivity below zero turns the line over', { '003A0210': el('DS', -2.5) }, -250],
    ['a correction factor is of the sensitivity', { '003A0210': el('DS', 2), '003A0212': el('DS', 1.25) }, 250],
    ['a baseline is in units, not in steps', { '003A0210': el('DS', 2), '003A0213': el('DS', -7) }, 193],
    ['a sensitivity of nothing is what it says', { '003A0210': el('DS', 0), '003A0213': el('DS', 4) }, 4],
    ['numbers may be written as text', { '003A0210': el('DS', ' 2.5 '), '003A0212': el('DS', '1E1') }, 2500],
  ])('%s', (_what, definition, expected) => {
    expect(inUnits(channelOf(definition, 0, 250), 100, undefined)).toBe(expected);
  });

  test('that make no number of a sample make a gap of it', () => {
    const channel = channelOf({ '003A0210': el('DS', 1e308), '003A0212': el('DS', 1e10) }, 0, 250);
    expect([inUnits(channel, 1, undefined), inUnits(channel, 0, undefined)]).toEqual([Number.NaN, Number.NaN]);
  });
});
