import path from 'node:path';
import { type DecodedFrame, findText } from '@negatoscope/dicom';
import { BACKGROUNDS, background } from './text/backgrounds.ts';
import { measureHeldOut } from './text/held-out.ts';
import { realFiles } from './text/real-files.ts';
import { wilson } from './text/wilson.ts';
import { covered, writeName } from './text/written.ts';

const HEIGHTS = [7, 9, 12, 16, 24, 32, 48, 64];
const CONTRASTS = [0.15, 0.3, 0.5, 0.8];
const BODIES = process.env.BENCH_QUICK === '1' ? 1 : Number(process.env.BENCH_BODIES ?? '6');
/** Pictures without text for each one that is written in. */
const EMPTY = 6;

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
    for (let seed = 1; seed <= BODIES * EMPTY; seed += 1) {
      const empty = background(kind, seed);
      count(`without text: ${kind}`, (findText(empty) ?? []).length > 0);
      if (seed > BODIES) continue;
      for (const height of HEIGHTS)
        for (const contrast of CONTRASTS)
          for (const isBright of [true, false]) {
            const written = writeName(empty, { seed: `${kind} ${seed} ${height} ${contrast}`, height, contrast, isBright });
            if (written === undefined) continue;
            const { frame, box } = written;
            const isFound = covered(box, findText(frame) ?? []) >= 0.5;
            for (const key of [`on ${kind}`, `height ${height}`, `contrast ${contrast}`, isBright ? 'bright' : 'dark', 'all'])
              count(key, isFound);
          }
    }
}

/** Milliseconds of the processor for a chest of 2048 x 2048 with a name, the median of nine. */
function time(): number {
  const small = background('chest', 1);
  const side = 2048;
  const pixels = new Uint16Array(side * side);
  const from = new Uint16Array(small.pixels.buffer, small.pixels.byteOffset, small.pixels.length / 2);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = from[(at >> 13) * 512 + ((at & 2047) >> 2)] ?? 0;
  const large: DecodedFrame = { ...small, rows: side, columns: side, pixels: new Uint8Array(pixels.buffer) };
  const frame = writeName(large, { seed: 'time', height: 32, contrast: 0.3, isBright: true })?.frame ?? large;
  const times = Array.from({ length: 9 }, () => {
    const start = process.cpuUsage();
    findText(frame);
    return process.cpuUsage(start).user / 1000;
  });
  return times.sort((left, right) => left - right)[4] ?? 0;
}

const FILES = process.env.NEGATOSCOPE_TESTDATA ?? path.resolve(process.env.BENCH_DIR ?? '.', '../../../shared/testdata/dicom');

measure();
measureHeldOut(process.env.BENCH_QUICK === '1' ? 25 : 150, count);
for (const { file, modality, isSuspected } of realFiles(FILES)) {
  count(`real files: ${['CT', 'MR', 'CR', 'DX', 'US'].includes(modality) ? modality : 'other'}`, isSuspected);
  if (isSuspected && process.env.BENCH_SHOW === '1') console.log(`${file} (${modality})`);
}
for (const [key, { hits, of }] of tallies) {
  const { low, high } = wilson(hits, of);
  const percent = (share: number): string => (share * 100).toFixed(1);
  console.log(`| ${key} | ${hits} of ${of} | ${percent(hits / of)} | ${percent(low)}–${percent(high)} |`);
}
console.log(`2048 x 2048: ${time().toFixed(0)} ms of the processor`);
