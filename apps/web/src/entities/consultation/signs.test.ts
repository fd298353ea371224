import { describe, expect, it } from 'vitest';
import { mayGoOn, numberOf, readSigns, rebase, trendOf, typedOf } from './signs.ts';

const NONE = {
  ...{ temperatureC: null, heartRateBpm: null, respiratoryRatePerMin: null, systolicMmHg: null },
  ...{ diastolicMmHg: null, spo2Percent: null, weightKg: null, heightCm: null },
};
const EMPTY = typedOf(NONE, 'fr');

describe('vital signs as they are typed', () => {
  it.each([
    ['38,4', 38.4],
    ['38.4', 38.4],
    [' 60 ', 60],
    ['', null],
    ['38,', undefined],
    ['1e3', undefined],
    ['-4', undefined],
    ['trente', undefined],
  ])('%j is %s', (typed, value) => expect(numberOf(typed)).toBe(value));
  it('nobody is told off at the first digit, but for what no digit mends', () => {
    expect(mayGoOn('temperatureC', '3', 'OUT_OF_RANGE')).toBe(true);
    expect(mayGoOn('temperatureC', '384', 'OUT_OF_RANGE')).toBe(false);
    expect(mayGoOn('temperatureC', '38,', 'NOT_A_NUMBER')).toBe(true);
    expect(mayGoOn('temperatureC', '38,,', 'NOT_A_NUMBER')).toBe(false);
    expect(mayGoOn('diastolicMmHg', '80', 'PRESSURES')).toBe(true);
  });
  it('come back as they are written in the language', () => {
    expect(typedOf({ ...NONE, temperatureC: 38.4 }, 'fr').temperatureC).toBe('38,4');
    expect(typedOf({ ...NONE, temperatureC: 38.4 }, 'en').temperatureC).toBe('38.4');
  });
  it('what can’t be is told, and stands as it was; the others are kept', () => {
    const before = { ...NONE, temperatureC: 37 };
    const typed = { ...EMPTY, temperatureC: '384', heartRateBpm: 'x', weightKg: '47,5' };
    expect(readSigns(typed, before)).toEqual({
      signs: { ...NONE, temperatureC: 37, weightKg: 47.5 },
      faults: { temperatureC: 'OUT_OF_RANGE', heartRateBpm: 'NOT_A_NUMBER' },
    });
    expect(readSigns({ ...EMPTY, systolicMmHg: '80', diastolicMmHg: '120' }, NONE).faults).toEqual({
      diastolicMmHg: 'PRESSURES',
    });
  });
});

describe('two who write at once', () => {
  it('keep both where they changed different parts, and are told where they changed the same', () => {
    const base = { temperatureC: null, weightKg: null };
    expect(rebase<object>(base, { ...base, weightKg: 50 }, { ...base, temperatureC: 39 })).toEqual({
      value: { temperatureC: 39, weightKg: 50 },
      conflict: false,
    });
    expect(rebase('', 'mine', '')).toEqual({ value: 'mine', conflict: false });
    expect(rebase('', '', 'theirs')).toEqual({ value: 'theirs', conflict: false });
    expect(rebase('', 'mine', 'theirs')).toEqual({ value: 'mine', conflict: true });
    expect(rebase('', 'same', 'same')).toEqual({ value: 'same', conflict: false });
  });
  it('what one took away stays away', () => {
    expect(rebase<object>({ COUGH: 'YES' }, {}, { COUGH: 'YES', FEVER: 'NO' })).toEqual({
      value: { FEVER: 'NO' },
      conflict: false,
    });
  });
});

describe('values over time', () => {
  it('are one a day, the earliest first, without those of cancelled consultations', () => {
    const line = (date: string, arrivedAt: string, weightKg: number | null, status = 'DONE') =>
      ({ date, arrivedAt, status, vitalSigns: { ...NONE, weightKg } }) as Parameters<typeof trendOf>[0][number]; // What is asked of it.
    const lines = [
      line('2026-03-02', '2026-03-02T09:00:00Z', 52),
      line('2026-03-02', '2026-03-02T08:00:00Z', 99),
      line('2026-02-02', '2026-02-02T08:00:00Z', 55),
      line('2026-02-03', '2026-02-03T08:00:00Z', null),
      line('2026-02-04', '2026-02-04T08:00:00Z', 10, 'CANCELLED'),
    ];
    expect(trendOf(lines, 'weightKg')).toEqual([
      { date: '2026-02-02', value: 55 },
      { date: '2026-03-02', value: 52 },
    ]);
  });
});
