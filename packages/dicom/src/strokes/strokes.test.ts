import { describe, expect, test } from 'vitest';
import { drawableText } from './drawable.ts';
import { GLYPHS } from './glyphs.ts';
import { placeholderSvg } from './placeholder.ts';
import { strokeText, strokeWidth } from './text.ts';

const points = (path: string): number[][] =>
  [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('letters as strokes', () => {
  test.each(Object.keys(GLYPHS))('%s lies in its grid of 4 × 6, each stroke of at least two places', (letter) => {
    for (const stroke of (GLYPHS[letter] ?? '').split(' ')) {
      expect(stroke.length % 2).toBe(0);
      expect(stroke.length).toBeGreaterThanOrEqual(4);
      expect(stroke).toMatch(/^([0-4][0-6])+$/);
    }
  });

  test('stand side by side, as high as asked, from their corner', () => {
    const all = points(strokeText('HH', 10, 20, 12));
    expect(Math.min(...all.map(([x = 0]) => x))).toBe(10);
    expect(Math.min(...all.map(([, y = 0]) => y))).toBe(20);
    expect(Math.max(...all.map(([, y = 0]) => y))).toBe(32);
    expect(Math.max(...all.map(([x = 0]) => x))).toBeCloseTo(10 + strokeWidth('HH') * 12, 5);
  });

  test('that have no shape are a space, small ones those of capitals where they have none of their own', () => {
    expect(strokeText('b', 0, 0, 6)).toBe(strokeText('B', 0, 0, 6));
    expect(strokeText('a', 0, 0, 6)).not.toBe(strokeText('A', 0, 0, 6));
    expect(strokeText('|~', 0, 0, 6)).toBe('');
    expect(drawableText('Œdème 8 µm\n²')).toEqual({ text: 'OEdème 8 um\n2', isWhole: true });
    expect(drawableText('Об')).toEqual({ text: '□□', isWhole: false });
    expect(strokeWidth('')).toBe(0);
  });
});

describe('accents, French ones first', () => {
  /** What a letter has beyond the one without accents, in rows. */
  const rowsOfMark = (letter: string, base: string): number[] => {
    const [whole, bare] = [strokeText(letter, 0, 0, 6), strokeText(base, 0, 0, 6)];
    expect(whole.startsWith(bare)).toBe(true);
    return points(whole.slice(bare.length)).map(([, y = 0]) => y);
  };

  test.each([...'ÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÑÅÃÕŠŽŐĞİéèêëîïôùûüñ'])('%s has its own above the letter, below the line before', (letter) => {
    const rows = rowsOfMark(letter, letter.normalize('NFD').charAt(0));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect([Math.max(...rows) < 0, Math.min(...rows) > -4]).toEqual([true, true]);
  });

  test.each([...'ÇçŞĄę'])('%s has its own below', (letter) => {
    const rows = rowsOfMark(letter, letter.normalize('NFD').charAt(0));
    expect([Math.min(...rows), Math.max(...rows) < 8]).toEqual([6, true]);
  });

  test('those of a small letter lie on it, not where a capital ends', () => {
    const rows = rowsOfMark('à', 'a');
    expect([Math.min(...rows) > -1, Math.max(...rows) < 2]).toEqual([true, true]);
  });

  test('no two accented letters look alike, nor like those without', () => {
    const letters = [...'EÉÈÊËAÀÂÄÅCÇIÎÏOÔÖUÙÛÜNÑ'];
    expect(new Set(letters.map((letter) => strokeText(letter, 0, 0, 6))).size).toBe(letters.length);
  });

  test('take no room of their own, composed or not; those without strokes are left out, as what follows no letter', () => {
    expect(drawableText('E\u0301TE\u0301 C\u0327A')).toEqual({ text: 'ÉTÉ ÇA', isWhole: true });
    expect(drawableText('X\u0302 \u0301 a\u0336 ế')).toEqual({ text: 'X  a ế', isWhole: true });
    expect(strokeWidth(drawableText('E\u0301').text)).toBe(strokeWidth('E'));
  });
});

describe('the page that stands for what is no picture', () => {
  test.each(['PDF', 'SR', 'ECG', 'RTSTRUCT', ''])('names its kind inside of itself: %s', (kind) => {
    const svg = placeholderSvg(kind);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="128" height="128"/);
    for (const [x = 0, y = 0] of points(svg)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(128);
      expect(y).toBeLessThanOrEqual(128);
    }
  });
  test('takes no text of a file as markup, and cuts what is long', () => {
    expect(placeholderSvg('"><script>alert(1)</script>')).not.toMatch(/script|alert|NaN/);
    expect(placeholderSvg('A'.repeat(1000)).length).toBeLessThan(4000);
  });
});
