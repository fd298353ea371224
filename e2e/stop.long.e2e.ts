import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from './support/server.ts';
import { sessionOf } from './support/session.ts';

/** A server is told to end while clients hold it in every way there is: it ends by itself, and nobody has to kill a part of it. */
let server: RunningServer;
const clients: Socket[] = [];
beforeAll(async () => {
  server = await startServer({ WEB_PROCESSES: '1' });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await server?.stop();
});

/** A connection that has sent `request`, of which nothing is read but its first answer. */
async function hold(request: string, answered: boolean): Promise<Socket> {
  const client = new Socket().connect(server.port, '127.0.0.1');
  client.on('error', () => undefined);
  clients.push(client);
  client.write(request);
  if (answered) await new Promise((resolve) => client.once('data', resolve));
  client.pause();
  return client;
}

const requestOf = (line: string, headers: Record<string, string>): string =>
  `${line} HTTP/1.1\r\n${Object.entries({ host: `127.0.0.1:${server.port}`, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

it('ends in order under idle connections, event streams, uploads that stall and jobs that are long', {
  timeout: 120_000,
}, async () => {
  const headers = await sessionOf(server);
  // The demonstration set: a job of some minutes, whose progress is an event stream.
  const demo = await fetch(`${server.baseUrl}/api/system/demo`, { method: 'POST', headers });
  expect(demo.status, await demo.clone().text()).toBeLessThan(300);
  const { importId } = (await demo.json()) as { importId: string };
  for (let count = 0; count < 5; count += 1) {
    await hold(requestOf('GET /api/health', {}), true);
    await hold(requestOf(`GET /api/imports/${importId}/events`, headers), true);
    const type = 'multipart/related; type="application/dicom"; boundary=b';
    const upload = { ...headers, 'content-type': type, 'content-length': '90000000' };
    const body = `--b\r\nContent-Type: application/dicom\r\n\r\n${'x'.repeat(100_000)}`;
    await hold(requestOf('POST /dicom-web/studies', upload) + body, false);
  }
  expect(await server.stop()).toBe(0);
  expect(server.output()).not.toMatch(/did not end|UnhandledPromise|starting it again/);
});
