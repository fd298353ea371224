import { describe, expect, it } from 'vitest';
import { parseDate, parseDateTime, parseTime } from './index.ts';

describe('dates (PS3.5 6.2, DA)', () => {
  it.each([
    ['19970424', '1997-04-24'],
    ['1997.04.24', '1997-04-24'],
    ['1997-04-24', '1997-04-24'],
    ['20240229', '2024-02-29'],
    ['20000229', '2000-02-29'],
    [' 19970424 ', '1997-04-24'],
  ])('reads %j', (value, iso) => expect(parseDate(value)).toBe(iso));

  it.each([
    undefined,
    '',
    '1997',
    '199704',
    '19970431',
    '19970631',
    '19970931',
    '19971131',
    '19970132',
    '20230229',
    '19000229',
    '19971301',
    '19970400',
    '00000101',
    '1997.0424',
    'x9970424',
    '19970424-',
  ])('takes %j for no day', (value) => expect(parseDate(value)).toBeUndefined());
});

describe('times (PS3.5 6.2, TM)', () => {
  it.each([
    ['070907.0705 ', '07:09:07.070500'],
    ['1010', '10:10:00'],
    ['021', undefined],
    ['23', '23:00:00'],
    ['235960', '23:59:60'],
    ['12:30:05', '12:30:05'],
    ['12:30:05.123456', '12:30:05.123456'],
    ['240000', undefined],
    ['126000', undefined],
    ['120061', undefined],
    ['120000.1234567', undefined],
    ['', undefined],
  ])('reads %j as %j', (value, iso) => expect(parseTime(value)).toBe(iso));
});

describe('dates with times (PS3.5 6.2, DT)', () => {
  it.each([
    ['1997', '1997-01-01T00:00:00'],
    ['199704', '1997-04-01T00:00:00'],
    ['2015020609', '2015-02-06T09:00:00'],
    ['201502060928 ', '2015-02-06T09:28:00'],
    ['20150206092844.438', '2015-02-06T09:28:44.438000'],
    ['20161231235960', '2016-12-31T23:59:60'],
    // An offset from UTC says where the clock hung; what it showed is what is kept.
    ['20150206092844.438+0100', '2015-02-06T09:28:44.438000'],
    ['20150206-0400', '2015-02-06T00:00:00'],
    ['2015+1400', '2015-01-01T00:00:00'],
    ['201502060928-1159', '2015-02-06T09:28:00'],
  ])('reads %j', (value, local) => expect(parseDateTime(value)).toBe(local));

  it.each([
    undefined,
    '',
    'hello',
    '20150230',
    '201513',
    '00000101',
    '2015020624',
    '201502060960',
    '20150206092861',
    // A fraction is one of a second.
    '20150206.5',
    '201502060928.5',
    '20150206092844.',
    '20150206092844.1234567',
    // Offsets go from -1200 to +1400, and an hour has sixty minutes.
    '20150206+1500',
    '20150206+0160',
    '20150206+01',
  ])('takes %j for none', (value) => expect(parseDateTime(value)).toBeUndefined());
});
