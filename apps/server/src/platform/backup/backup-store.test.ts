import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimTarget } from './claim.ts';
import { getDocument, putDocument } from './documents.ts';
import { folderTarget } from './folder-target.ts';
import { OF_OBJECT } from './index-file.ts';
import { PACKS } from './packs.ts';
import { INDEXES, Pieces, sha256 } from './pieces.ts';
import { prune } from './prune.ts';
import { openRepository, unlockRepository } from './repository-key.ts';
import { SealedFile, sealFile } from './sealed.ts';
import type { BackupTarget } from './target.ts';
import { lockTarget } from './target-lock.ts';

const KEY = 'a'.repeat(64);
let folder: string;
let target: BackupTarget;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-backup-'));
  target = folderTarget(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

it('a target is of the installation that came first: another’s run would remove what it does not know', async () => {
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  const claims = await Promise.allSettled([claimTarget(target, one), claimTarget(target, other)]);
  expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [owner, stranger] = claims[0]?.status === 'fulfilled' ? [one, other] : [other, one];
  await claimTarget(target, owner);
  await expect(claimTarget(target, stranger)).rejects.toThrow(failure('BACKUP_TARGET', 'another installation'));
  await rm(path.join(folder, 'negatoscope-owner.txt'));
  await claimTarget(target, stranger);
});

describe('a sealed file', () => {
  const key = randomBytes(32);
  const frame = 256 * 1024;

  it.each([0, 1, frame - 1, frame, frame + 1, 3 * frame])('of %i bytes is what it was, from anywhere', async (size) => {
    const bytes = randomBytes(size);
    const file = new SealedFile(key, 'packs/x', await sealFile(key, 'packs/x', bytes));
    expect(file.sizeBytes).toBe(size);
    const at = Math.floor(size / 3);
    expect(file.read(at, size - at).equals(bytes.subarray(at))).toBe(true);
  });

  it('says that it is damaged, whichever byte was changed', async () => {
    const sealed = await sealFile(key, 'packs/x', randomBytes(frame + 1000));
    for (const at of [0, 9, 30, 67, 68, 70_000, frame + 90, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => new SealedFile(key, 'packs/x', changed).read(0, frame + 1000), `byte ${at}`).toThrow(
        failure('BACKUP_DAMAGED', 'packs/x'),
      );
    }
  });

  it('says that it was cut off, at the end of a frame as well, and that frames were exchanged', async () => {
    const sealed = await sealFile(key, 'packs/x', randomBytes(3 * frame));
    const header = 68;
    for (const length of [0, 10, header, header + 5, header + frame + 16, header + 2 * (frame + 16), sealed.length - 1])
      expect(() => new SealedFile(key, 'packs/x', sealed.subarray(0, length)), `${length} bytes`).toThrow(
        failure('BACKUP_DAMAGED'),
      );
    const [first, second] = [0, 1].map((index) =>
      sealed.subarray(header + index * (frame + 16), header + (index + 1) * (frame + 16)),
    );
    const exchanged = Buffer.concat([
      sealed.subarray(0, header),
      second ?? '',
      first ?? '',
      sealed.subarray(header + 2 * (frame + 16)),
    ] as Buffer[]);
    expect(() => new SealedFile(key, 'packs/x', exchanged).read(0, 10)).toThrow(failure('BACKUP_DAMAGED'));
  });

  it('stands for no other file, and opens with no other key', async () => {
    const sealed = await sealFile(key, 'backups/old', Buffer.from('old'));
    expect(() => new SealedFile(key, 'backups/new', sealed)).toThrow(failure('BACKUP_DAMAGED', 'backups/new'));
    expect(() => new SealedFile(randomBytes(32), 'backups/old', sealed)).toThrow(failure('BACKUP_DAMAGED'));
  });
});

describe('the key of a backup', () => {
  it('opens it, and no other does', async () => {
    const made = await openRepository(target, KEY);
    expect((await unlockRepository(target, KEY)).key.equals(made.key)).toBe(true);
    await expect(unlockRepository(target, 'b'.repeat(64))).rejects.toThrow(failure('BACKUP_KEY_WRONG'));
    await expect(unlockRepository(target, undefined)).rejects.toThrow(failure('BACKUP_KEY_MISSING'));
    const header = await readFile(path.join(folder, 'negatoscope-backup.json'), 'utf8');
    expect(header).not.toContain(made.key.toString('base64'));
  });

  it('is not taken by a backup that was begun without one: it would stay open', async () => {
    await openRepository(target, undefined);
    await expect(openRepository(target, KEY)).rejects.toThrow(failure('BACKUP_KEY_UNUSED'));
  });

  it('tells a backup of a later form from a damaged one', async () => {
    const file = path.join(folder, 'negatoscope-backup.json');
    await writeFile(file, JSON.stringify({ format: 2, id: '019a0000-0000-7000-8000-000000000001' }));
    await expect(unlockRepository(target, KEY)).rejects.toThrow(failure('BACKUP_NEWER'));
    await writeFile(file, '{');
    await expect(unlockRepository(target, KEY)).rejects.toThrow(failure('BACKUP_DAMAGED'));
  });
});

describe('pieces', () => {
  const key = randomBytes(32);
  const open = () => Pieces.load(target, { id: '', key, isEncrypted: true });
  const packs = async () => (await target.list(PACKS)).map(({ name }) => name);

  it('are kept once, deflated where it is worth it, and are what they were', async () => {
    const pieces = await open();
    const [noise, zeros] = [randomBytes(300_000), Buffer.alloc(300_000)];
    expect(await pieces.add(noise, { deflates: true })).toEqual({ copied: 300_000 });
    expect((await pieces.add(zeros, { deflates: true })).copied).toBeLessThan(3000);
    expect(await pieces.add(Buffer.from(noise))).toEqual({ copied: 0 });
    await pieces.flush();
    const again = await open();
    expect(await again.add(noise)).toEqual({ copied: 0 });
    for (const bytes of [noise, zeros]) expect((await again.read(sha256(bytes))).equals(bytes)).toBe(true);
    expect(await packs()).toHaveLength(1);
  });

  it('leave no name, content or exact size of a file readable', async () => {
    const pieces = await open();
    const text = Buffer.from('DUPONT^JEANNE'.repeat(1000));
    await pieces.add(text);
    await pieces.flush();
    await putDocument(target, key, 'backups/x', text);
    for (const { name, sizeBytes } of [
      ...(await target.list(PACKS)),
      ...(await target.list(INDEXES)),
      ...(await target.list('backups')),
    ]) {
      const bytes = await target.get(name);
      expect(bytes.includes('DUPONT') || bytes.includes(sha256(text))).toBe(false);
      expect(sizeBytes % 1024).toBe((68 + 16) % 1024);
    }
  });

  it('of a flipped bit or a missing pack are told by the name of the pack', async () => {
    const pieces = await open();
    const bytes = randomBytes(400_000);
    await pieces.add(bytes);
    await pieces.flush();
    const [name = ''] = await packs();
    const file = path.join(folder, name);
    const stored = await readFile(file);
    stored[200_000] = (stored[200_000] ?? 0) ^ 4;
    await chmod(file, 0o600);
    await writeFile(file, stored);
    await expect((await open()).read(sha256(bytes))).rejects.toThrow(failure('BACKUP_DAMAGED', name));
    await rm(file);
    await expect((await open()).read(sha256(bytes))).rejects.toThrow(failure('BACKUP_INCOMPLETE', name));
  });

  it('go when nothing needs them, those of a pack that is half needed stay in a new one, and what a cut run left goes too', async () => {
    const [kept, gone] = [randomBytes(100_000), randomBytes(900_000)];
    const pieces = await open();
    for (const bytes of [kept, gone]) await pieces.add(bytes, { flags: OF_OBJECT });
    await pieces.flush();
    await target.put(`${PACKS}/ab/left-by-a-cut-run`, randomBytes(100));
    await prune(target, { pieces: await open(), key, isNeeded: ({ hash }) => hash.equals(sha256(kept)) });
    const after = await open();
    expect((await after.read(sha256(kept))).equals(kept)).toBe(true);
    expect([after.has(sha256(kept), OF_OBJECT), after.has(sha256(gone))]).toEqual([true, false]);
    expect(await packs()).toHaveLength(1);
    expect(await target.list(INDEXES)).toHaveLength(1);
  });

  it('that are needed are there wherever the removal of others is cut off', async () => {
    const [kept, gone] = [randomBytes(100_000), randomBytes(900_000)];
    const first = await open();
    for (const bytes of [kept, gone]) await first.add(bytes);
    await first.flush();
    const isNeeded = ({ hash }: { hash: Buffer }) => hash.equals(sha256(kept));
    let cuts = 0;
    for (let steps = 0, isDone = false; !isDone; steps += 1) {
      let left = steps;
      const step =
        <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
        (...args: A): Promise<R> => {
          left -= 1;
          return left < 0 ? Promise.reject(new Error('cut off')) : work(...args);
        };
      const cut: BackupTarget = { ...target, put: step(target.put), remove: step(target.remove) };
      const pieces = await open();
      isDone = await prune(cut, { pieces, key, isNeeded }).then(
        () => true,
        () => false,
      );
      if (!isDone) cuts += 1;
      expect((await (await open()).read(sha256(kept))).equals(kept), `after ${steps} steps`).toBe(true);
    }
    expect(cuts).toBeGreaterThan(1);
    expect(await packs()).toHaveLength(1);
  });

  it('of a document are whole or none', async () => {
    await putDocument(target, key, 'backups/x', Buffer.from('{"a":1}'));
    expect((await getDocument(target, key, 'backups/x')).toString()).toBe('{"a":1}');
    await expect(getDocument(target, key, 'backups/y')).rejects.toThrow(failure('BACKUP_INCOMPLETE', 'backups/y'));
  });
});

describe('a target', () => {
  it('is written to by one run at a time; the lock of one whose process is gone is taken over', async () => {
    const lock = await lockTarget(target);
    await expect(lockTarget(target)).rejects.toThrow(failure('BACKUP_RUNNING', String(process.pid)));
    await lock.require();
    await lock.release();
    const dead = { id: 'x', host: os.hostname(), pid: 4_194_305, at: new Date().toISOString() };
    await writeFile(path.join(folder, 'lock.json'), JSON.stringify(dead));
    const second = await lockTarget(target);
    await second.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not taken back by a run that slept while another took it over', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const lock = await lockTarget(target);
    const other = { id: 'another', host: 'elsewhere', pid: 1, at: new Date().toISOString() };
    await writeFile(path.join(folder, 'lock.json'), JSON.stringify(other));
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(lock.require()).rejects.toThrow(failure('BACKUP_RUNNING'));
    await lock.release();
    expect(JSON.parse(await readFile(path.join(folder, 'lock.json'), 'utf8'))).toEqual(other);
  });

  it('that is not there, or not writable, is told so', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(openRepository(folderTarget(path.join(folder, 'file')), KEY)).rejects.toThrow(failure('TARGET_UNREACHABLE'));
    await expect(unlockRepository(target, KEY)).rejects.toThrow(failure('BACKUP_NONE'));
  });
});
