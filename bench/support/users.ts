import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, get, type Headers } from './client.ts';
import { quantile } from './statistics.ts';

/** People who use a server while something else is measured: so many, each asking for something every so often, whether the last one has come or not. */
export interface Users {
  readonly clients: number;
  /** Of each of them. */
  readonly everyMs: number;
  /** What each asks for in turn; it begins where no other does. */
  readonly urls: readonly string[];
  readonly headers: Headers;
}

export interface Served {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  /** Asked for too late, because so many others had not come yet, and therefore not asked for. */
  readonly leftOut: number;
}

/** What one person has open at a time, as a browser has it. */
const MOST_OPEN = 6;

async function visit({ everyMs, urls, headers }: Users, client: number, { signal, agent, times }: Visit): Promise<number> {
  let [open, leftOut] = [0, 0];
  const ask = async (url: string): Promise<void> => {
    const started = performance.now();
    const { status }: Answer = await get(agent, url, headers);
    if (status !== 200) throw new Error(`${url} was answered with ${status}`);
    times.push(performance.now() - started);
  };
  const asked: Promise<void>[] = [];
  const begun = performance.now() + (client * everyMs) / 7;
  for (let turn = 0; !signal.aborted; turn += 1) {
    await sleep(Math.max(0, begun + turn * everyMs - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    if (open >= MOST_OPEN) leftOut += 1;
    else {
      open += 1;
      asked.push(ask(urls[(client + turn) % urls.length] ?? '').finally(() => (open -= 1)));
    }
  }
  await Promise.all(asked);
  return leftOut;
}

interface Visit {
  readonly signal: AbortSignal;
  readonly agent: http.Agent;
  readonly times: number[];
}

/** Does some work while these people use the server; what that gives, and how they were served meanwhile. Fails where one of them is answered with an error. */
export async function whileUsed<T>(users: Users, work: () => Promise<T>): Promise<{ result: T; served: Served }> {
  const done = new AbortController();
  const agent = new http.Agent({ keepAlive: true, maxSockets: users.clients * MOST_OPEN });
  const times: number[] = [];
  const started = performance.now();
  const visits = Promise.all(
    Array.from({ length: users.clients }, (_, client) => visit(users, client, { signal: done.signal, agent, times })),
  );
  // A failure of theirs is told once the work is over.
  visits.catch(() => undefined);
  try {
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    done.abort();
    const leftOut = (await visits).reduce((sum, count) => sum + count, 0);
    return {
      result,
      served: { perSecond: times.length / seconds, p50: quantile(times, 0.5), p95: quantile(times, 0.95), leftOut },
    };
  } finally {
    done.abort();
    agent.destroy();
  }
}
