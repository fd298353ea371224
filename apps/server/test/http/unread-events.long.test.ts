import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { person } from '../../src/access/index.ts';
import { liveChanges } from '../../src/access/live-changes.ts';
import { sendEvents } from '../../src/access/router.ts';
import { limitEventStreams } from '../../src/http/event-streams.ts';

const PATIENTLY = { timeout: 20_000 };
/** Long enough that a few hundred are more than any socket holds. */
const LONG = 'x'.repeat(500_000);
const EVENTS = 300;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Whoever listens to changes, by a line that carries nothing else. */
class Line {
  readonly listeners = new Set<(id: string) => void>();
  readonly subscribe = (_topic: string, listener: (id: string) => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  tell(count: number): void {
    for (let id = 0; id < count; id += 1) for (const listener of this.listeners) listener(`${id}`);
  }
}

/** A server whose events are long, and how often something was looked up for whom. */
async function serve(patience?: Parameters<typeof limitEventStreams>[1]) {
  const [line, looked] = [new Line(), new Map<string, number>()];
  const app = Fastify({ forceCloseConnections: true });
  app.decorateRequest('actor', undefined);
  limitEventStreams(app, patience);
  app.get<{ Params: { who: string } }>('/:who', async (request, reply) => {
    const { who } = request.params;
    request.actor = person({
      ...{ userId: who, role: 'ADMIN', level: 'ADMIN', groupId: null, sessionId: 's' },
      ...{ via: 'session', ip: '::1', permissions: new Set() },
    });
    const look = async (id: string) => {
      looked.set(who, (looked.get(who) ?? 0) + 1);
      return { id, text: LONG };
    };
    return sendEvents(reply, liveChanges(line, 'predictions-changed', look));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  ends.push(() => app.close());
  const { port } = app.server.address() as AddressInfo; // It listens on a port.
  return { line, looked, port };
}

/** A client that asks for events, and reads none of them unless it is made to. */
async function listen(port: number, who: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  ends.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(`GET /${who} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}
/** Counts the events that a client has read. */
function reading(socket: Socket): () => number {
  let [count, rest] = [0, ''];
  socket.on('data', (piece) => {
    const text = rest + piece.toString('latin1');
    count += text.split('event: changed').length - 1;
    // A name may be cut in two.
    rest = text.slice(-'event: change'.length);
  });
  return () => count;
}

describe('a client that does not read its events', () => {
  test('has no more looked up for it than its socket holds; others hear everything meanwhile', async () => {
    const { line, looked, port } = await serve();
    const [, other] = [await listen(port, 'deaf'), await listen(port, 'other')];
    const heard = reading(other);
    await expect.poll(() => line.listeners.size, PATIENTLY).toBe(2);
    line.tell(EVENTS);
    await expect.poll(heard, PATIENTLY).toBe(EVENTS);
    expect(looked.get('other')).toBe(EVENTS);
    // Some megabytes are in the socket's own buffers at both ends.
    expect(looked.get('deaf')).toBeLessThan(EVENTS / 2);
  });

  test('is told that it has missed something by the end of its events, once it reads again', async () => {
    const { line, port } = await serve();
    const deaf = await listen(port, 'deaf');
    await expect.poll(() => line.listeners.size, PATIENTLY).toBe(1);
    line.tell(5_000);
    const heard = reading(deaf);
    // The answer is whole, and its connection goes on: an end, not a cut.
    const ended = new Promise<string>((resolve) => {
      let last = '';
      deaf.on('data', (piece) => {
        last = (last + piece.toString('latin1')).slice(-5);
        if (last === '0\r\n\r\n') resolve('ended');
      });
    });
    expect(await ended).toBe('ended');
    expect(heard()).toBeLessThan(5_000);
    expect(line.listeners.size).toBe(0);
  });

  test('loses its connection and its place when it has taken nothing for long; who has nothing to read keeps both', async () => {
    const { line, port } = await serve({ patienceMs: 300, lookMs: 50 });
    const [deaf, other] = [await listen(port, 'deaf'), await listen(port, 'other')];
    const heard = reading(other);
    await expect.poll(() => line.listeners.size, PATIENTLY).toBe(2);
    line.tell(EVENTS);
    await expect.poll(heard, PATIENTLY).toBe(EVENTS);
    await expect.poll(() => line.listeners.size, PATIENTLY).toBe(1);
    const closed = new Promise((resolve) => deaf.once('close', resolve));
    deaf.resume();
    await closed;
    line.tell(3);
    await expect.poll(heard, PATIENTLY).toBe(EVENTS + 3);
  });
});
