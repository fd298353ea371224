import { describe, expect, it } from 'vitest';
import { isStorableUid, isUid } from './index.ts';

const valid = [
  '1.2.840.10008.1.2',
  '0',
  '2.25.0',
  '1.2.3.0.4',
  `1.${'9'.repeat(62)}`,
  '2.25.329800735698586629295641978511506172918',
];
const leadingZeros = ['1.02.3', '01.2', '1.2.00', '1.2.840.10008.1.2.0001'];
const invalid = [
  '',
  '.',
  '1.',
  '.1',
  '1..2',
  '1.2 ',
  ' 1.2',
  '1.2\0',
  '1.2\n',
  '1.2a',
  '1,2',
  '1.-2',
  '../1.2',
  '1.2/..',
  '..\\1',
  '%2e%2e',
  '1.2;rm',
  '$(id)',
  '1.2.٣',
  '1.2.１',
  `1.${'9'.repeat(63)}`,
  '1'.repeat(65),
];

describe('UIDs (PS3.5 9.1)', () => {
  it.each(valid)('takes %j', (text) => {
    expect(isUid(text)).toBe(true);
    expect(isStorableUid(text)).toBe(true);
  });

  it.each(leadingZeros)('refuses %j, whose component has a leading zero, but can store it', (text) => {
    expect(isUid(text)).toBe(false);
    expect(isStorableUid(text)).toBe(true);
  });

  it.each(invalid)('refuses %j and cannot store it', (text) => {
    expect(isUid(text)).toBe(false);
    expect(isStorableUid(text)).toBe(false);
  });
});
