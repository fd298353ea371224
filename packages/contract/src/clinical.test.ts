import { describe, expect, test } from 'vitest';
import { bodyMassIndex, impossibleSigns, symptomScreen, unusualSigns, VITAL_SIGN_NAMES, VITAL_SIGNS } from './clinical.ts';
import { NO_SYMPTOMS, NO_VITAL_SIGNS } from './consultation-shapes.ts';

const signs = (of: Partial<typeof NO_VITAL_SIGNS>) => ({ ...NO_VITAL_SIGNS, ...of });

describe('vital signs', () => {
  test.each(VITAL_SIGN_NAMES)('%s is taken at both ends of its range and refused beyond, with the range and unit', (name) => {
    const { hard, unit } = VITAL_SIGNS[name];
    for (const value of hard) expect(impossibleSigns(signs({ [name]: value }))).toEqual([]);
    for (const value of [hard[0] - 0.1, hard[1] + 0.1])
      expect(impossibleSigns(signs({ [name]: value }))).toEqual([{ name, mustBe: `${hard[0]} to ${hard[1]} ${unit}` }]);
  });
  test('a diastolic pressure is below the systolic one', () => {
    expect(impossibleSigns(signs({ systolicMmHg: 120, diastolicMmHg: 80 }))).toEqual([]);
    for (const diastolicMmHg of [120, 130])
      expect(impossibleSigns(signs({ systolicMmHg: 120, diastolicMmHg }))).toMatchObject([{ name: 'diastolicMmHg' }]);
  });
  test('what is outside of the usual is marked, of children only what is the same at every age', () => {
    const taken = signs({ temperatureC: 38.1, heartRateBpm: 120, respiratoryRatePerMin: 30, spo2Percent: 95, weightKg: 20 });
    expect(unusualSigns(taken, 40)).toEqual(['temperatureC', 'heartRateBpm', 'respiratoryRatePerMin', 'spo2Percent']);
    expect(unusualSigns(taken, null)).toEqual(unusualSigns(taken, 15));
    expect(unusualSigns(taken, 14)).toEqual(['temperatureC', 'spo2Percent']);
    expect(unusualSigns(signs({ temperatureC: 38, heartRateBpm: 50, systolicMmHg: 139, diastolicMmHg: 60 }), 40)).toEqual([]);
    expect(unusualSigns(signs({ systolicMmHg: 140, diastolicMmHg: 59 }), 40)).toEqual(['systolicMmHg', 'diastolicMmHg']);
  });
  test('the body mass index needs weight and height', () => {
    expect(bodyMassIndex(signs({ weightKg: 48, heightCm: 170 }))).toBe(16.6);
    expect(bodyMassIndex(signs({ weightKg: 48 }))).toBeNull();
  });
});

describe('the screen of four symptoms', () => {
  const asked = (checks: typeof NO_SYMPTOMS.checks) => symptomScreen({ ...NO_SYMPTOMS, checks });
  const none = { COUGH: 'NO', FEVER: 'NO', NIGHT_SWEATS: 'NO', WEIGHT_LOSS: 'NO' } as const;
  test('is positive with any of them, negative when all were asked and denied, and else unfinished', () => {
    for (const name of Object.keys(none)) expect(asked({ ...none, [name]: 'YES' })).toBe('POSITIVE');
    expect(asked({ COUGH_TWO_WEEKS: 'YES' })).toBe('POSITIVE');
    expect(asked({ ...none, CHEST_PAIN: 'YES', HAEMOPTYSIS: 'YES' })).toBe('NEGATIVE');
    expect(asked({})).toBe('UNFINISHED');
    expect(asked({ COUGH: 'NO', FEVER: 'NO', NIGHT_SWEATS: 'NO' })).toBe('UNFINISHED');
  });
});
