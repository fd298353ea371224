import { describe, expect, test } from 'vitest';
import { ascii, concat, explicit, implicit, part10 } from '../test/build.ts';
import { parsePart10 } from './parse.ts';

/** A dataset whose bytes 128 to 131 are text. */
const around = (one: typeof explicit | typeof implicit, headBytes: number): Uint8Array => {
  const head = explicit('00080005', 'CS', 'ISO_IR 100');
  const text = `${'A'.repeat(128 - head.length - headBytes)}DICM`;
  return one === explicit
    ? concat(head, explicit('00080008', 'CS', text), explicit('00100010', 'PN', 'DOE'))
    : concat(implicit('00080005', 'ISO_IR 100'), implicit('00080008', text), implicit('00100010', 'DOE'));
};

describe('where a file begins (PS3.10 7.1)', () => {
  test.each([
    ['explicit', around(explicit, 8)],
    ['implicit', around(implicit, 8)],
  ])('the letters DICM at byte 128 are text where the dataset has begun already: %s VR', (_what, file) => {
    expect(Buffer.from(file.subarray(128, 132)).toString('latin1')).toBe('DICM');
    const parsed = parsePart10(file);
    expect([parsed.hasPreamble, parsed.hasMeta]).toEqual([false, false]);
    expect(parsed.json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'DOE' }] });
    expect(parsed.json['00080008']?.Value?.[0]).toMatch(/^A+DICM$/);
  });

  test('a preamble of any bytes is one where group 0002 follows', () => {
    const file = part10(explicit('00100010', 'PN', 'DOE'));
    file.set(explicit('00080005', 'CS', 'ISO_IR 100'));
    expect(parsePart10(file)).toMatchObject({ hasPreamble: true, hasMeta: true });
  });

  test('a preamble without group 0002 behind it is one where no dataset begins in it', () => {
    const file = concat(new Uint8Array(128), ascii('DICM'), explicit('00100010', 'PN', 'DOE'));
    expect(parsePart10(file)).toMatchObject({ hasPreamble: true, hasMeta: false });
  });
});
