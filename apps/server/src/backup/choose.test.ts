import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { folderTarget, openRepository } from '../platform/backup/index.ts';
import { chooseBackup } from './choose.ts';
import { type Manifest, Manifests, manifestName } from './manifest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-choose-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ofDay = (day: number): Manifest => ({
  ...{
    format: 1,
    id: newId(),
    version: '1',
    startedAt: `2026-11-0${day}T10:00:00.000Z`,
    pointAt: `2026-11-0${day}T10:00:00.000Z`,
  },
  ...{ applied: { migrations: [], functions: [] }, files: [], damaged: [], gone: [], unhashed: {}, unseen: [] },
  counts: { patients: 0, studies: 0, series: 0, instances: 0, isExact: true },
  objects: { count: 0, bytes: 0, copied: 0, copiedBytes: 0 },
});

test('a backup whose list is damaged takes none of the others with it, and nobody gets an older one unasked', async () => {
  const target = folderTarget(folder);
  const manifests = new Manifests(target, await openRepository(target, undefined));
  const [first, second, third] = [ofDay(1), ofDay(2), ofDay(3)];
  for (const one of [first, second, third]) await manifests.put(one);
  const spoil = async (one: Manifest): Promise<void> => {
    const file = path.join(folder, manifestName(one));
    const bytes = await readFile(file);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(file, bytes);
  };
  await spoil(first);
  expect((await chooseBackup(manifests, {})).manifest.id).toBe(third.id);
  await spoil(third);
  const damaged = expect.objectContaining({ code: 'BACKUP_DAMAGED', message: expect.stringContaining(manifestName(third)) });
  await expect(chooseBackup(manifests, {})).rejects.toThrow(damaged);
  expect((await chooseBackup(manifests, { name: second.id })).manifest.id).toBe(second.id);
  // Who lets go of what is not needed has to know of all.
  await expect(manifests.all()).rejects.toThrow(expect.objectContaining({ code: 'BACKUP_DAMAGED' }));
});
