import { describe, expect, it } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { suvOf } from './suv.ts';

const el = (vr: string, ...Value: (number | string)[]): DicomJsonElement => ({ vr, Value });
const tracer = (changes: DicomJsonObject = {}): DicomJsonElement => ({
  vr: 'SQ',
  Value: [{ '00181072': el('TM', '080000'), '00181074': el('DS', 4e8), '00181075': el('DS', 6586.2), ...changes }],
});
/** 400 MBq at 8:00, scanned one half-life later, 80 kg. */
const PET: DicomJsonObject = {
  '00080060': el('CS', 'PT'),
  '00541001': el('CS', 'BQML'),
  '00541102': el('CS', 'START'),
  '00280051': el('CS', 'ATTN', 'DECY', 'SCAT'),
  '00101030': el('DS', 80),
  '00080021': el('DA', '20260115'),
  '00080031': el('TM', '094946.2'),
  '00080022': el('DA', '20260115'),
  '00080032': el('TM', '095500'),
  '00540016': tracer(),
};
const factor = (changes: DicomJsonObject): unknown => {
  const made = suvOf({ ...PET, ...changes });
  return made.kind === 'suv' ? made.factor : made.reason;
};

describe('SUV by body weight (PS3.3 C.8.9.1, C.8.9.2)', () => {
  // 80,000 g ÷ 200 MBq that are left: 10,000 Bq/ml is SUV 4.
  it('is activity × weight ÷ the dose that is left at the start of the series', () => expect(factor({})).toBeCloseTo(4e-4, 12));
  it('takes the dose as injected where values are corrected to the injection', () =>
    expect(factor({ '00541102': el('CS', 'ADMIN') })).toBeCloseTo(2e-4, 12));
  it('takes Radiopharmaceutical Start DateTime before the time of day', () =>
    expect(
      factor({ '00540016': tracer({ '00181078': el('DT', '20260115080000'), '00181072': el('TM', '010000') }) }),
    ).toBeCloseTo(4e-4, 12));
  it('takes an injection late in the evening for the day before a scan after midnight', () =>
    expect(
      factor({
        '00080031': el('TM', '001946.2'),
        '00080032': el('TM', '002500'),
        '00540016': tracer({ '00181072': el('TM', '223000') }),
      }),
    ).toBeCloseTo(4e-4, 12));
  it('counts from Frame Reference Time where the series was made after its acquisition', () => {
    // A frame of 2 s whose middle, all but exactly, is 300 s after the start of the scan at 9:49:46.2.
    const later = {
      '00080031': el('TM', '120000'),
      '00080032': el('TM', '095445.2'),
      '00541300': el('DS', 300_000),
      '00181242': el('IS', 2000),
    };
    expect(Number(factor(later)) / 4e-4).toBeCloseTo(1, 6);
  });
  it('is what g/ml already are', () => expect(factor({ '00541001': el('CS', 'GML') })).toBe(1));
  it.each([
    ['NOT_PET', { '00080060': el('CS', 'CT') }],
    ['UNITS', { '00541001': el('CS', 'CNTS') }],
    ['SUV_TYPE', { '00541001': el('CS', 'GML'), '00541006': el('CS', 'LBM') }],
    ['ATTENUATION', { '00280051': el('CS', 'DECY') }],
    ['DECAY_CORRECTION', { '00541102': el('CS', 'NONE') }],
    ['NO_WEIGHT', { '00101030': el('DS', 0) }],
    ['NO_DOSE', { '00540016': tracer({ '00181074': el('DS') }) }],
    ['NO_DOSE', { '00540016': { vr: 'SQ' } }],
    ['NO_HALF_LIFE', { '00540016': tracer({ '00181075': el('DS') }) }],
    ['NO_INJECTION_TIME', { '00540016': tracer({ '00181072': el('TM', 'abc') }) }],
    ['NO_SCAN_TIME', { '00080031': el('TM'), '00080032': el('TM') }],
    ['NO_SCAN_TIME', { '00080031': el('TM', '120000') }],
    ['TIMES', { '00540016': tracer({ '00181078': el('DT', '20260116080000') }) }],
    ['TIMES', { '00540016': tracer({ '00181078': el('DT', '20250115080000') }) }],
  ] as const)('says %s where attributes do not allow it', (reason, changes) => expect(factor(changes)).toBe(reason));
});
