import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareDataDir } from '../../src/config/preflight.ts';
import { decodeRecords } from '../../src/platform/objects/disk/journal-record.ts';
import { journalsLeft } from '../../src/platform/objects/disk/replay.ts';
import type { Browser, TestApp } from '../support/app.ts';
import { canMount, canMountExt4, type Mount, smallDisk, smallExt4, takeRoom } from '../support/mounts.ts';
import { type DicomwebServer, type Json, openDicomweb } from './support.ts';

const MIB = 1024 * 1024;
const hasExt4 = canMountExt4();
if (!canMount) console.warn('Nothing can be mounted here: the start after a power failure on a full disk is not tried.');
else if (!hasExt4)
  console.warn('No ext4 can be mounted here: the start after a power failure on a full disk is tried on a tmpfs.');

const volume = [...ctVolume({ seed: 'full replay', slices: 40, rows: 64, columns: 64 })];
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** Of a machine that ran before this one. */
const EARLIER_BOOT = '0badb007';

/** Every block of a disk, so that not even a small file finds room. */
function takeAll(folder: string): () => void {
  const ballast = [takeRoom(folder, MIB / 4)];
  for (let number = 0; number < 50; number += 1) {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail === 0) break;
    const file = path.join(folder, `ballast-${number}`);
    ballast.push(file);
    try {
      writeFileSync(file, Buffer.alloc(bavail * bsize));
    } catch {
      // As much as there was.
    }
  }
  return () => {
    for (const file of ballast) rmSync(file, { force: true });
  };
}

describe.skipIf(!canMount)('the start after a power failure on a full disk (R3, R4)', () => {
  let disk: Mount;
  let server: DicomwebServer;
  let admin: Browser;
  const logLines: string[] = [];
  const objects = (): string => path.join(server.settings.dataDir, 'objects');
  const journals = (): string[] =>
    readdirSync(path.join(objects(), 'journal')).map((name) => path.join(objects(), 'journal', name));
  const fileOf = (id: string): string => path.join(objects(), id.slice(0, 4), id.slice(4, 8), id);

  beforeAll(async () => {
    disk = hasExt4 ? smallExt4(48 * MIB) : smallDisk(48 * MIB);
    disk.mount();
    server = await openDicomweb({ dataParent: disk.folder, logLines });
    admin = await server.login('ADMIN');
  });
  afterAll(async () => {
    await server?.close();
    disk?.remove();
  });

  /** What the machine has after it lost its power: journals, and of the files of their objects nothing, a beginning, or zeros. */
  function losePower(): string[] {
    const ids: string[] = [];
    for (const file of journals()) {
      for (const { id, bytes } of decodeRecords(readFileSync(file))) {
        if (ids.length % 3 === 0) rmSync(fileOf(id));
        else if (ids.length % 3 === 1) truncateSync(fileOf(id), 100);
        else writeFileSync(fileOf(id), Buffer.alloc(bytes.length));
        ids.push(id);
      }
      const [pid, token, , ...rest] = path.basename(file).split('.');
      renameSync(file, path.join(path.dirname(file), [pid, token, EARLIER_BOOT, ...rest].join('.')));
    }
    return ids;
  }

  const health = async ({ app }: TestApp): Promise<Json> => (await app.inject({ url: '/api/health' })).json<Json>();

  async function lost({ app }: TestApp): Promise<string[]> {
    const { host } = new URL(server.settings.publicUrl);
    const gone: string[] = [];
    for (const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, bytes } of volume) {
      const url = `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
      const headers = { cookie: admin.cookie, host };
      const whole = await app.inject({ url: `${url}?original=true`, headers: { ...headers, accept: 'application/dicom' } });
      const frame = await app.inject({ url: `${url}/frames/1`, headers });
      const isSame = hashOf(whole.rawPayload.subarray(128)) === hashOf(bytes.subarray(128));
      if (whole.statusCode !== 200 || frame.statusCode !== 200 || !isSame)
        gone.push(`${sopInstanceUid} ${whole.statusCode} ${frame.statusCode} ${isSame}`);
    }
    return gone;
  }

  const stow = ({ app }: TestApp, bytes: Uint8Array) =>
    app.inject({
      method: 'POST',
      url: '/dicom-web/studies',
      headers: { ...admin.headers, 'content-type': 'application/dicom' },
      payload: Buffer.from(bytes),
    });

  test('everything acknowledged is read, nothing new is taken, and it is said; with room it goes on by itself', {
    timeout: 120_000,
  }, async () => {
    const answer = await server.store(
      admin,
      volume.map(({ bytes }) => Buffer.from(bytes)),
    );
    expect(answer.statusCode).toBe(200);
    const ids = losePower();
    expect(ids.length).toBeGreaterThan(20);
    const giveBack = takeAll(disk.folder);
    const [more] = ctVolume({ seed: 'one more', slices: 1, rows: 64, columns: 64 });

    // More than once: the power may fail again before there is room.
    for (let start = 0; start < 2; start += 1) {
      const after = await server.another();
      expect(await health(after)).toMatchObject({ status: 'READ_ONLY', objects: 'FULL', waitingObjects: ids.length });
      expect(await lost(after)).toEqual([]);
      const refused = await stow(after, more?.bytes ?? new Uint8Array(0));
      expect([refused.statusCode, refused.json<Json>().code]).toEqual([507, 'STORAGE_FULL']);
      // Nothing was taken for damaged because its file is not there.
      expect(await health(after)).toMatchObject({ damagedObjects: 0, waitingObjects: ids.length });
      expect(logLines.some((line) => line.includes('wait for room') && line.includes(`"objects":${ids.length}`))).toBe(true);
      await after.close();
    }
    expect((await journalsLeft(objects())).count).toBeGreaterThan(0);

    const after = await server.another();
    giveBack();
    expect(await health(after)).toMatchObject({ status: 'OK', objects: 'OK', waitingObjects: 0, damagedObjects: 0 });
    expect(await lost(after)).toEqual([]);
    for (const id of ids) expect(existsSync(fileOf(id))).toBe(true);
    expect(journals().filter((file) => file.includes(EARLIER_BOOT))).toEqual([]);
    expect(readdirSync(path.join(objects(), 'tmp'))).toEqual([]);
    expect((await stow(after, more?.bytes ?? new Uint8Array(0))).statusCode).toBe(200);
    await after.close();
  });

  test('a full disk does not make DATA_DIR one that can’t be written, and a look at its health leaves nothing behind', async () => {
    const folder = path.join(disk.folder, 'other');
    mkdirSync(folder);
    const giveBack = takeAll(disk.folder);
    try {
      expect(() => prepareDataDir(folder)).not.toThrow();
      expect(readdirSync(folder)).toEqual([]);
      expect(await health(server)).toMatchObject({ status: 'READ_ONLY', objects: 'FULL', waitingObjects: 0 });
      expect(readdirSync(path.join(objects(), 'tmp'))).toEqual([]);
    } finally {
      giveBack();
    }
    expect(await health(server)).toMatchObject({ status: 'OK', objects: 'OK' });
  });
});
