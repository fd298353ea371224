import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import { prepareBucket, type S3Place, S3Store } from '../../src/platform/objects/s3/index.ts';
import { MadeObject } from '../../src/platform/objects/staging/index.ts';
import { type Ceph, hasCeph, openCeph } from '../support/radosgw.ts';
import { objectStoreContract, stageIn } from './store-contract.ts';

/** Ceph's quotas are looked at every few minutes: what a full one answers is given here instead, everything else comes from it. */
async function openFront(target: string): Promise<{ endpoint: string; server: Server; room: { isFull: boolean } }> {
  const room = { isFull: false };
  const { hostname, port } = new URL(target);
  const server = createServer((asked, answer) => {
    const isWriting = asked.method === 'PUT' || asked.method === 'POST';
    if (room.isFull && isWriting) {
      asked.resume();
      asked.once('end', () => answer.writeHead(403).end('<Error><Code>QuotaExceeded</Code></Error>'));
      return;
    }
    const passed = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode ?? 500, from.headers);
      from.pipe(answer);
    });
    passed.once('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, server, room };
}

describe.skipIf(!hasCeph)('Ceph (Debian’s radosgw)', () => {
  let ceph: Ceph;
  let folder: string;
  let disk: DiskStore;
  let front: Awaited<ReturnType<typeof openFront>>;
  let number = 0;
  const place = (more: Partial<S3Place> = {}): S3Place => ({ ...ceph.place, ...more });
  const fresh = { mayBeNew: async () => true, warn: () => undefined };

  beforeAll(async () => {
    ceph = await openCeph();
    front = await openFront(ceph.place.endpoint ?? '');
    folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-ceph-'));
    disk = await DiskStore.open({ root: path.join(folder, 'objects') });
  }, 180_000);
  afterAll(async () => {
    front?.server.close();
    front?.server.closeAllConnections();
    await disk?.close();
    await rm(folder, { recursive: true, force: true });
    await ceph?.stop();
  });

  objectStoreContract('Ceph', async () => {
    number += 1;
    const own = place({ endpoint: front.endpoint, prefix: `contract-${number}/` });
    await prepareBucket(own, fresh);
    const store = new S3Store(own);
    return {
      store,
      stage: stageIn(() => disk.staging),
      setFull: (isFull) => {
        front.room.isFull = isFull;
      },
      restart: async () => new S3Store(own),
      close: async () => store.close(),
    };
  });

  test('takes large objects in parts, gives any range of them, and overwrites nothing', async () => {
    await prepareBucket(place(), fresh);
    const store = new S3Store(place());
    const bytes = Buffer.alloc(40 * 1024 * 1024 + 17, 3);
    bytes.write('the end', bytes.length - 7);
    const object = new MadeObject(Buffer.from(bytes));
    await store.put([object]);
    expect(await store.size(object.id)).toBe(bytes.length);
    expect((await store.read(object.id, bytes.length - 7, 7)).toString()).toBe('the end');
    expect((await store.read(object.id, 0, bytes.length)).equals(bytes)).toBe(true);
    await expect(store.put([new MadeObject(Buffer.from('other'), object.id)])).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(store.put([new MadeObject(Buffer.from(bytes), object.id)])).rejects.toMatchObject({ code: 'CONFLICT' });
    store.close();
  }, 120_000);

  test('names what is wrong at the start', async () => {
    await expect(prepareBucket(place({ accessKeyId: 'OTHER' }), fresh)).rejects.toMatchObject({ code: 'S3_CREDENTIALS' });
    await expect(prepareBucket(place({ secretAccessKey: 'other' }), fresh)).rejects.toMatchObject({ code: 'S3_CREDENTIALS' });
    await expect(prepareBucket(place({ bucket: 'not-there' }), fresh)).rejects.toMatchObject({ code: 'S3_BUCKET' });
  });
});
