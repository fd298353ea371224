import { describe, expect, it } from 'vitest';
import { ageAtStudy, formatDate, formatValue } from './format.ts';

describe('formatDate', () => {
  it('is written as the language does', () => {
    expect(formatDate('20261120', 'fr')).toBe('20/11/2026');
    expect(formatDate('20261120', 'en')).toBe('20 Nov 2026');
  });

  it('has three letters for every month in English, as the lists have', () => {
    expect(formatDate('19860917', 'en')).toBe('17 Sep 1986');
  });
  it('shows what is there when it is no date', () => {
    expect(formatDate('20261399', 'fr')).toBe('20261399');
    expect(formatDate(undefined, 'fr')).toBe('');
  });
});

describe('ageAtStudy', () => {
  it('counts whole years, months or days', () => {
    expect(ageAtStudy('19800315', '20260314', undefined)).toEqual({ value: 45, unit: 'years' });
    expect(ageAtStudy('20260101', '20260701', undefined)).toEqual({ value: 6, unit: 'months' });
    expect(ageAtStudy('20260701', '20260704', undefined)).toEqual({ value: 3, unit: 'days' });
  });

  it('falls back to Patient Age (PS3.5 6.2, AS)', () => {
    expect(ageAtStudy('20260704', '20260701', '003W')).toEqual({ value: 21, unit: 'days' });
    expect(ageAtStudy(undefined, '20260701', '045Y')).toEqual({ value: 45, unit: 'years' });
    expect(ageAtStudy('00000000', '20150929', 'x')).toBeUndefined();
  });
});

describe('formatValue', () => {
  it.each([
    [498, '498'],
    [123_456, '123456'],
    [0.5, '0.5'],
    [498.25, '498.3'],
    [0.000_012_345, '0.00001235'],
    [-12_345.678, '-12345.7'],
  ])('says %d as %s: whole numbers whole, small units with their digits', (value, text) => {
    expect(formatValue(value, 'en')).toBe(text);
  });
});
