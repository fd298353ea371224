import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf } from '../../apps/server/test/support/process-family.ts';

const TICKS_A_SECOND = 100;

/** Seconds of a processor that a process and all below it have used since they began, those that have ended meanwhile too. */
export function processorSeconds(pid: number): number {
  return familyOf(pid).reduce((sum, one) => sum + ticksOf(one), 0) / TICKS_A_SECOND;
}

function ticksOf(pid: number): number {
  try {
    // The name, in brackets, may hold anything; the 12th to 15th fields behind it are utime, stime, and both of children that have ended (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  } catch {
    return 0;
  }
}

const [CALM, CALM_FOR, MOST_SECONDS] = [0.08, 3, 600];

/**
 * Until these processes and all below them rest: what was stored is looked through and vacuumed for a while, and whoever is measured meanwhile shares
 * the machine with that.
 */
export async function settled(pids: readonly number[]): Promise<void> {
  let before = Number.NEGATIVE_INFINITY;
  for (let second = 0, calm = 0; second < MOST_SECONDS && calm < CALM_FOR; second += 1) {
    await sleep(1000);
    const now = pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
    calm = now - before < CALM ? calm + 1 : 0;
    before = now;
  }
}

/** The same of several by what a process of ours is for: `dimse`, `web`, `worker`, `main`, `postgres`, or `other`. */
export function processorByKind(pids: readonly number[]): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const one of new Set(pids.flatMap(familyOf))) {
    const kind = kindOf(one);
    seconds.set(kind, (seconds.get(kind) ?? 0) + ticksOf(one) / TICKS_A_SECOND);
  }
  return seconds;
}

function kindOf(pid: number): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
    if (command.includes('postgres')) return 'postgres';
    return /\b(dimse|web|worker|main)(?:-process)?\.js\b/.exec(command)?.[1] ?? 'other';
  } catch {
    return 'other';
  }
}
