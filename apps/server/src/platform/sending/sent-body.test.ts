import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { PieceMemory } from './piece-memory.ts';
import { SentBody } from './sent-body.ts';

const PIECE = 256 * 1024;

/** A source that tells how much was asked of it and whether it was closed. */
function watchedSource({ failAt = Number.POSITIVE_INFINITY, endAt = Number.POSITIVE_INFINITY } = {}) {
  const state = { read: 0, closed: false };
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      for (; state.read < endAt; state.read += 1) {
        if (state.read === failAt) throw new Error('the disk failed');
        yield Buffer.alloc(PIECE, state.read);
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, bytes: bytes() };
}

/** A connection that takes pieces when `take` is called, and all at once after `open`. */
function connection() {
  const waiting: { chunk: Buffer; done: (error?: Error | null) => void }[] = [];
  const received: Buffer[] = [];
  let isOpen = false;
  const take = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    received.push(Buffer.from(next.chunk));
    next.done();
  };
  const target = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      waiting.push({ chunk, done });
      if (isOpen) setImmediate(take);
    },
  });
  target.on('error', () => undefined);
  return {
    target,
    received,
    take,
    open: () => {
      isOpen = true;
      take();
    },
  };
}
const closing = (body: SentBody): Promise<Error | undefined> =>
  new Promise((resolve) => {
    let failure: Error | undefined;
    body.once('error', (error) => {
      failure = error;
    });
    body.once('close', () => resolve(failure));
  });

describe('a body that is read while it is sent', () => {
  test('is read about a megabyte ahead of a client that does not read, and no further', async () => {
    const { state, bytes } = watchedSource();
    const body = new SentBody(bytes);
    const { target, take } = connection();
    body.pipe(target);
    await sleep(50);
    expect(state.read).toBeGreaterThanOrEqual(3);
    expect(state.read).toBeLessThanOrEqual(5);
    const { read } = state;
    take();
    await sleep(20);
    expect(state.read).toBe(read + 1);
    body.destroy();
  });

  test('comes whole and in order, and ends its answer unless trailers follow', async () => {
    for (const end of [true, false]) {
      const body = new SentBody(watchedSource({ endAt: 20 }).bytes);
      const { target, received, open } = connection();
      open();
      body.pipe(target, { end });
      expect(await closing(body)).toBeUndefined();
      await expect.poll(() => received.length).toBe(20);
      expect(received.map((piece) => [piece.length, piece[0]])).toEqual(received.map((_piece, i) => [PIECE, i]));
      await sleep(5);
      expect(target.writableFinished).toBe(end);
    }
  });

  test('closes its source when the client goes, whether it waits for it or not', async () => {
    for (const isReading of [true, false]) {
      const { state, bytes } = watchedSource();
      const body = new SentBody(bytes);
      const { target, open } = connection();
      if (isReading) open();
      body.pipe(target);
      await sleep(20);
      const closed = closing(body);
      body.destroy();
      expect(await closed).toBeUndefined();
      expect(state.closed).toBe(true);
      const { read } = state;
      await sleep(20);
      expect(state.read).toBe(read);
    }
  });

  test('ends in an error when its source fails, never as if it were whole', async () => {
    const body = new SentBody(watchedSource({ failAt: 9 }).bytes);
    const { target, open } = connection();
    open();
    const closed = closing(body);
    body.pipe(target);
    expect((await closed)?.message).toBe('the disk failed');
    expect(target.writableEnded).toBe(false);
  });

  test('gives memory back only when the system has taken it', async () => {
    const memory = new PieceMemory(8 * PIECE);
    async function* bytes(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 30; i += 1) yield memory.take(PIECE).fill(i);
    }
    const body = new SentBody(bytes(), (piece) => memory.giveBack(piece));
    const { target, received, open } = connection();
    body.pipe(target);
    await sleep(20);
    expect(memory.idleBytes).toBe(0);
    open();
    expect(await closing(body)).toBeUndefined();
    await expect.poll(() => received.length).toBe(30);
    for (const [i, piece] of received.entries()) expect(piece.equals(Buffer.alloc(PIECE, i))).toBe(true);
    expect(memory.idleBytes).toBeGreaterThan(0);
    expect(memory.idleBytes).toBeLessThanOrEqual(6 * PIECE);
  });

  test('of a connection that broke no memory is used again', async () => {
    const memory = new PieceMemory(8 * PIECE);
    async function* bytes(): AsyncGenerator<Buffer> {
      for (;;) yield memory.take(PIECE);
    }
    const body = new SentBody(bytes(), (piece) => memory.giveBack(piece));
    const { target } = connection();
    body.pipe(target);
    await sleep(20);
    target.destroy(new Error('gone'));
    body.destroy();
    await sleep(20);
    expect(memory.idleBytes).toBe(0);
  });
});

describe('memory for pieces', () => {
  test('is used again for pieces of about the same length', () => {
    const memory = new PieceMemory(PIECE * 2);
    const first = memory.take(PIECE - 5);
    expect(first.length).toBe(PIECE - 5);
    expect(memory.take(PIECE).buffer).not.toBe(first.buffer);
    memory.giveBack(first);
    expect(memory.take(PIECE - 1).buffer).toBe(first.buffer);
  });

  test('takes back whole pieces only, once each, and keeps no more than it may', () => {
    const memory = new PieceMemory(PIECE * 2);
    const pieces = Array.from({ length: 4 }, () => memory.take(PIECE));
    const [first] = pieces;
    memory.giveBack(Buffer.alloc(PIECE));
    if (first !== undefined) memory.giveBack(first.subarray(0, 10));
    expect(memory.idleBytes).toBe(0);
    for (const piece of [...pieces, ...pieces]) memory.giveBack(piece);
    expect(memory.idleBytes).toBe(PIECE * 2);
    expect(memory.take(PIECE).buffer).not.toBe(memory.take(PIECE).buffer);
    const small = memory.take(2000);
    memory.giveBack(small);
    expect([small.length, memory.idleBytes]).toEqual([2000, 0]);
  });
});

test('others go on between thousands of short pieces that are all there', async () => {
  let [turns, isOpen] = [0, true];
  const turn = (): void => {
    turns += 1;
    if (isOpen) setImmediate(turn);
  };
  setImmediate(turn);
  async function* bytes(): AsyncGenerator<Buffer> {
    const piece = Buffer.alloc(1);
    for (let at = 0; at < 100_000; at += 1) yield piece;
  }
  const ended = new Promise<void>((resolve) => {
    const target = new Writable({ write: (_chunk, _encoding, done) => done(), final: (done) => done() });
    target.once('finish', resolve);
    new SentBody(bytes()).pipe(target);
  });
  await ended;
  isOpen = false;
  expect(turns).toBeGreaterThan(2);
});
