import { FAMILY_NAMES } from '../batch/names.ts';
import { createPrng, type Prng } from '../prng.ts';
import { paintStrokes, widthOfStrokes } from './stroke-text.ts';

/** Grey, 8 bits, row after row. */
export interface GreyPicture {
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Uint8Array;
}

/** Pictures on which nothing that looks for text was tuned: a linear probe's speckle, a scanned film, a screen with windows and curves, trabecular bone. */
export const HELD_OUT_BACKGROUNDS = ['speckle', 'film', 'screen', 'bone'] as const;
export type HeldOutBackground = (typeof HELD_OUT_BACKGROUNDS)[number];

const [ROWS, COLUMNS] = [400, 560];
const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** Grains of Rayleigh's distribution, wide across the beam, in layers of tissue with vessels; ground outside of the probe's width. */
function speckle(prng: Prng): Uint8Array {
  const [across, along] = [prng.integer(3, 7), prng.integer(2, 3)];
  const width = Math.ceil(COLUMNS / across) + 2;
  const grains = Float32Array.from({ length: width * (Math.ceil(ROWS / along) + 2) }, () =>
    Math.sqrt(-Math.log(1 - prng.next())),
  );
  const layers = Array.from({ length: 5 }, () => ({
    at: prng.between(0, ROWS),
    high: prng.between(20, 70),
    level: prng.between(40, 130),
  }));
  const vessel = { x: prng.between(150, 400), y: prng.between(80, 320), r: prng.between(15, 50) };
  const edge = prng.integer(20, 70);
  return Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [x, y] = [at % COLUMNS, Math.floor(at / COLUMNS)];
    if (x < edge || x >= COLUMNS - edge) return 0;
    const tissue = layers.reduce((sum, { at: middle, high, level }) => sum + level * Math.exp(-(((y - middle) / high) ** 2)), 25);
    const inside = Math.hypot(x - vessel.x, (y - vessel.y) * 1.4) < vessel.r ? 0.08 : 1;
    const [gx, gy] = [x / across, y / along];
    const cell = Math.floor(gy) * width + Math.floor(gx);
    const [fx, fy] = [gx % 1, gy % 1];
    const upper = (grains[cell] ?? 0) * (1 - fx) + (grains[cell + 1] ?? 0) * fx;
    const lower = (grains[cell + width] ?? 0) * (1 - fx) + (grains[cell + width + 1] ?? 0) * fx;
    return byte(tissue * inside * (upper * (1 - fy) + lower * fy));
  });
}

/** A scanned film: a vignette, grain, dust and scratches. */
function film(prng: Prng): Uint8Array {
  const pixels = Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [x, y] = [(at % COLUMNS) / COLUMNS - 0.5, Math.floor(at / COLUMNS) / ROWS - 0.5];
    return byte(190 - 260 * (x * x + y * y) + 60 * Math.sin(x * 9) * Math.cos(y * 7) + 7 * prng.normal());
  });
  for (let speck = 0; speck < 60; speck += 1) {
    const [x, y, size] = [prng.integer(2, COLUMNS - 9), prng.integer(2, ROWS - 9), prng.integer(1, 5)];
    for (let dy = 0; dy < size; dy += 1)
      pixels.fill(prng.next() < 0.5 ? 250 : 10, (y + dy) * COLUMNS + x, (y + dy) * COLUMNS + x + size);
  }
  return pixels;
}

/** A screen: windows with frames, bars, a grid and a curve, without a letter. */
function screen(prng: Prng): Uint8Array {
  const pixels = new Uint8Array(ROWS * COLUMNS).fill(prng.integer(10, 60));
  const box = (x: number, y: number, width: number, height: number, level: number): void => {
    for (let row = Math.max(0, y); row < Math.min(ROWS, y + height); row += 1)
      pixels.fill(level, row * COLUMNS + Math.max(0, x), row * COLUMNS + Math.min(COLUMNS, x + width));
  };
  for (let window = 0; window < 5; window += 1)
    box(prng.integer(0, 400), prng.integer(0, 300), prng.integer(60, 240), prng.integer(40, 160), prng.integer(20, 220));
  for (let line = 0; line < 8; line += 1) box(0, 40 + line * 40, COLUMNS, 1, 120);
  for (let bar = 0; bar < 14; bar += 1) box(40 + bar * 34, 360 - prng.integer(10, 180), 14, 30, prng.integer(100, 250));
  let y = 200;
  for (let x = 0; x < COLUMNS; x += 1) {
    y = Math.max(20, Math.min(ROWS - 20, y + Math.round(prng.normal() * 2)));
    box(x, y, 2, 3, 255);
  }
  return pixels;
}

