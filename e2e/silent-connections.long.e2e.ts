import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FloodKind, startFlood } from './support/flood.ts';
import { isLong } from './support/long.ts';
import { type RunningServer, startServer } from './support/server.ts';

/** By kind: how many connections, of processes that may have 1,024 descriptors each. */
const FLOODS: readonly (readonly [FloodKind, number])[] = [
  ['silent', 1_300],
  ['trickle', 1_300],
  ...(isLong
    ? ([
        ['headers', 1_300],
        ['body', 1_300],
        ['silent', 10_000],
      ] as const)
    : []),
];
const REQUESTS = 5;

/** Connections that send nothing or nearly nothing, with the limit of descriptors that most systems give (reliability.md R18). */
describe.skipIf(process.platform === 'win32')('connections that only take up room', () => {
  const servers: RunningServer[] = [];
  // All kinds at once upon one, since most of a test is waiting; upon one of their own each in the long run, which has more of them.
  beforeAll(async () => {
    const starts = (isLong ? FLOODS : [0]).map(() => startServer({ WEB_PROCESSES: '1' }, undefined, { openFiles: 1_024 }));
    servers.push(...(await Promise.all(starts)));
  });
  afterAll(async () => {
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual(servers.map(() => 0));
  });

  const isHealthy = ({ port }: RunningServer): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/api/health`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5_000),
    }).then(
      async (response) => (await response.text()).includes('"OK"'),
      () => false,
    );
  /** Asks again until it is answered: a refused connection is tried again by every client. */
  async function untilAnswered(server: RunningServer): Promise<void> {
    while (!(await isHealthy(server))) await sleep(100);
  }

  /** A body that comes slowly, and quickly enough: 2 kB each half second. */
  async function upload({ port }: RunningServer): Promise<number | undefined> {
    const body = JSON.stringify({ email: 'nobody@example.org', password: 'x'.repeat(isLong ? 36_000 : 20_000) });
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request({ port, host: '127.0.0.1', path: '/api/auth/login', method: 'POST', headers });
    const status = new Promise<number | undefined>((resolve, reject) => {
      sent.once('error', reject);
      sent.once('response', (response) => resolve(response.resume().statusCode));
    });
    for (let at = 0; at < body.length; at += 2_000) {
      sent.write(body.slice(at, at + 2_000));
      await sleep(500);
    }
    sent.end();
    return status;
  }

  it.concurrent.each(FLOODS.map(([kind, count], index) => [kind, count, index] as const))(
    '%s × %i: others are answered meanwhile and afterwards, what had begun goes on, no process is lost',
    async (kind, count, index) => {
      const server = servers[index] ?? servers[0];
      if (server === undefined) throw new Error('It has no server.');
      const begun = upload(server).catch((error: Error) => error.message);
      await sleep(1_000);
      const flood = await startFlood(server.port, kind, count);
      for (let request = 0; request < REQUESTS; request += 1) await untilAnswered(server);
      expect(await begun).toBe(400);
      for (let request = 0; request < REQUESTS; request += 1) await untilAnswered(server);
      await flood.stop();
      await untilAnswered(server);
      expect(server.output()).not.toMatch(/no longer answers|starting it again|UnhandledPromise|EMFILE/);
    },
    // Some thousand connections are as many for a machine that does other things as well.
    240_000,
  );
});
