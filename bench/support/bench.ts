import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { given } from './given.ts';
import { Results } from './results.ts';

export interface Bench {
  readonly quick: boolean;
  /** Removed at the end. */
  readonly temp: string;
  /** Generated files, which outlive the run when BENCH_CACHE names the folder. */
  readonly cache: string;
  readonly results: Results;
  /** Runs at the end, the last one first, also after a failure, a signal or the time limit. */
  defer(undo: () => unknown): void;
}

/** Runs one bench with its own temporary folder and time limit (BENCH_LIMIT_S, 20 minutes), prints its tables and saves them. */
export async function runBench(name: string, work: (bench: Bench) => Promise<void>): Promise<void> {
  const quick = process.env.BENCH_QUICK === '1';
  const cache = given('BENCH_CACHE');
  mkdirSync(cache, { recursive: true });
  const temp = mkdtempSync(path.join(os.tmpdir(), `negatoscope-bench-${name}-`));
  const undos: (() => unknown)[] = [() => rmSync(temp, { recursive: true, force: true })];
  const results = new Results(name, quick);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= (async () => {
      for (const undo of undos.reverse()) await Promise.resolve().then(undo).catch(console.error);
    })();
    return ending;
  };
  const stop = (why: string): void => {
    console.error(`${name}: ${why}`);
    results.note(`Ended early: ${why}.`);
    results.save();
    void end().then(() => process.exit(1));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  setTimeout(() => stop('time limit'), Number(process.env.BENCH_LIMIT_S ?? 1200) * 1000).unref();
  try {
    await work({ quick, temp, cache, results, defer: (undo) => void undos.push(undo) });
    results.save();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await end();
  }
  process.exit();
}
