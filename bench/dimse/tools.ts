import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ctVolume } from '@negatoscope/testkit';
import type { Bench } from '../support/bench.ts';
import { startProgram } from '../support/child.ts';
import { BY, DESTINATION_PORT, type Side, TO } from './sides.ts';

/** Files of one study of CT, 512 KiB each unless said otherwise. */
export interface CtStudy {
  readonly studyUid: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

export function ctStudy({ temp }: Bench, seed: string, slices: number, side = 512): CtStudy {
  const folder = path.join(temp, seed);
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  let [bytes, studyUid] = [0, ''];
  for (const one of ctVolume({ seed, slices, rows: side, columns: side })) {
    const file = path.join(folder, `${files.length}.dcm`);
    writeFileSync(file, one.bytes);
    files.push(file);
    bytes += one.bytes.length;
    studyUid = one.studyInstanceUid;
  }
  return { studyUid, files, bytes };
}

/** A tool of DCMTK to its end, in seconds. */
function timed(program: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  return new Promise((done, fail) => {
    execFile(program, [...args], { maxBuffer: 1 << 26 }, (error, _stdout, stderr) => {
      if (error === null) done((performance.now() - begun) / 1000);
      else fail(new Error(`${program}: ${stderr.slice(0, 2000)}`));
    });
  });
}

const to = ({ port, aeTitle }: Side): string[] => ['-aet', BY, '-aec', aeTitle, '127.0.0.1', String(port)];

/** C-STORE over so many associations at once; seconds until the last has ended. */
export async function store(side: Side, { files }: CtStudy, associations: number): Promise<number> {
  const begun = performance.now();
  const share = Math.ceil(files.length / associations);
  const parts = Array.from({ length: associations }, (_, index) => files.slice(index * share, (index + 1) * share));
  await Promise.all(parts.map((part) => timed('storescu', [...to(side), ...part])));
  return (performance.now() - begun) / 1000;
}

/** C-MOVE of a study to the `storescp`. */
export const move = (side: Side, { studyUid }: CtStudy): Promise<number> =>
  timed('movescu', ['-S', '-aem', TO, '-k', '0008,0052=STUDY', '-k', `0020,000D=${studyUid}`, ...to(side)]);

/** C-GET of a study, of which nothing is kept. */
export const get = (side: Side, { studyUid }: CtStudy): Promise<number> =>
  timed('getscu', ['-S', '--ignore', '-k', '0008,0052=STUDY', '-k', `0020,000D=${studyUid}`, ...to(side)]);

/** Receives what is moved, and keeps none of it. */
export async function startDestination(bench: Bench): Promise<void> {
  const running = await startProgram('storescp', ['-v', '--fork', '--ignore', '-aet', TO, String(DESTINATION_PORT)], {
    isReady: (text) => text.includes('storescp') || text === '',
  });
  bench.defer(running.stop);
}
