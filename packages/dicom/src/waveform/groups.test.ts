import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { durationOf, hasWaveforms, waveformGroupsOf } from './groups.ts';

const number = (vr: string, ...Value: number[]) => ({ vr, Value });
const group = (more: DicomJsonObject = {}, channels = 1): DicomJsonObject => ({
  '003A0005': number('US', channels),
  '003A0010': number('UL', 250),
  '003A001A': number('DS', 500),
  '003A0200': { vr: 'SQ', Value: Array.from({ length: channels }, () => ({})) },
  '54001004': number('US', 16),
  '54001006': { vr: 'CS', Value: ['SS'] },
  '54001010': { vr: 'OW', BulkDataURI: 'bulk:1:2' },
  ...more,
});
const found = (...groups: DicomJsonObject[]) => waveformGroupsOf({ '54000100': { vr: 'SQ', Value: groups } });

describe('multiplex groups (PS3.3 C.10.9)', () => {
  test('stand in their order with what they last', () => {
    const [first, second] = found(group({ '003A0020': { vr: 'SH', Value: ['RHYTHM'] } }), group());
    expect(first).toMatchObject({ kind: 'group', index: 0, group: { label: 'RHYTHM', samples: 250 } });
    expect(second).toMatchObject({ kind: 'group', index: 1, group: { label: undefined } });
    if (first?.kind === 'group') expect(durationOf(first.group)).toBe(0.5);
  });
  test('of an instance without any are none', () => {
    expect(waveformGroupsOf({})).toEqual([]);
    expect([hasWaveforms({}), hasWaveforms({ '54000100': { vr: 'SQ' } })]).toEqual([false, true]);
  });
  test.each<[string, DicomJsonObject]>([
    ['COMPANDED', { '54001006': { vr: 'CS', Value: ['AB'] }, '54001004': number('US', 8) }],
    ['UNKNOWN_FORM', { '54001006': { vr: 'CS', Value: ['XX'] } }],
    ['UNKNOWN_FORM', { '54001006': { vr: 'CS', Value: ['constructor'] } }],
    ['UNKNOWN_FORM', { '54001004': number('US', 32) }],
    ['NO_FREQUENCY', { '003A001A': { vr: 'DS' } }],
    ['NO_FREQUENCY', { '003A001A': number('DS', -1) }],
    ['NO_FREQUENCY', { '003A001A': number('DS', Number.POSITIVE_INFINITY) }],
    ['NO_CHANNELS', { '003A0005': number('US', 0), '003A0200': { vr: 'SQ' } }],
    ['NO_CHANNELS', { '003A0005': number('US', 1.5) }],
    ['NO_DATA', { '54001010': { vr: 'OW' } }],
  ])('that contradict themselves say why: %s', (problem, change) => {
    expect(found(group(change))).toMatchObject([{ kind: 'refused', index: 0, problem }]);
  });
  test('with more channels than anybody draws are refused', () => {
    expect(found(group({}, 513))).toMatchObject([{ kind: 'refused', problem: 'TOO_MANY_CHANNELS' }]);
    expect(found(group({}, 512))).toMatchObject([{ kind: 'group' }]);
  });
  test('one that is refused costs no other, and a file of thousands no memory', () => {
    expect(found(group({ '54001010': { vr: 'OW' } }), group()).map(({ kind }) => kind)).toEqual(['refused', 'group']);
    expect(found(...Array.from({ length: 200 }, () => group()))).toHaveLength(64);
  });
  test.each<[string, number, string, number | undefined]>([
    ['SS', 16, 'AIA=', -32_768],
    ['US', 16, '//8=', 65_535],
    ['SB', 8, 'gA==', -128],
    ['SS', 16, 'AA==', undefined],
  ])('padding of %s is read as samples are', (form, bits, InlineBinary, padding) => {
    const [one] = found(
      group({ '54001006': { vr: 'CS', Value: [form] }, '54001004': number('US', bits), '5400100A': { vr: 'OW', InlineBinary } }),
    );
    expect(one).toMatchObject({ kind: 'group', group: { padding } });
  });
});
