import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import { decodeRecords } from '../../src/platform/objects/disk/journal-record.ts';
import type { Browser } from '../support/app.ts';
import { canMount, canMountExt4, type Mount, smallDisk, smallExt4, takeRoom } from '../support/mounts.ts';
import {
  type Answer,
  ENTRANCES,
  type Entrance,
  hashBehindPreamble,
  instances,
  type Sent,
  send,
  take,
  WAYS,
  type Way,
} from '../support/senders.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

const MIB = 1024 * 1024;
const MIN_ACKNOWLEDGED = 3_000;
/** Room for twice what is to be acknowledged, and for the journals. */
const DISK_BYTES = (200 + 2 * MIN_ACKNOWLEDGED) * MIB;
const MIN_ROUNDS = 6;

const hasExt4 = canMountExt4();
if (!canMount) console.warn('Nothing can be mounted here: the store is not filled and freed on a real disk.');
else if (!hasExt4)
  console.warn(
    'No ext4 can be mounted here: the store is filled and freed on a tmpfs, which allocates at once and never writes back.',
  );

interface Kept extends Sent {
  readonly entrance: Entrance;
  readonly way: Way;
}

function takesDirectWrites(folder: string): boolean {
  const file = path.join(folder, 'direct');
  try {
    closeSync(openSync(file, constants.O_CREAT | constants.O_RDWR | (constants.O_DIRECT ?? 0)));
    return constants.O_DIRECT !== undefined;
  } catch {
    return false;
  } finally {
    rmSync(file, { force: true });
  }
}

