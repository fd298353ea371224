import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeMark } from './held-mark.ts';

let folder: string;
let mark: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'negatoscope-mark-'));
  mark = path.join(folder, 'mark');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const take = () => takeMark(mark, true, (who) => new Error(`held by ${who}`));
const leave = (host: string, pid: number) => writeFile(mark, JSON.stringify({ host, pid }));

test('a mark of another container holds while it is touched, and no longer: its processes are not seen from here', async () => {
  await leave('another', 1);
  await expect(take()).rejects.toThrow('held by process 1 on another');
  const before = new Date(Date.now() - 121_000);
  await utimes(mark, before, before);
  await take();
  expect(JSON.parse(await readFile(mark, 'utf8'))).toEqual({ host: hostname(), pid: process.pid });
});

test('a mark of this machine holds while its process runs, however it was killed', async () => {
  await leave(hostname(), process.ppid);
  await expect(take()).rejects.toThrow(`held by process ${process.ppid}`);
  await leave(hostname(), 2 ** 22 + 1);
  await take();
});
