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
    expect(strokeText('é|', 0, 0, 6)).toBe('');
    expect(strokeText('b', 0, 0, 6)).toBe(strokeText('B', 0, 0, 6));
    expect(strokeText('a', 0, 0, 6)).not.toBe(strokeText('A', 0, 0, 6));
    expect(strokeText('|~', 0, 0, 6)).toBe('');
    expect(drawableText('Œdème 8 µm\n²')).toEqual({ text: 'OEdeme 8 um\n2', isWhole: true });
    expect(drawableText('Об')).toEqual({ text: '□□', isWhole: false });
    expect(strokeWidth('')).toBe(0);
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
