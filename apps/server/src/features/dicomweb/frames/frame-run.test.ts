import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../kernel/failure.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import { BodyPool } from './body-pool.ts';
import { type Run, sendRun } from './frame-run.ts';

const STEP = 64 * 1024;
const object = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
const objects = {
  read: async (_id: string, offset: number, length: number) => Buffer.from(object.subarray(offset, offset + length)),
  readInto: async (_id: string, offset: number, target: Buffer) => {
    if (object.copy(target, 0, offset, offset + target.length) < target.length) throw new Failure('UNAVAILABLE');
  },
} as unknown as ObjectStore; // Only reading is asked for.
const run = (offset: number, length: number): Run => ({
  contentType: 'multipart/related',
  offset,
  length,
  head: Buffer.from('head'),
  end: Buffer.from('end'),
});
const expected = (offset: number, length: number): Buffer =>
  Buffer.concat([Buffer.from('head'), object.subarray(offset, offset + length), Buffer.from('end')]);

let app: FastifyInstance | undefined;
afterEach(() => app?.close());
async function serve(pool: BodyPool): Promise<string> {
  app = Fastify();
  app.get<{ Params: { offset: string; length: string } }>('/:offset/:length', (request, reply) =>
    sendRun(objects, pool, reply, { id: 'x', run: run(Number(request.params.offset), Number(request.params.length)) }),
  );
  return app.listen({ host: '127.0.0.1', port: 0 });
}
const settled = async (pool: BodyPool): Promise<void> => {
  await expect.poll(() => pool.usedBytes).toBe(0);
};

describe('memory of bodies', () => {
  test('is used again for bodies of about the same length, and only after it was given back', () => {
    const pool = new BodyPool({ maxBytes: 10 * STEP, maxIdleBytes: 4 * STEP });
    const first = pool.take(STEP + 1);
    const second = pool.take(2 * STEP);
    expect(first?.bytes).toHaveLength(STEP + 1);
    expect(second?.bytes.buffer).not.toBe(first?.bytes.buffer);
    first?.end(true);
    first?.end(true);
    const third = pool.take(2 * STEP - 5);
    expect(third?.bytes.buffer).toBe(first?.bytes.buffer);
    expect(pool.take(2 * STEP)?.bytes.buffer).not.toBe(first?.bytes.buffer);
    expect(pool.usedBytes).toBe(6 * STEP);
  });

  test('that may still be read is not used again', () => {
    const pool = new BodyPool({ maxBytes: 10 * STEP, maxIdleBytes: 10 * STEP });
    const first = pool.take(10);
    first?.end(false);
    expect(pool.take(10)?.bytes.buffer).not.toBe(first?.bytes.buffer);
  });

  test('is bounded', () => {
    const pool = new BodyPool({ maxBytes: 2 * STEP, maxIdleBytes: STEP });
    const leases = [pool.take(1), pool.take(1)];
    expect(pool.take(1)).toBeUndefined();
    for (const lease of leases) lease?.end(true);
    expect(pool.take(2 * STEP)).toBeDefined();
  });
});

describe('a run of stored bytes in an answer', () => {
  test.each([
    ['from memory that is used again', 64 * STEP],
    ['piece by piece when all memory is on lease', 0],
  ])('%s', async (_how, maxBytes) => {
    const pool = new BodyPool({ maxBytes, maxIdleBytes: maxBytes });
    const url = await serve(pool);
    const places = Array.from({ length: 40 }, (_, index) => [index * 997, 300_000 + index] as const);
    const bodies = await Promise.all(
      places.map(async ([offset, length]) => {
        const response = await fetch(`${url}/${offset}/${length}`);
        expect(response.headers.get('content-length')).toBe(String(length + 7));
        return Buffer.from(await response.arrayBuffer());
      }),
    );
    for (const [index, [offset, length]] of places.entries()) expect(bodies[index]?.equals(expected(offset, length))).toBe(true);
    await settled(pool);
  });

  test('gives memory back when the client goes, and when the object cannot be read', async () => {
    const pool = new BodyPool({ maxBytes: 64 * STEP, maxIdleBytes: 64 * STEP });
    const url = new URL(await serve(pool));
    for (let round = 0; round < 10; round += 1) {
      const socket = connect(Number(url.port), url.hostname);
      socket.write(`GET /0/600000 HTTP/1.1\r\nhost: here\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
    }
    expect((await fetch(`${url.origin}/699999/20`)).status).toBe(500);
    await settled(pool);
    const body = Buffer.from(await (await fetch(`${url.origin}/5/650000`)).arrayBuffer());
    expect(body.equals(expected(5, 650_000))).toBe(true);
  });

  test('that cannot be read to its end breaks the connection', async () => {
    const url = await serve(new BodyPool({ maxBytes: 0, maxIdleBytes: 0 }));
    const failing = objects.read;
    objects.read = async (id, offset, length) => {
      if (offset > 200_000) throw new Failure('UNAVAILABLE');
      return failing(id, offset, length);
    };
    const response = await fetch(`${url}/0/600000`);
    await expect(response.arrayBuffer()).rejects.toThrow();
    objects.read = failing;
  });
});
