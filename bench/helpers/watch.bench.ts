import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../support/statistics.ts';

/**
 * Watches a process tree from outside until standard input ends, then prints its peak PSS as JSON, with and without PostgreSQL, and how
 * long /api/health took. Arguments: process id, file of the postmaster's process id or -,
 * health address or -, milliseconds between two samples.
 */
const [pid = '0', postmasterFile = '-', health = '-', pssEveryMs = '250'] = process.argv.slice(2);
const HEALTH_EVERY_MS = 50;
let isDone = false;
let peak = 0;
let peakWithPostgres = 0;
const delays: number[] = [];

interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

function found(name: string): Found[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const parent = Number(stat.slice(end + 2).split(' ')[1]);
    return [{ pid: Number(name), parent, name: stat.slice(stat.indexOf('(') + 1, end) }];
  } catch {
    return []; // It ended meanwhile.
  }
}

function postmaster(): number[] {
  if (postmasterFile === '-') return [];
  try {
    return [Number(readFileSync(postmasterFile, 'utf8').split('\n')[0])];
  } catch {
    return [];
  }
}

function pssKiB(of: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${of}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function sample(): void {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(found);
  const tree = new Set([Number(pid), ...postmaster()]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const one of all) if (tree.has(one.parent)) tree.add(one.pid);
  }
  let without = 0;
  let withPostgres = 0;
  for (const one of all) {
    if (!tree.has(one.pid)) continue;
    const pss = pssKiB(one.pid);
    withPostgres += pss;
    if (one.name !== 'postgres') without += pss;
  }
  peak = Math.max(peak, without);
  peakWithPostgres = Math.max(peakWithPostgres, withPostgres);
}

function ask(agent: http.Agent): Promise<number> {
  const started = performance.now();
  return new Promise((resolve) => {
    const done = (): void => resolve(performance.now() - started);
    const request = http.get(health, { agent }, (response) => response.resume().once('end', done));
    request.once('error', done);
  });
}

async function watchHealth(): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await ask(agent);
  while (!isDone) {
    const ms = await ask(agent);
    delays.push(ms);
    await sleep(Math.max(0, HEALTH_EVERY_MS - ms));
  }
}

process.stdin.resume().once('end', () => {
  isDone = true;
  sample();
  const p = (share: number): number | null => (delays.length === 0 ? null : quantile(delays, share));
  const mb = (kib: number): number => (kib * 1024) / 1e6;
  console.log(
    JSON.stringify({
      pssMb: mb(peak),
      pssWithPostgresMb: mb(peakWithPostgres),
      healthP50: p(0.5),
      healthP99: p(0.99),
      healthMax: p(1),
    }),
  );
  process.exit(0);
});
setInterval(sample, Number(pssEveryMs));
sample();
if (health !== '-') void watchHealth();
