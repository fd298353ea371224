import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bodyStream, instanceBytes, multipartFiles } from './retrieve.ts';
import type { InstanceEntry } from './series-table.ts';

const PIECE = 256 * 1024;

/** A source that tells how much was asked of it and whether it was closed. */
function watchedSource(failAt = Number.POSITIVE_INFINITY) {
  const state = { read: 0, closed: false };
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      for (; ; state.read += 1) {
        if (state.read === failAt) throw new Error('the disk failed');
        yield Buffer.alloc(PIECE, state.read);
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, bytes: bytes() };
}

describe('a body that is read while it is sent', () => {
  test('is read about a megabyte ahead of a client that does not read, and no further', async () => {
    const { state, bytes } = watchedSource();
    const body = bodyStream(bytes);
    body.read(0);
    await sleep(50);
    expect(state.read).toBeGreaterThanOrEqual(3);
    expect(state.read).toBeLessThanOrEqual(6);
    body.destroy();
  });

  test('closes its source when the client goes', async () => {
    const { state, bytes } = watchedSource();
    const body = bodyStream(bytes);
    body.read(0);
    await sleep(10);
    body.destroy();
    await expect.poll(() => state.closed).toBe(true);
    const { read } = state;
    await sleep(20);
    expect(state.read).toBe(read);
  });

  test('ends in an error when its source fails, never as if it were whole', async () => {
    const body = bodyStream(watchedSource(9).bytes);
    await expect(
      (async () => {
        for await (const _piece of body);
      })(),
    ).rejects.toThrow('the disk failed');
  });
});

describe('stored instances in an answer', () => {
  const object = Buffer.alloc(2_500_000, 7);
  object.write('#!/bin/sh', 0, 'latin1');
  object.write('DICM', 128, 'latin1');
  const entry = { id: 'x', sizeBytes: object.length } as InstanceEntry; // Nothing else is asked for.
  const objects = { read: async (_id: string, at: number, length: number) => Buffer.from(object.subarray(at, at + length)) };
  const expected = Buffer.concat([Buffer.alloc(128), object.subarray(128)]);

  test('have all their bytes, without what hides before DICM', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of instanceBytes(objects, entry)) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(expected)).toBe(true);
  });

  test('are parts of their own', async () => {
    async function* files() {
      for (const transferSyntaxUid of ['1.2.3', 'not a UID\r\nset-cookie: x'])
        yield { file: { transferSyntaxUid, bytes: instanceBytes(objects, entry) } };
    }
    const pieces: Buffer[] = [];
    for await (const piece of multipartFiles(files(), 'edge')) pieces.push(piece);
    const head = (type: string): Buffer => Buffer.from(`\r\n--edge\r\nContent-Type: ${type}\r\n\r\n`);
    const whole = [head('application/dicom; transfer-syntax=1.2.3'), expected, head('application/dicom'), expected];
    expect(Buffer.concat(pieces).equals(Buffer.concat([...whole, Buffer.from('\r\n--edge--\r\n')]))).toBe(true);
  });
});
