import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type FloodKind = 'silent' | 'headers' | 'body' | 'trickle';

export interface Flood {
  /** Ends the processes that hold the connections, and waits for it. */
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('./flood.mjs', import.meta.url));
/** Of one process: fewer than the descriptors that it may have. */
const CONNECTIONS_EACH = 800;

/** Opens so many connections in 1.6 seconds and keeps them, from processes of their own; resolves when each was open once. */
export async function startFlood(port: number, kind: FloodKind, count: number): Promise<Flood> {
  const children: ChildProcess[] = [];
  const opened: Promise<void>[] = [];
  for (let left = count; left > 0; left -= CONNECTIONS_EACH) {
    const args = [SCRIPT, String(port), String(Math.min(left, CONNECTIONS_EACH)), kind];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    opened.push(new Promise((resolve) => child.stdout?.once('data', () => resolve())));
  }
  await Promise.all(opened);
  return {
    stop: async () => {
      const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}