/** Every file below a folder, by its path in it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

describe.skipIf(!canMount)('12 connections send into a store that fills up and is given room, again and again (R4)', () => {
  let disk: Mount;
  let server: DicomwebServer;
  let admin: Browser;
  let base: string;
  const kept = new Map<string, Kept>();
  const journalled = new Set<string>();
  const refusals = new Map<string, number>();
  const objectFolder = (): string => path.join(server.settings.dataDir, 'objects');
  /** Of what was not answered as stored; a part of its request may have been committed. */
  const refusedHashes = new Map<string, string>();
  const refused = (): number => [...refusals.values()].reduce((sum, count) => sum + count, 0);

  beforeAll(async () => {
    disk = hasExt4 ? smallExt4(DISK_BYTES) : smallDisk(DISK_BYTES);
    disk.mount();
    server = await openDicomweb({ dataParent: disk.folder });
    admin = await server.login('ADMIN');
    base = await server.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await server?.close();
    disk?.remove();
  }, 300_000);

  function note(files: readonly Sent[], answer: Answer, how: { entrance: Entrance; way: Way }): void {
    const stored = new Set(answer.stored);
    if (answer.status >= 400) {
      const key = `${how.entrance} ${answer.status} ${answer.code}`;
      refusals.set(key, (refusals.get(key) ?? 0) + 1);
    }
    for (const file of files) {
      if (stored.has(file.sopInstanceUid)) kept.set(file.path, { ...file, bytes: Buffer.alloc(0), ...how });
      else refusedHashes.set(file.sopInstanceUid, file.hash);
    }
  }

  /** A journal whose objects have come to their places goes: what it held was seen before, or is not counted. */
  function journalOf(file: string): Buffer {
    try {
      return readFileSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }

  /** What now stands in journals was written by them. */
  async function lookIntoJournals(): Promise<void> {
    const folder = path.join(objectFolder(), 'journal');
    const ids = readdirSync(folder).flatMap((name) => [...decodeRecords(journalOf(path.join(folder, name)))].map(({ id }) => id));
    const rows = await server.db.withSystem((tx) =>
      tx.rows('SELECT sop_instance_uid AS uid FROM instances WHERE id = ANY($1::uuid[])', [ids]),
    );
    for (const { uid } of rows) journalled.add(uid);
  }

  async function lost(): Promise<string[]> {
    const gone: string[] = [];
    for (const { path: address, hash, entrance, way } of kept.values()) {
      const { statusCode, rawPayload } = await server.get(admin, address, { accept: 'application/dicom' });
      if (statusCode !== 200 || hashBehindPreamble(rawPayload) !== hash) gone.push(`${entrance} ${way} ${statusCode}`);
    }
    return gone;
  }

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await sleep(5);
  };

  async function fillAndFree(round: number): Promise<void> {
    const [had, hadRefused] = [kept.size, refused()];
    const ballast = takeRoom(disk.folder, (1 + (round % 4) * 3) * MIB);
    await until(() => refused() >= hadRefused + 24);
    rmSync(ballast, { force: true });
    await until(() => kept.size >= had + MIN_ACKNOWLEDGED / MIN_ROUNDS / 2);
    await lookIntoJournals();
  }

  test(`at least ${MIN_ACKNOWLEDGED} answered as stored are read back byte for byte, the others left nothing`, {
    timeout: 900_000,
  }, async () => {
    let isOver = false;
    const worker = async (entrance: Entrance, way: Way): Promise<void> => {
      const source = instances(`${entrance} ${way}`, way);
      while (!isOver) {
        const files = take(source, way);
        note(files, await send(base, admin, entrance, files), { entrance, way });
      }
    };
    const work = ENTRANCES.flatMap((entrance) => WAYS.map((way) => worker(entrance, way)));
    try {
      for (let round = 0; round < MIN_ROUNDS || kept.size < MIN_ACKNOWLEDGED; round += 1) await fillAndFree(round);
    } finally {
      isOver = true;
      await Promise.all(work);
    }
    await lookIntoJournals();
    report(takesDirectWrites(disk.folder));
    expect(await lost()).toEqual([]);
    // A full disk is told as such, and as nothing else.
    expect([...refusals.keys()].sort()).toEqual(['STOW 507 STORAGE_FULL', 'ZIP 507 STORAGE_FULL', 'multipart 507 STORAGE_FULL']);
    expect(journalled.size).toBeGreaterThan(0);
  });

  test('nothing is left of what was refused: as many objects as rows, no temporary file', async () => {
    const rows = await server.db.withSystem((tx) => tx.rows('SELECT id, sop_instance_uid AS uid FROM instances'));
    // Of a request that is answered as a whole, what was committed before the disk was full stays: the report of its import says so.
    const told = await server.db.withSystem((tx) =>
      tx.rows("SELECT sop_instance_uid AS uid FROM import_files WHERE outcome = 'stored'"),
    );
    expect(rows.map(({ uid }) => uid).sort()).toEqual(told.map(({ uid }) => uid).sort());
    const names = filesIn(objectFolder());
    expect(names.filter((name) => name.startsWith('tmp/'))).toEqual([]);
    expect(filesIn(path.join(server.settings.dataDir, 'tmp'))).toEqual([]);
    const objects = names.filter((name) => /[0-9a-f-]{36}$/.test(name)).map((name) => path.basename(name));
    expect(new Set(objects)).toEqual(new Set(rows.map(({ id }) => id)));
  });

  test('another process that opens the store later finds the same', async () => {
    const store = await DiskStore.open({ root: objectFolder() });
    const rows = await server.db.withSystem((tx) =>
      tx.rows('SELECT id, sop_instance_uid AS uid, size_bytes AS size FROM instances'),
    );
    const byUid = new Map([...kept.values()].map((one) => [one.sopInstanceUid, one]));
    for (const { id, uid, size } of rows)
      expect(hashBehindPreamble(await store.read(id, 0, size))).toBe(byUid.get(uid)?.hash ?? refusedHashes.get(uid));
    await store.close();
  });

  function report(isDirect: boolean): void {
    const ways = WAYS.map((way) => {
      const own = [...kept.values()].filter((one) => one.way === way);
      const by = ENTRANCES.map((entrance) => `${entrance} ${own.filter((one) => one.entrance === entrance).length}`).join(', ');
      const real =
        way === 'journal' ? `, of which ${own.filter((one) => journalled.has(one.sopInstanceUid)).length} seen in journals` : '';
      return `  ${way}${way === 'direct' && !isDirect ? ' (through the cache: no direct writes here)' : ''}: ${by}${real}`;
    });
    const told = [...refusals].map(([key, count]) => `${key}: ${count}`).join(', ');
    console.info(
      [
        `${hasExt4 ? 'ext4' : 'tmpfs'}: ${kept.size} acknowledged, by way of writing and entrance`,
        ...ways,
        `  refused requests: ${told}`,
      ].join('\n'),
    );
  }
});
