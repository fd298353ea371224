import { describe, expect, test } from 'vitest';
import type { DicomJsonObject, DicomJsonValue } from '../types.ts';
import { channelOf, millivoltsOf } from './channel.ts';
import { inUnits } from './samples.ts';

const of = (vr: string, ...Value: DicomJsonValue[]) => ({ vr, Value });
const source = (meaning: string): DicomJsonObject => ({
  '003A0208': of('SQ', { '00080104': of('LO', meaning) } as DicomJsonObject),
});
const unit = (code: string): DicomJsonObject => ({ '003A0211': of('SQ', { '00080100': of('SH', code) } as DicomJsonObject) });

describe('the name of a channel (PS3.3 C.10.9.1.4)', () => {
  test.each([
    ['I', 'I'],
    ['Lead I (Einthoven)', 'I'],
    ['lead avr', 'aVR'],
    ['AVL', 'aVL'],
    ['Lead aVF', 'aVF'],
    ['v1', 'V1'],
    ['V4R', 'V4R'],
    ['Lead III', 'III'],
    ['Pleth', 'Pleth'],
    ['IV', 'IV'],
    ['Lead I and II', 'Lead I and II'],
  ])('labelled %j is %s', (label, name) => {
    expect(channelOf({ '003A0203': of('SH', label) }, 0, 500).name).toBe(name);
    expect(channelOf(source(label), 0, 500).name).toBe(name);
  });
  test('is its label before its source, and else its number', () => {
    expect(channelOf({ '003A0203': of('SH', 'Own'), ...source('Lead II') }, 0, 500).name).toBe('II');
    expect(channelOf({ '003A0203': of('SH', 'Own'), ...source('Source') }, 0, 500).name).toBe('Own');
    expect(channelOf({}, 4, 500).name).toBe('5');
  });
});

describe('values of a channel (C.10.9.1.4.2)', () => {
  test('are steps of the sensitivity, corrected, from the baseline', () => {
    const channel = channelOf(
      { '003A0210': of('DS', '2.5'), '003A0212': of('DS', 2), '003A0213': of('DS', -1), ...unit('uV') },
      0,
      500,
    );
    expect(channel).toMatchObject({ scale: 5, baseline: -1, unit: 'uV' });
    expect(inUnits(channel, 10, undefined)).toBe(49);
    expect(inUnits(channel, 10, 10)).toBeNaN();
  });
  test('without a sensitivity are as they are stored, and of no unit', () => {
    const channel = channelOf({ '003A0212': of('DS', 2), '003A0213': of('DS', 7), ...unit('uV') }, 0, 500);
    expect(channel).toMatchObject({ scale: 1, baseline: 0, unit: undefined });
  });
  test('are later by the skew in seconds, else in samples', () => {
    expect(channelOf({ '003A0215': of('DS', 5) }, 0, 500).skew).toBe(0.01);
    expect(channelOf({ '003A0214': of('DS', 0.2), '003A0215': of('DS', 5) }, 0, 500).skew).toBe(0.2);
    expect(channelOf({}, 0, 500).skew).toBe(0);
  });
  test('went through the filters that are named', () => {
    const filters = { '003A0220': of('DS', 0.05), '003A0221': of('DS', 150), '003A0222': of('DS', 50) };
    expect(channelOf(filters, 0, 500)).toMatchObject({ filterLow: 0.05, filterHigh: 150, notch: 50 });
    expect(channelOf({}, 0, 500)).toMatchObject({ filterLow: undefined, filterHigh: undefined, notch: undefined });
  });
});

test.each([
  ['mV', 1],
  ['uV', 0.001],
  ['µV', 0.001],
  ['nV', 0.000001],
  ['V', 1000],
  ['mm[Hg]', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('%s is %s mV', (code, expected) => {
  expect(millivoltsOf(code)).toBe(expected);
});
