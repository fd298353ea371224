import { execFile } from 'node:child_process';

/** Runs a program; its exit code and everything it printed. */
export function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((done) => {
    execFile(program, [...args], { timeout: 60_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      done({ code, output: `${stdout}${stderr}` });
    });
  });
}
