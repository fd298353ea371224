import { spawn } from 'node:child_process';
import path from 'node:path';
import { given } from './given.ts';
import type { Ours } from './ours.ts';
import type { Peer } from './peers.ts';

export interface Watched {
  /** Peak PSS of the process tree, MB of 10^6 bytes. */
  readonly pssMb: number;
  readonly pssWithPostgresMb: number;
  /** Milliseconds of one request to /api/health, asked every 20 ms: an upper bound of the event loop's delay. Null for peers. */
  readonly healthP50: number | null;
  readonly healthP99: number | null;
  readonly healthMax: number | null;
}

/** Watches a server from a process of its own while `work` runs. */
export async function watched<T>(
  server: Ours | Peer,
  { pssEveryMs, asksHealth = false }: { pssEveryMs: number; asksHealth?: boolean },
  work: () => Promise<T>,
): Promise<{ result: T; watched: Watched }> {
  const isOurs = 'dataDir' in server;
  const postmaster = isOurs ? path.join(server.dataDir, 'postgres', '18', 'postmaster.pid') : '-';
  const health = isOurs && asksHealth ? `${server.baseUrl}/api/health` : '-';
  const args = [String(server.pid), postmaster, health, String(pssEveryMs)];
  const child = spawn(process.execPath, [path.join(given('BENCH_BUNDLES'), 'bench-watch.mjs'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString('utf8');
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const result = await work();
    child.stdin.end();
    await gone;
    return { result, watched: JSON.parse(text) as Watched }; // Printed by helpers/watch.bench.ts.
  } finally {
    child.kill('SIGKILL');
  }
}
