import { execFileSync } from 'node:child_process';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const rows = (): Row[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });

/** Who does the jobs, or hears associations: the child of the supervisor that runs that file. */
export const childOf = (supervisor: number, program: 'worker' | 'dimse-process'): number | undefined =>
  rows().find(({ parent, command }) => parent === supervisor && command.includes(`${program}.js`))?.pid;

/** All processes below this one, and itself, at once and without a word. */
export function killAll(pid: number): void {
  const all = rows();
  const family = [pid];
  for (const one of family) for (const { pid: child, parent } of all) if (parent === one) family.push(child);
  execFileSync('kill', ['-9', ...family.map(String)]);
}
