import { describe, expect, it } from 'vitest';
import {
  ageAt,
  daysBefore,
  formatBytes,
  formatDate,
  formatDuration,
  formatInstant,
  formatName,
  formatPercent,
  formatTime,
  shorten,
} from './format.ts';

describe('dates', () => {
  it('writes a wall-clock date as each language does, whatever the time zone', () => {
    expect(formatDate('2026-11-20', 'fr')).toBe('20/11/2026');
    expect(formatDate('2026-11-20', 'en')).toBe('20 Nov 2026');
    expect(formatDate('2026-01-01', 'fr')).toBe('01/01/2026');
    expect(formatDate('2026-09-05', 'en')).toBe('5 Sep 2026');
  });
  it('gives an unreadable date back as it is and a missing one as nothing', () => {
    expect(formatDate('20261', 'fr')).toBe('20261');
    expect(formatDate('2026-99-99', 'fr')).toBe('2026-99-99');
    expect(formatDate(null, 'en')).toBe('');
  });
  it('shows hours and minutes of a DICOM time with or without colons (PS3.5 6.2 TM)', () => {
    expect(formatTime('08:49:12.123456')).toBe('08:49');
    expect(formatTime('084912')).toBe('08:49');
    expect(formatTime(null)).toBe('');
  });
  it('shows one of our instants with its time and nothing for a missing one', () => {
    expect(formatInstant('2026-11-20T12:00:00Z', 'fr')).toMatch(/^20\/11\/2026 \d\d:\d\d$/);
    expect(formatInstant(null, 'fr')).toBe('');
  });
  it('counts days back over the end of a month and of winter time', () => {
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
    expect(daysBefore('2026-03-30', 6)).toBe('2026-03-24');
  });
});

describe('age', () => {
  it.each([
    ['1970-11-20', '2026-11-20', { unit: 'years', count: 56 }],
    ['1970-11-21', '2026-11-20', { unit: 'years', count: 55 }],
    ['2025-01-15', '2026-11-20', { unit: 'months', count: 22 }],
    ['2026-11-01', '2026-11-20', { unit: 'days', count: 19 }],
    ['2026-11-20', '2026-11-20', { unit: 'days', count: 0 }],
  ])('of someone born %s on %s', (birth, day, age) => {
    expect(ageAt(birth, day)).toEqual(age);
  });
  it('is not known before birth, or without a readable date', () => {
    expect(ageAt('2027-01-01', '2026-11-20')).toBeUndefined();
    expect(ageAt(null, '2026-11-20')).toBeUndefined();
    expect(ageAt('?', '2026-11-20')).toBeUndefined();
  });
});

describe('names and figures', () => {
  it('writes names as NOM Prénom, accents kept', () => {
    expect(formatName({ lastName: 'Lefèvre', firstName: 'Élise' })).toBe('LEFÈVRE Élise');
  });
  it('writes a pseudonym without a first name as it is', () => {
    expect(formatName({ lastName: 'NG-2026-000042', firstName: '' })).toBe('NG-2026-000042');
    expect(formatName({ lastName: '', firstName: '' })).toBe('');
  });
  it('writes sizes in the units of the language', () => {
    expect(formatBytes(0, 'fr')).toBe('0\u00a0o');
    expect(formatBytes(1_540_000, 'fr')).toBe('1,5\u00a0Mo');
    expect(formatBytes(481_000_000_000, 'en')).toBe('481\u00a0GB');
  });
  it('says 100 % only when all is done', () => {
    expect(formatPercent(0.9999, 'en')).toBe('99%');
    expect(formatPercent(1, 'en')).toBe('100%');
  });
  it('writes durations for people and nothing for an endless one', () => {
    expect(formatDuration(42)).toBe('42\u00a0s');
    expect(formatDuration(185)).toBe('3\u00a0min');
    expect(formatDuration(4_800)).toBe('1\u00a0h\u00a020\u00a0min');
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('');
  });
  it('shortens a UID in the middle and leaves a short one alone', () => {
    expect(shorten('1.2.826.0.1.3680043.10.543.77', 6)).toBe('1.2.82…543.77');
    expect(shorten('1.2.3', 6)).toBe('1.2.3');
  });
});
