import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './bench.ts';
import type { Headers, Load } from './client.ts';
import { given } from './given.ts';

/** wrk with one thread asks for these paths in turn, for so many seconds. Latencies are milliseconds. */
export async function hammer(
  bench: Bench,
  baseUrl: string,
  paths: readonly string[],
  options: { headers: Headers; connections: number; seconds: number },
): Promise<Load> {
  const list = path.join(bench.temp, 'paths.txt');
  writeFileSync(list, `${paths.join('\n')}\n`);
  const { stdout } = await promisify(execFile)(
    'wrk',
    [
      ...['-t', '1', '-c', String(options.connections), '-d', `${options.seconds}s`, '--timeout', '20s'],
      ...['-s', path.join(given('BENCH_DIR'), 'support', 'requests.lua')],
      ...Object.entries(options.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...[baseUrl, '--', list],
    ],
    { timeout: (options.seconds + 60) * 1000 },
  );
  const line = stdout.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  return JSON.parse(line) as Load; // Printed by support/requests.lua.
}

export const perSecond = ({ requests, seconds }: Load): number => requests / seconds;
