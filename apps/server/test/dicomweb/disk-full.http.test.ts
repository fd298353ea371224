import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { canMount, detachableDisk, type MemoryDisk, smallDisk } from '../support/mounts.ts';
import { isLong, itInLongRun } from '../support/sample.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 6 * MIB;
const volume = canMount ? [...ctVolume({ seed: 'full disk', slices: 60, rows: 256, columns: 256 })] : [];
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

if (!canMount)
  console.warn('Nothing can be mounted here (not root, or a tight container): the trials of full disks (R4) are left out.');

/** Every file below a folder, by its path in it; none where the folder is not. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** Takes every block that is left on the disk. */
function fill(folder: string): string {
  const file = path.join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(file, Buffer.alloc(bavail * bsize));
  return file;
}

describe.skipIf(!canMount)('a full disk under the object store (R4)', () => {
  let disk: MemoryDisk;
  let server: DicomwebServer;
  let admin: Browser;
  /** What was acknowledged: path and hash of the bytes behind the preamble. */
  const acknowledged = new Map<string, string>();
  const objectFolder = (): string => path.join(server.settings.dataDir, 'objects');
  const send = async (index: number): Promise<LightMyRequestResponse> => {
    const slice = volume[index];
    if (slice === undefined) throw new Error('The volume has no such slice.');
    const response = await server.store(admin, [Buffer.from(slice.bytes)]);
    if (response.statusCode === 200)
      acknowledged.set(
        `/studies/${slice.studyInstanceUid}/series/${slice.seriesInstanceUid}/instances/${slice.sopInstanceUid}`,
        hashOf(slice.bytes.subarray(128)),
      );
    return response;
  };
  const importFiles = (name: string, bytes: Uint8Array): Promise<LightMyRequestResponse> => {
    const head = `--b\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n\r\n`;
    return server.app.inject({
      method: 'POST',
      url: '/api/patients/import',
      headers: { ...admin.headers, 'content-type': 'multipart/form-data; boundary=b' },
      payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]),
    });
  };
  /** Nothing half-made: no temporary file, as many objects as rows, every acknowledged byte where it was. */
  const expectWhole = async (): Promise<void> => {
    const names = filesIn(objectFolder());
    expect(names.filter((name) => name.startsWith('tmp/'))).toEqual([]);
    expect(filesIn(path.join(server.settings.dataDir, 'tmp'))).toEqual([]);
    const rows = await server.json(admin, '/instances?limit=1000');
    expect(names.filter((name) => /[0-9a-f-]{36}$/.test(name))).toHaveLength(rows.length);
    for (const [url, hash] of acknowledged) {
      const { rawPayload } = await server.get(admin, url, { accept: 'application/dicom' });
      expect([url, hashOf(rawPayload.subarray(128))]).toEqual([url, hash]);
    }
  };
  const expectFull = (response: LightMyRequestResponse): void =>
    expect([response.statusCode, response.json()]).toEqual([507, expect.objectContaining({ code: 'STORAGE_FULL' })]);

  beforeAll(async () => {
    disk = smallDisk(DISK_BYTES);
    disk.mount();
    server = await openDicomweb({ dataParent: disk.folder });
    admin = await server.login('ADMIN');
  });
  afterAll(async () => {
    await server?.close();
    disk?.remove();
  });

  test('refuses what no longer fits with 507, by STOW and by the API, and keeps what it acknowledged', {
    timeout: 60_000,
  }, async () => {
    let refused: LightMyRequestResponse | undefined;
    for (let index = 0; index < volume.length && refused === undefined; index += 1) {
      const response = await send(index);
      if (response.statusCode !== 200) refused = response;
    }
    if (refused === undefined) throw new Error('The disk was never full.');
    expectFull(refused);
    expect(acknowledged.size).toBeGreaterThan(20);
    expectFull(await importFiles('a.dcm', volume.at(-1)?.bytes ?? new Uint8Array(0)));
    await expectWhole();
  });

  itInLongRun('a batch that fits in part is refused and leaves nothing half-made', { timeout: 60_000 }, async () => {
    const answer = await server.store(
      admin,
      volume.map(({ bytes }) => Buffer.from(bytes)),
    );
    // On a slow machine those that are there already are told of before the disk is full at the others (202).
    if (answer.statusCode !== 202) expectFull(answer);
    expect(await server.json(admin, '/instances?limit=1000')).toHaveLength(acknowledged.size);
    await expectWhole();
  });

  test('at not one free block archives and the smallest instance are refused; people sign in, read and search', {
    timeout: 60_000,
  }, async () => {
    const ballast = fill(disk.folder);
    expectFull(await send(volume.length - 1));
    const [small] = ctVolume({ seed: 'small', slices: 1, rows: 8, columns: 8 });
    expectFull(await server.store(admin, [Buffer.from(small?.bytes ?? [])]));
    expectFull(await importFiles('a.zip', buildZip([{ name: 'a.dcm', bytes: volume.at(-1)?.bytes ?? new Uint8Array(0) }])));
    expect((await server.login('PHYSICIAN')).csrf).not.toBe('');
    await expectWhole();
    unlinkSync(ballast);
  });

  itInLongRun('takes files again as soon as there is space, without a restart', async () => {
    const held = [...acknowledged.keys()].length;
    disk.resize(4 * DISK_BYTES);
    for (let index = 0; index < volume.length; index += 1) expect((await send(index)).statusCode).toBe(200);
    expect([held < volume.length, acknowledged.size]).toEqual([true, volume.length]);
    await expectWhole();
  });
});

const inLongRun = isLong ? describe.skipIf(!canMount) : () => undefined;
inLongRun('a disk that is taken away under the object store (R4)', () => {
  test('nothing is written into the folder beneath; when it is back, everything is there', async () => {
    const content = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-disk-'));
    const disk = detachableDisk(content);
    disk.mount();
    const server = await openDicomweb({ dataParent: disk.folder });
    const admin = await server.login('ADMIN');
    const [first, second] = volume.map(({ bytes }) => Buffer.from(bytes));
    try {
      expect((await server.store(admin, [first ?? Buffer.alloc(0)])).statusCode).toBe(200);
      disk.unmount();
      const away = await server.store(admin, [second ?? Buffer.alloc(0)]);
      expect([away.statusCode, away.json()]).toEqual([503, expect.objectContaining({ code: 'UNAVAILABLE' })]);
      expect(filesIn(disk.folder)).toEqual([]);
      disk.mount();
      expect((await server.store(admin, [second ?? Buffer.alloc(0)])).statusCode).toBe(200);
      expect((await server.json(admin, '/instances')).length).toBe(2);
    } finally {
      await server.close();
      disk.remove();
      rmSync(content, { recursive: true, force: true });
    }
  });
});
