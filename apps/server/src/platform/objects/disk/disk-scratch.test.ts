import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScratchReader } from '../scratch/index.ts';
import { DiskScratch } from './disk-scratch.ts';

let folder: string;
let scratch: DiskScratch;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-scratch-'));
  scratch = new DiskScratch({ temporary: path.join(folder, 'tmp'), kept: path.join(folder, 'spool') });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const namesIn = (name: string): Promise<string[]> => readdir(path.join(folder, name)).catch(() => []);
const whole = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index % 251));

async function written(bytes = whole): Promise<Awaited<ReturnType<DiskScratch['create']>>> {
  const made = await scratch.create();
  for (let at = 0; at < bytes.length; at += 300_000) await made.write(bytes.subarray(at, at + 300_000));
  return made;
}

async function readAll(reader: ScratchReader | undefined): Promise<Buffer> {
  const target = Buffer.alloc(reader?.sizeBytes ?? 0);
  expect(await reader?.read(target, 0)).toBe(target.length);
  await reader?.close();
  return target;
}

test('what was written is read at any place, while more is written and when it is whole', async () => {
  const made = await written();
  expect(made.sizeBytes).toBe(whole.length);
  expect((await made.read(1_048_000, 2_000)).equals(whole.subarray(1_048_000, 1_050_000))).toBe(true);
  expect((await made.read(whole.length - 10, 100)).equals(whole.subarray(-10))).toBe(true);
  await made.write(Buffer.from('more'));
  expect((await made.read(whole.length, 10)).toString()).toBe('more');
  expect((await readAll(await made.open())).equals(Buffer.concat([whole, Buffer.from('more')]))).toBe(true);
  const reader = await made.open();
  expect(await reader.read(Buffer.alloc(10), whole.length + 4)).toBe(0);
  await reader.close();
  await made.remove();
  await made.remove();
  expect(await namesIn('tmp')).toEqual([]);
});

test('what is kept is there for any process until it is removed, and no longer temporary', async () => {
  const [one, two] = [await written(), await written(Buffer.from('two'))];
  await scratch.keep([one, two]);
  expect(await namesIn('tmp')).toEqual([]);
  for (const { remove } of [one, two].map((made) => ({ remove: () => made.remove() }))) await remove();
  const other = new DiskScratch({ temporary: path.join(folder, 'tmp'), kept: path.join(folder, 'spool') });
  expect((await readAll(await other.kept(one.id))).equals(whole)).toBe(true);
  expect((await stat(path.join(folder, 'spool', two.id))).mode & 0o777).toBe(0o600);
  expect(await other.list(new Date(0))).toEqual([]);
  expect((await other.list(new Date(Date.now() + 60_000))).sort()).toEqual([one.id, two.id].sort());
  await other.remove([one.id, 'nothing']);
  expect(await other.kept(one.id)).toBeUndefined();
  expect(await namesIn('spool')).toEqual([two.id]);
});

test('keeping is all or nothing', async () => {
  const [one, gone] = [await written(), await written()];
  await gone.remove();
  await expect(scratch.keep([one, gone])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await namesIn('spool')).toEqual([]);
});

test('a folder that can’t be written to fails as a store does', async () => {
  await writeFile(path.join(folder, 'tmp'), '');
  await expect(scratch.create()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('removes what processes left that are gone, and no other’s', async () => {
  await written();
  const names = ['999999999.abcd.left.spool', `${process.pid}.earlier1.left.spool`, '1.abcd.other.spool', 'unknown'];
  for (const name of names) await writeFile(path.join(folder, 'tmp', name), 'x');
  expect(await scratch.clean()).toBe(2);
  expect(await namesIn('tmp')).toHaveLength(3);
});
