import { type DecodedFrame, findText } from '@negatoscope/dicom';
import { BACKGROUNDS, background } from './text/backgrounds.ts';
import { covered, writeName } from './text/written.ts';
import { wilson } from './text/wilson.ts';

const HEIGHTS = [7, 9, 12, 16, 24, 32, 48, 64];
const CONTRASTS = [0.15, 0.3, 0.6, 1];
const BODIES = process.env.BENCH_QUICK === '1' ? 1 : 6;

interface Tally {
  hits: number;
  of: number;
}
const tallies = new Map<string, Tally>();
function count(key: string, isHit: boolean): void {
  const tally = tallies.get(key) ?? { hits: 0, of: 0 };
  tallies.set(key, { hits: tally.hits + (isHit ? 1 : 0), of: tally.of + 1 });
}

/** Which of the words written is found, and which pictures without one are suspected. */
function measure(): void {
  for (const kind of BACKGROUNDS)
    for (let seed = 1; seed <= BODIES; seed += 1) {
      const empty = background(kind, seed);
      const without = findText(empty) ?? [];
      count(`without text: ${kind}`, without.length > 0);
      for (const height of HEIGHTS)
        for (const contrast of CONTRASTS)
          for (const isBright of [true, false]) {
            const { frame, box } = writeName(empty, { seed: `${kind} ${seed} ${height} ${contrast}`, height, contrast, isBright });
            const isFound = covered(box, findText(frame) ?? []) >= 0.5;
            for (const key of [`on ${kind}`, `height ${height}`, `contrast ${contrast}`, isBright ? 'bright' : 'dark', 'all'])
              count(key, isFound);
          }
    }
}

/** Milliseconds for a chest of 2048 x 2048 with a name, the median of nine. */
function time(): number {
  const small = background('chest', 1);
  const side = 2048;
  const pixels = new Uint16Array(side * side);
  const from = new Uint16Array(small.pixels.buffer, small.pixels.byteOffset, small.pixels.length / 2);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = from[(at >> 13) * 512 + ((at & 2047) >> 2)] ?? 0;
  const large: DecodedFrame = { ...small, rows: side, columns: side, pixels: new Uint8Array(pixels.buffer) };
  const { frame } = writeName(large, { seed: 'time', height: 32, contrast: 0.6, isBright: true });
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    findText(frame);
    return performance.now() - start;
  });
  return times.sort((left, right) => left - right)[4] ?? 0;
}

measure();
for (const [key, { hits, of }] of tallies) {
  const { low, high } = wilson(hits, of);
  const percent = (share: number): string => (share * 100).toFixed(1);
  console.log(`| ${key} | ${hits} of ${of} | ${percent(hits / of)} | ${percent(low)}–${percent(high)} |`);
}
console.log(`2048 x 2048: ${time().toFixed(0)} ms`);
