import { readFileSync } from 'node:fs';
import { familyOf } from '../../apps/server/test/support/process-family.ts';

const TICKS_A_SECOND = 100;

/** Seconds of a processor that a process and all below it have used since they began; those that have ended meanwhile are left out. */
export function processorSeconds(pid: number): number {
  return familyOf(pid).reduce((sum, one) => sum + ticksOf(one), 0) / TICKS_A_SECOND;
}

function ticksOf(pid: number): number {
  try {
    // The name, in brackets, may hold anything; utime and stime are the 12th and 13th fields behind it (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
