import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTarget } from '../../src/backup/index.ts';
import { Pieces, unlockRepository } from '../../src/platform/backup/index.ts';
import { type Installation, KEY, makeParent, openInstallation, readBack, restoreTo } from './installation.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

let parent: string;
let target: string;
let server: Installation;

beforeEach(async () => {
  parent = await makeParent();
  target = path.join(parent, 'target');
  server = await openInstallation(path.join(parent, 'data'), target);
});
afterEach(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

/** Which of these hashes the backup has bytes of. */
async function kept(hashes: Iterable<string>): Promise<string[]> {
  const opened = await openTarget(target);
  const pieces = await Pieces.load(opened, await unlockRepository(opened, KEY));
  return [...hashes].filter((hash) => pieces.has(Buffer.from(hash, 'hex')));
}

describe('restored from a backup', () => {
  it('every instance has the bytes that were acknowledged, of imports that ran meanwhile those until its moment', async () => {
    const before = await server.import('before', 40);
    let isOver = false;
    const importing = (async () => {
      const all = new Map<string, string>();
      for (let round = 0; !isOver; round += 1)
        for (const [id, sha256] of await server.import(`during-${round}`, 10)) all.set(id, sha256);
      return all;
    })();
    const { manifest } = await server.backUp();
    isOver = true;
    const during = await importing;
    const dataDir = path.join(parent, 'restored');
    expect((await restoreTo(dataDir, target)).differences).toEqual([]);
    const stored = await readBack(dataDir);
    for (const [id, sha256] of before) expect(stored.get(id)).toBe(sha256);
    for (const [id, sha256] of stored) expect(before.get(id) ?? during.get(id)).toBe(sha256);
    expect(stored.size).toBe(manifest.counts.instances);
  });

  it('a moment between two is as it was, also across a whole copy of the database', async () => {
    const moments: { at: Date; stored: Map<string, string> }[] = [];
    for (const [round, isWhole] of [false, false, true, false].entries()) {
      await server.import(`round-${round}`, 8);
      await server.backUp({ isWhole });
      await server.import(`after-${round}`, 3);
      moments.push({ at: new Date(), stored: await server.stored() });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await server.backUp();
    for (const [index, { at, stored }] of moments.entries()) {
      const dataDir = path.join(parent, `restored-${index}`);
      expect((await restoreTo(dataDir, target, { at })).differences).toEqual([]);
      expect(await readBack(dataDir)).toEqual(stored);
    }
  });

  it('goes on being backed up: the first one after it is whole, and can be restored again', async () => {
    await server.import('one', 5);
    await server.backUp();
    const dataDir = path.join(parent, 'restored');
    await restoreTo(dataDir, target);
    const second = await openInstallation(dataDir, target);
    await second.import('two', 5);
    expect((await second.backUp()).isWhole).toBe(true);
    expect((await second.backUp()).isWhole).toBe(false);
    const stored = await second.stored();
    await second.close();
    const third = path.join(parent, 'third');
    expect((await restoreTo(third, target)).differences).toEqual([]);
    expect(await readBack(third)).toEqual(stored);
  });

  it('of those that stay when older ones go, everything is there, and what only the older ones had is gone', async () => {
    const gone = await server.import('gone', 200);
    await server.backUp();
    const stays = await server.import('kept', 5);
    await server.parts.db.withSystem((tx) => tx.run('DELETE FROM instances WHERE id = ANY($1::uuid[])', [[...gone.keys()]]));
    await server.backUp();
    // The first of the two that stay was made after they were removed.
    await server.backUp({ keep: 2, isWhole: true });
    await server.backUp({ keep: 1 });
    expect(await readdir(path.join(target, 'backups'))).toHaveLength(1);
    expect(await readdir(path.join(target, 'bases'))).toHaveLength(1);
    expect(await kept(gone.values())).toEqual([]);
    expect(await kept(stays.values())).toHaveLength(5);
    const dataDir = path.join(parent, 'restored');
    expect((await restoreTo(dataDir, target)).differences).toEqual([]);
    expect([...(await readBack(dataDir)).keys()].sort()).toEqual([...stays.keys()].sort());
  });
});
