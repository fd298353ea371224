import { execFileSync } from 'node:child_process';

/** A process and all below it, parents first. */
export function familyOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const one of family) for (const [child = 0, parent] of rows) if (parent === one) family.push(child);
  return family;
}
