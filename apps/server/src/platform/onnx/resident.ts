import { readFile } from 'node:fs/promises';

/**
 * Memory of a process that is in use now, bytes. Where the system does not tell it of another process (all but Linux) it is 0: the time limit is left there, and
 * what a task may ask for.
 */
export async function residentBytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const text = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
