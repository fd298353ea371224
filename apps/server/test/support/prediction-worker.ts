import { readdirSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { openServerParts } from '../../src/compose.ts';
import { loadSecrets } from '../../src/config/secrets.ts';
import { startJobs } from '../../src/jobs.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { ServerParts } from '../../src/server-parts.ts';
import type { TestApp } from './app.ts';

export interface PredictionWorker {
  readonly parts: ServerParts;
  /** Lines of its log. */
  readonly lines: string[];
  close(): Promise<void>;
}

/** The job process of a test's server, in this one. */
export async function openWorker({ settings, database }: TestApp, clock?: Clock): Promise<PredictionWorker> {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const options = { settings, secrets: loadSecrets(settings), log, database: { connection: database }, poolSize: 4 };
  const parts = await openServerParts(clock === undefined ? options : { ...options, clock }, 'worker');
  const runner = await startJobs(parts, log);
  return {
    parts,
    lines,
    close: async () => {
      await runner.stop();
      await parts.close();
    },
  };
}

const statOf = (pid: string): { parent: number; command: string } | undefined => {
  try {
    const [, , parent = '0'] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'latin1') };
  } catch {
    return undefined;
  }
};

/** Processes that models run in and this process has started; none where the system does not tell (all but Linux). */
export const inferenceProcesses = (): number[] =>
  process.platform !== 'linux'
    ? []
    : readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => {
          const about = statOf(pid);
          return about?.parent === process.pid && about.command.includes('inference.worker');
        })
        .map(Number);
