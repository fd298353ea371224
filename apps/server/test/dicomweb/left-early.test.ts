import Fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { sendMade } from '../../src/features/dicomweb/made-parts.ts';
import { endUnsentBodies } from '../../src/http/head-answers.ts';
import { heldNow } from '../../src/platform/sending/held-bytes.ts';
import { MemoryScratch } from '../support/memory-objects.ts';

const MB = 1024 * 1024;
const PATIENTLY = { timeout: 10_000 };
const scratch = new MemoryScratch();
/** What is being made waits for this. */
let gate: Promise<void> = Promise.resolve();
let [asked, made, gone] = [0, 0, 0];

const app = Fastify({ forceCloseConnections: true });
endUnsentBodies(app);
app.get<{ Params: { form: string } }>('/:form', (request, reply) => {
  reply.raw.once('close', () => {
    gone += 1;
  });
  return sendMade(scratch, reply, {
    items: request.params.form === 'one' ? [1] : [1, 2, 3],
    make: async () => {
      asked += 1;
      await gate;
      made += 1;
      return Buffer.alloc(2 * MB);
    },
    contentType: 'image/png',
    relatedType: request.params.form === 'one' ? undefined : 'image/png',
  });
});
const at = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());

/** So many clients ask, and go before anything is made, which is told when `before` is called; then all of it is made. */
async function leave(form: string, clients: number, makes: number): Promise<void> {
  [asked, made, gone] = [0, 0, 0];
  let open = (): void => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const leaving = new AbortController();
  const answers = Array.from({ length: clients }, () => fetch(`${at}/${form}`, { signal: leaving.signal }).catch(() => 'left'));
  await expect.poll(() => asked, PATIENTLY).toBe(clients * makes);
  leaving.abort();
  expect(await Promise.all(answers)).toEqual(answers.map(() => 'left'));
  // The server hears of it.
  await expect.poll(() => gone, PATIENTLY).toBe(clients);
  open();
  await expect.poll(() => made, PATIENTLY).toBeGreaterThanOrEqual(clients * makes);
}

test.each([
  ['one', 1],
  ['many', 2],
])(
  'who goes before %s of what is made is here holds nothing afterwards, in memory or on the disk, however many they are',
  async (form, makes) => {
    const before = heldNow();
    await leave(form, 24, makes);
    await expect.poll(() => [heldNow() - before, scratch.count], PATIENTLY).toEqual([0, 0]);
  },
);

test.each(['one', 'many'])('a HEAD of %s holds nothing afterwards, and reads nothing of it', async (form) => {
  const before = heldNow();
  const statuses = await Promise.all(
    Array.from({ length: 24 }, async () => (await fetch(`${at}/${form}`, { method: 'HEAD' })).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  await expect.poll(() => [heldNow() - before, scratch.count], PATIENTLY).toEqual([0, 0]);
});

test('what is sent is held until it has left', async () => {
  const before = heldNow();
  const bodies = await Promise.all(['one', 'many'].map(async (form) => (await fetch(`${at}/${form}`)).arrayBuffer()));
  expect(bodies.map(({ byteLength }) => Math.floor(byteLength / MB))).toEqual([2, 6]);
  await expect.poll(() => [heldNow() - before, scratch.count], PATIENTLY).toEqual([0, 0]);
});
