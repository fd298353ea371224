import { describe, expect, it } from 'vitest';
import { createPrng, paintText } from '../../../../testkit/src/index.ts';
import type { DecodedFrame } from '../../pixels/frame-format.ts';
import { findText } from './find-text.ts';
import { levelsOf } from './levels.ts';
import type { TextBox } from './lines.ts';

const [ROWS, COLUMNS] = [200, 320];
const FORMAT = {
  rows: ROWS,
  columns: COLUMNS,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
} as const;

/** Grey levels by place. */
const grey = (levelAt: (x: number, y: number) => number): DecodedFrame => ({
  ...FORMAT,
  pixels: Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => levelAt(at % COLUMNS, Math.floor(at / COLUMNS))),
});
const flat = (level: number): DecodedFrame => grey(() => level);

/** The frame with a text in it. */
function written(
  frame: DecodedFrame,
  how: { text: string; height: number; level: number; x?: number; y?: number },
): DecodedFrame {
  const pixels = frame.pixels.slice();
  const { text, height, level, x = 40, y = 80 } = how;
  paintText({ text, x, y, height }, (column, row, share) => {
    if (column >= COLUMNS || row < 0 || row >= ROWS) return;
    const at = row * COLUMNS + column;
    pixels[at] = Math.round((pixels[at] ?? 0) * (1 - share) + level * share);
  });
  return { ...frame, pixels };
}
const best = (frame: DecodedFrame): TextBox | undefined => findText(frame)?.[0];

describe('text in a picture', () => {
  it.each([7, 9, 12, 16, 20])(
    'is found with its box when its capitals are %d pixels high, bright on dark and dark on bright',
    (height) => {
      const width = Math.round(9 * 6 * (height / 7));
      for (const [ground, level] of [
        [30, 220],
        [220, 30],
        [100, 140],
      ] as const) {
        const found = best(written(flat(ground), { text: 'DUPONT 47', height, level }));
        expect(found?.score).toBeGreaterThan(0.4);
        expect(Math.abs((found?.x ?? 0) - 40)).toBeLessThanOrEqual(height);
        expect(Math.abs((found?.width ?? 0) - width)).toBeLessThanOrEqual(2 * height);
        expect(Math.abs((found?.y ?? 0) - 80)).toBeLessThanOrEqual(2);
        expect(Math.abs((found?.height ?? 0) - height)).toBeLessThanOrEqual(3);
      }
    },
  );

  it('is found with its accents and cedilla', () => {
    const found = findText(written(flat(20), { text: 'FRANÇOIS ÉMÉRIÈRE', height: 12, level: 240 })) ?? [];
    expect(found.reduce((sum, { width }) => sum + width, 0)).toBeGreaterThan(140);
  });

  it('is found over noise that it stands out from', () => {
    const prng = createPrng('noise');
    const noise = grey(() => Math.max(0, Math.min(255, 90 + 12 * prng.normal())));
    expect(findText(noise)).toEqual([]);
    expect(best(written(noise, { text: 'MARTIN PAUL', height: 14, level: 230 }))?.width).toBeGreaterThan(80);
  });

  it('is found in colours, and in 16 bits with a hot pixel far above it', () => {
    const source = written(flat(30), { text: 'LEFEBVRE', height: 12, level: 220 });
    const rgb = {
      ...source,
      samplesPerPixel: 3,
      photometricInterpretation: 'RGB',
      pixels: Uint8Array.from([...source.pixels].flatMap((level) => [level, level, 0])),
    };
    expect(best(rgb)?.width).toBeGreaterThan(60);
    const words = Int16Array.from(source.pixels, (level) => level * 4 - 1000);
    words[5] = 32_767;
    const wide = {
      ...source,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 1 as const,
      pixels: new Uint8Array(words.buffer),
    };
    expect(best(wide)?.width).toBeGreaterThan(60);
  });
});

describe('nothing is suspected', () => {
  it.each([
    ['in an empty picture', flat(100)],
    ['in a gradient', grey((x, y) => (x + y) / 3)],
    ['in an edge across the picture', grey((x, y) => (x > y ? 200 : 20))],
    ['in a ruler of ticks', grey((x, y) => (x % 10 < 2 && y > 100 && y < 112 ? 250 : 20))],
    ['in a chequered pattern', grey((x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? 220 : 30))],
    ['in a single disc', grey((x, y) => (Math.hypot(x - 160, y - 100) < 30 ? 200 : 20))],
  ])('%s', (_what, frame) => expect(findText(frame)).toEqual([]));

  it('in two letters, which a line needs more than', () => {
    expect(findText(written(flat(30), { text: 'LR', height: 16, level: 220 }))).toEqual([]);
  });
});

describe('brightness', () => {
  it('spreads what most pixels are over 256 levels', () => {
    const picture = levelsOf(grey((x) => 50 + (x % 101)));
    expect([Math.min(...(picture?.levels ?? [])), Math.max(...(picture?.levels ?? []))]).toEqual([0, 255]);
  });

  it.each([
    ['fractions', { isFloat: true, bitsAllocated: 32 }],
    ['32 bits', { bitsAllocated: 32 }],
    ['two samples', { samplesPerPixel: 2 }],
  ])('is not known of %s', (_what, format) => expect(findText({ ...flat(1), ...format })).toBeUndefined());
});
