import { describe, expect, test } from 'vitest';
import { answered, asksUnknown, isLike, MalformedKey, matches } from './matching.ts';

const one = (vr: string, ...Value: string[]) => ({ vr, Value });
const name = (Alphabetic: string) => ({ vr: 'PN', Value: [{ Alphabetic }] });
const STEP = { '00400002': one('DA', '20260310'), '00400003': one('TM', '0930'), '00080060': one('CS', 'DX') };
const OWN = {
  '00100010': name('Ramanantsoa^Été'),
  '00100020': one('LO', 'P 1'),
  '00100030': one('DA', '19540708'),
  '0020000D': one('UI', '1.2.3'),
  '00080018': { vr: 'UI' },
  '00400100': { vr: 'SQ', Value: [STEP] },
};

describe('wildcards (PS3.4 C.2.2.2.4)', () => {
  test.each([
    ['CT', 'CT', true],
    ['CT', 'C?', true],
    ['CT', '?', false],
    ['CT1', 'C*1', true],
    ['CT12', 'C*1', false],
    ['', '*', true],
    ['abcabd', '*abd', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
  ])('%s is like %s: %s', (text, pattern, isSo) => {
    expect(isLike(text, pattern)).toBe(isSo);
  });

  test('a pattern that is made to take long does not', () => {
    const begun = performance.now();
    expect(isLike('a'.repeat(2000), `${'*a'.repeat(1000)}b`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('matching (PS3.4 C.2.2.2)', () => {
  test.each([
    ['a name of delimiters', { '00100010': name(`${'^'.repeat(65_000)}x`) }],
    ['a name of spaces', { '00100010': name(`${' '.repeat(65_000)}x`) }],
    ['a pattern', { '00100020': one('LO', `${'*a'.repeat(32_000)}b`) }],
  ])('%s that is made to take long is like nothing, at once', (_what, keys) => {
    const begun = performance.now();
    expect(matches(keys, { ...OWN, '00100020': one('LO', 'a'.repeat(5_000)) })).toBe(false);
    expect(performance.now() - begun).toBeLessThan(200);
  });

  test.each([
    ['nothing', {}, true],
    ['a name without case and accents', { '00100010': name('ramanantsoa^ete') }, true],
    ['a name with delimiters behind it', { '00100010': name('RAMANANTSOA^ETE^^^') }, true],
    ['the beginning of a name', { '00100010': name('rama*') }, true],
    ['another name', { '00100010': name('rama') }, false],
    ['a number', { '00100020': one('LO', 'P 1') }, true],
    ['a number in other letters', { '00100020': one('LO', 'p 1') }, false],
    ['a day', { '00100030': one('DA', '19540708') }, true],
    ['a range of days', { '00100030': one('DA', '19540101-19541231') }, true],
    ['days up to one', { '00100030': one('DA', '-19540707') }, false],
    ['a list of UIDs', { '0020000D': one('UI', '1.2.2', '1.2.3') }, true],
    ['a UID, which has no wildcards', { '0020000D': one('UI', '1.2.*') }, false],
    ['a value where there is none', { '00080018': one('UI', '1.2.3') }, false],
    ['what is not known', { '00091001': one('LO', 'x'), '00181030': one('LO', 'x') }, true],
    ['an empty sequence', { '00400100': { vr: 'SQ' } }, true],
    ['an empty item', { '00400100': { vr: 'SQ', Value: [{}] } }, true],
    ['within an item', { '00400100': { vr: 'SQ', Value: [{ '00080060': one('CS', 'CT') }] } }, false],
    ['within an item, of several', { '00400100': { vr: 'SQ', Value: [{ '00080060': one('CS', 'CT', 'DX') }] } }, true],
  ])('by %s', (_what, keys, isSo) => {
    expect(matches(keys, OWN)).toBe(isSo);
  });

  test.each([
    ['20260310', '09', true],
    ['20260310', '0930', true],
    ['20260310', '093000.000000', true],
    ['20260310', '10', false],
    ['20260310', '0900-1000', true],
    ['20260310', '-0929', false],
    ['20260310', '0931-', false],
    ['20260309-20260310', '0800', false],
    // From ten on the 9th to eight on the 11th, not between these hours of each day.
    ['20260309-20260311', '1000-0800', true],
    ['20260310-20260311', '1000-0800', false],
    ['20260309-20260310', '1000-0800', false],
    ['-20260310', '-0930', true],
    ['20260310-', '0931-', false],
    ['20260309-', '0931-', true],
  ])('day %s and time %s together (PS3.4 table K.6-1): %s', (day, time, isSo) => {
    const keys = { '00400100': { vr: 'SQ', Value: [{ '00400002': one('DA', day), '00400003': one('TM', time) }] } };
    expect(matches(keys, OWN)).toBe(isSo);
  });

  test.each([
    ['a day that is none', { '00100030': one('DA', '20261301') }],
    ['a day of another standard', { '00100030': one('DA', '2026-03-10') }],
    ['two days', { '00100030': one('DA', '20260310', '20260311') }],
    ['a range of nothing', { '00100030': one('DA', '-') }],
    ['a time that is none', { '00400100': { vr: 'SQ', Value: [{ '00400003': one('TM', '2500') }] } }],
    ['a sequence of two items', { '00400100': { vr: 'SQ', Value: [{}, {}] } }],
    ['text for a sequence', { '00400100': one('LO', 'x') }],
    ['a sequence for text', { '00100020': { vr: 'SQ', Value: [{}] } }],
  ])('%s is malformed', (_what, keys) => {
    expect(() => matches(keys, OWN)).toThrowError(MalformedKey);
  });
});

describe('what is answered', () => {
  test('is what is asked for, empty where nothing is known, without what is private', () => {
    const keys = { '00100020': one('LO', '*'), '00181030': { vr: 'LO' }, '00091001': { vr: 'LO' }, '00081120': { vr: 'SQ' } };
    expect(answered(keys, OWN)).toEqual({ '00100020': OWN['00100020'], '00181030': { vr: 'LO' }, '00081120': { vr: 'SQ' } });
  });

  test('a sequence comes whole where no item says what of it, else what the item says', () => {
    const day = { '00400002': { vr: 'DA' }, '00400007': { vr: 'LO' } };
    expect(answered({ '00400100': { vr: 'SQ' } }, OWN)['00400100']).toEqual(OWN['00400100']);
    expect(answered({ '00400100': { vr: 'SQ', Value: [{}] } }, OWN)['00400100']).toEqual(OWN['00400100']);
    expect(answered({ '00400100': { vr: 'SQ', Value: [day] } }, OWN)['00400100']).toEqual({
      vr: 'SQ',
      Value: [{ '00400002': STEP['00400002'], '00400007': { vr: 'LO' } }],
    });
  });

  test('values of what is not known are told, at every level', () => {
    expect(asksUnknown({ '00181030': one('LO', 'x') }, OWN)).toBe(true);
    expect(asksUnknown({ '00181030': { vr: 'LO' }, '00100020': one('LO', 'x') }, OWN)).toBe(false);
    expect(asksUnknown({ '00400100': { vr: 'SQ', Value: [{ '00181030': one('LO', 'x') }] } }, OWN)).toBe(true);
    expect(asksUnknown({ '00081120': { vr: 'SQ', Value: [{}] } }, OWN)).toBe(false);
  });
});