/** A net of bright beams between dark gaps, as bone under a lens. */
function bone(prng: Prng): Uint8Array {
  const waves = Array.from({ length: 14 }, () => ({
    x: prng.between(-0.35, 0.35),
    y: prng.between(-0.35, 0.35),
    at: prng.between(0, 6.28),
  }));
  return Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [x, y] = [at % COLUMNS, Math.floor(at / COLUMNS)];
    const sum = waves.reduce((all, wave) => all + Math.sin(wave.x * x + wave.y * y + wave.at), 0);
    return byte(90 + 55 * Math.tanh(sum * 0.6) + 6 * prng.normal());
  });
}

const MAKERS: Readonly<Record<HeldOutBackground, (prng: Prng) => Uint8Array>> = { speckle, film, screen, bone };

/** A picture without text: each seed another one. */
export const heldOutPicture = (kind: HeldOutBackground, seed: number): GreyPicture => ({
  rows: ROWS,
  columns: COLUMNS,
  pixels: MAKERS[kind](createPrng('held-out', kind, seed)),
});

export interface HeldOutLine {
  readonly picture: GreyPicture;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly height: number;
  readonly isSlanted: boolean;
}

const texts = (prng: Prng): string => {
  const name = prng
    .pick(FAMILY_NAMES)
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '');
  const lower = name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
  const number = String(prng.integer(10_000, 999_999));
  return prng.pick([
    `${lower} ${number}`,
    `${lower}`,
    `ID ${number}`,
    `${prng.integer(1, 28)}/0${prng.integer(1, 9)}/19${prng.integer(30, 99)}`,
  ]);
};

/** The same with one line in a font of strokes: of another height, weight, slant, contrast and place each time, bright or dark. */
export function heldOutLine(kind: HeldOutBackground, seed: number): HeldOutLine {
  const { pixels } = heldOutPicture(kind, seed);
  const prng = createPrng('held-out-line', kind, seed);
  const height = prng.integer(8, 44);
  const slant = prng.next() < 0.3 ? prng.between(0.1, 0.3) : 0;
  const weight = prng.between(0.1, 0.2);
  const text = texts(prng).slice(0, Math.max(4, Math.floor((COLUMNS - 30) / (height * 0.95))));
  const width = Math.min(COLUMNS - 8, widthOfStrokes({ text, height, slant }));
  const [x, y] = [prng.integer(4, Math.max(4, COLUMNS - width - 4)), prng.integer(6, ROWS - 2 * height)];
  const isBright = prng.next() < 0.7;
  const ground: number[] = [];
  for (let row = y; row < y + height; row += 2)
    for (let at = x; at < x + width; at += 3) ground.push(pixels[row * COLUMNS + at] ?? 0);
  ground.sort((left, right) => left - right);
  const around = ground[Math.floor(ground.length * (isBright ? 0.9 : 0.1))] ?? 0;
  const contrast = prng.between(50, 170);
  const level = byte(around + (isBright ? contrast : -contrast));
  paintStrokes({ text, x, y, height, weight, slant }, (column, row, share) => {
    if (column < 0 || row < 0 || column >= COLUMNS || row >= ROWS) return;
    const at = row * COLUMNS + column;
    pixels[at] = byte((pixels[at] ?? 0) * (1 - share) + level * share);
  });
  return { picture: { rows: ROWS, columns: COLUMNS, pixels }, box: { x, y, width, height }, height, isSlanted: slant > 0 };
}
