import { describe, expect, it } from 'vitest';
import { isUid } from '../uid.ts';
import { contentMoment, madePersonName, plainText, uidOfUuid } from './texts.ts';

describe('a UID of a UUID (PS3.5 B.2)', () => {
  it.each([
    // The example of the standard.
    ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '2.25.329800735698586629295641978511506172918'],
    ['00000000-0000-0000-0000-000000000000', '2.25.0'],
    ['00000000-0000-0000-0000-00000000000a', '2.25.10'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', '2.25.340282366920938463463374607431768211455'],
  ])('%s is %s', (uuid, uid) => {
    expect(uidOfUuid(uuid)).toBe(uid);
    expect(isUid(uid)).toBe(true);
  });
});

describe('what people wrote, as a value', () => {
  it.each([
    ['two\nlines\r\nand\fa page', 'two\nlines\r\nand\fa page'],
    ['a\tb\u0000c\u001bd\u007fe\u000bf', 'a b c d e f'],
    ['  outer spaces \n', 'outer spaces'],
    ['é ñ 山 𝕊', 'é ñ 山 𝕊'],
    ['\u0085', '\u0085'],
    ['', ''],
  ])('%j is %j: ends of lines and pages are all the control characters that a text has (PS3.5 6.1.3)', (words, text) =>
    expect(plainText(words)).toBe(text),
  );

  it.each([
    ['Diop', 'Awa', 'Diop^Awa'],
    [' Ba ', ' Ali', 'Ba^Ali'],
    // What divides components, groups and values divides none of a name that was typed.
    ['A^B=C\\D', '\\x^', 'A B C D^x'],
    ['Solo', '', 'Solo^'],
    // No line ends in a name.
    ['Two\nlines', '\r\fx', 'Two lines^x'],
    ['L'.repeat(70), 'x', 'L'.repeat(64)],
    // A character is whole, also where it takes two units of UTF-16.
    [`L${'𠮷'.repeat(70)}`, 'x', `L${'𠮷'.repeat(63)}`],
  ])('%j, %j is the name %j, of 64 characters at most (PS3.5 6.2.1)', (last, first, name) =>
    expect(madePersonName(last, first)).toBe(name),
  );

  it('a moment is a date and a time of UTC, whole seconds (PS3.5 6.2, DA and TM)', () => {
    expect(contentMoment(new Date('2026-03-02T23:59:59.999Z'))).toEqual({ contentDate: '20260302', contentTime: '235959' });
    expect(contentMoment(new Date('2026-03-02T23:30:00-01:00'))).toEqual({ contentDate: '20260303', contentTime: '003000' });
  });
});
