import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { person } from '../../src/access/index.ts';
import { limitEventStreams } from '../../src/http/event-streams.ts';
import { Failure } from '../../src/kernel/failure.ts';

const PATIENTLY = { timeout: 10_000 };
const ends: AbortController[] = [];
const open: Readable[] = [];
const app = Fastify({ forceCloseConnections: true });
app.decorateRequest('actor', undefined);
limitEventStreams(app);
app.setErrorHandler((error, _request, reply) =>
  reply
    .code(error instanceof Failure ? 503 : 500)
    .type('application/problem+json')
    .send({ code: error instanceof Failure ? error.code : 'INTERNAL' }),
);
/** Who is found before the answer begins. */
let found: Promise<void> = Promise.resolve();
let [asked, gone] = [0, 0];
app.get<{ Params: { who: string } }>('/:who', async (request, reply) => {
  asked += 1;
  reply.raw.once('close', () => {
    gone += 1;
  });
  await found;
  request.actor = person({
    ...{ userId: request.params.who, role: 'ADMIN', level: 'ADMIN', groupId: null, sessionId: 's' },
    ...{ via: 'session', ip: '::1', permissions: new Set() },
  });
  const events = new Readable({ read: () => undefined });
  events.push('event: alive\n\n');
  open.push(events);
  return reply.type('text/event-stream').send(events);
});
const at = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => {
  for (const one of ends) one.abort();
  return app.close();
});

async function listen(who: string): Promise<number> {
  const end = new AbortController();
  ends.push(end);
  return (await fetch(`${at}/${who}`, { signal: end.signal })).status;
}

test('one person has as many event streams as windows, and no more: others have theirs, and one that ended makes room', async () => {
  const many = await Promise.all(Array.from({ length: 65 }, () => listen('one')));
  expect([many.filter((status) => status === 200).length, many.filter((status) => status === 503).length]).toEqual([60, 5]);
  expect(open.filter(({ destroyed }) => destroyed)).toHaveLength(5);
  expect(await listen('other')).toBe(200);
  for (const one of ends.slice(0, 65)) one.abort();
  await expect.poll(() => listen('one')).toBe(200);
});

test('who leaves before their stream begins keeps no place', async () => {
  let go = (): void => undefined;
  found = new Promise((resolve) => {
    go = resolve;
  });
  [asked, gone] = [0, 0];
  const leaving = new AbortController();
  const left = Array.from({ length: 60 }, () => fetch(`${at}/third`, { signal: leaving.signal }).catch(() => undefined));
  await expect.poll(() => asked, PATIENTLY).toBe(60);
  leaving.abort();
  await Promise.all(left);
  await expect.poll(() => gone, PATIENTLY).toBeGreaterThanOrEqual(60);
  go();
  expect(await listen('third')).toBe(200);
});
