import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plainWriters } from './plain-writers.ts';
import type { WriterLane, Writers } from './writer-threads.ts';

let folder: string;
let writers: Writers;
let lane: WriterLane;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-writers-'));
  writers = plainWriters({ count: 1 });
  lane = await writers.lane();
});
afterEach(async () => {
  writers.close();
  await rm(folder, { recursive: true, force: true });
});

const finish = (id: string, bytes: Uint8Array) => lane.run({ op: 'finish', id, path: path.join(folder, id), bytes });
const settle = (id: string) => lane.run({ op: 'settle', files: [{ id, finalPath: path.join(folder, `${id} settled`) }] });

test('files that wait to be durable are, before others that wait to be written: somebody is answered then, and sends more', async () => {
  await finish('first', new Uint8Array(600 * 1024).fill(1));
  const ends: string[] = [];
  const others = Array.from({ length: 30 }, async (_, at) => {
    await finish(`other ${at}`, new Uint8Array(600 * 1024).fill(at));
    ends.push(`other ${at}`);
  });
  await setImmediate();
  await settle('first');
  ends.push('first');
  await Promise.all(others);
  expect(ends).toHaveLength(31);
  expect(ends.at(-1)).not.toBe('first');
  expect(await readFile(path.join(folder, 'first settled'))).toEqual(Buffer.alloc(600 * 1024, 1));
});

test('jobs of a draft are done in their order, however many others are sent in between, and each is answered', async () => {
  const one = async (at: number): Promise<Buffer> => {
    const id = `draft ${at}`;
    const append = lane.run({ op: 'append', id, path: path.join(folder, id), bytes: new Uint8Array(70_000).fill(at) });
    const finished = finish(id, new Uint8Array(1000 * (at % 7)).fill(100 + at));
    await Promise.all([append, finished]);
    await settle(id);
    return readFile(path.join(folder, `${id} settled`));
  };
  const read = await Promise.all(Array.from({ length: 60 }, (_, at) => one(at)));
  for (const [at, bytes] of read.entries())
    expect(bytes).toEqual(Buffer.concat([Buffer.alloc(70_000, at), Buffer.alloc(1000 * (at % 7), 100 + at)]));
});

test('a draft that is given up behind the files that become durable costs them nothing', async () => {
  await finish('kept', new Uint8Array(600 * 1024).fill(1));
  await finish('given up', new Uint8Array(600 * 1024).fill(2));
  const [kept, gone] = await Promise.allSettled([settle('kept'), lane.run({ op: 'discard', id: 'given up' })]);
  expect([kept.status, gone.status]).toEqual(['fulfilled', 'fulfilled']);
  await expect(settle('given up')).rejects.toMatchObject({ name: 'WriteError' });
});
