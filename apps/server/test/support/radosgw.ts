import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from '../../src/platform/objects/s3/index.ts';
import { freePort } from './orthanc.ts';

const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'ceph-authtool', 'monmaptool'];
/** Debian's packages ceph-mon, ceph-osd and radosgw, of which `npm run test:long` installs what is missing (60 MB). */
export const hasCeph = PROGRAMS.every((name) => existsSync(`/usr/bin/${name}`)) && process.getuid?.() === 0;

/** A Ceph of one monitor, one store and one gateway, in a folder of its own. */
export interface Ceph {
  readonly place: S3Place;
  /** radosgw-admin. */
  admin(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

const KEYS = { accessKeyId: 'NEGATOSCOPETEST', secretAccessKey: 'secretOfTheTests0123456789' };
const BUCKET = 'objects-of-tests';
const run = promisify(execFile);

const configOf = (folder: string, { mon, rgw, low }: { mon: number; rgw: number; low: number }, fsid: string): string => `
[global]
keyring = ${folder}/keyring
fsid = ${fsid}
mon host = v2:127.0.0.1:${mon}
public addr = 127.0.0.1
run dir = ${folder}
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
pid file = ${folder}/$name.pid
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
bluestore block size = 4294967296
osd memory target = 939524096
ms bind port min = ${low}
ms bind port max = ${low + 60}
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${rgw}
`;

export async function openCeph(): Promise<Ceph> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ceph-'));
  const [mon, rgw, low] = [await freePort(), await freePort(), 20_000 + Math.floor(Math.random() * 10_000)];
  const env = { ...process.env, CEPH_CONF: path.join(folder, 'ceph.conf') };
  const call = async (file: string, ...args: string[]): Promise<string> =>
    (await run(file, args, { env, timeout: 90_000 })).stdout;
  const stop = async (): Promise<void> => {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.pid'))) {
      const pid = Number(readFileSync(path.join(folder, name), 'utf8'));
      if (pid > 1) process.kill(pid, 'SIGKILL');
    }
    await sleep(500);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const fsid = randomUUID();
    for (const name of ['mon', 'osd']) await mkdir(path.join(folder, name));
    await writeFile(env.CEPH_CONF, configOf(folder, { mon, rgw, low }, fsid));
    await start(call, folder, { mon, fsid });
    await call('radosgw', '-n', 'client.rgw');
    const endpoint = `http://127.0.0.1:${rgw}`;
    await untilAnswers(endpoint);
    const admin = (...args: string[]) =>
      call('radosgw-admin', '-n', 'client.rgw', '--admin-socket', path.join(folder, 'admin.asok'), ...args);
    await admin(
      'user',
      'create',
      '--uid=tester',
      '--display-name=tester',
      `--access-key=${KEYS.accessKeyId}`,
      `--secret=${KEYS.secretAccessKey}`,
    );
    const place = { ...KEYS, endpoint, bucket: BUCKET, region: 'us-east-1', prefix: 'site-1/', forcePathStyle: true };
    const client = new S3Client({ endpoint, region: place.region, forcePathStyle: true, credentials: KEYS });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    client.destroy();
    return { place, admin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  call: (file: string, ...args: string[]) => Promise<string>,
  folder: string,
  { mon, fsid }: { readonly mon: number; readonly fsid: string },
): Promise<void> {
  const [keyring, map, osd] = [path.join(folder, 'keyring'), path.join(folder, 'monmap'), randomUUID()];
  await call('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  for (const name of ['client.admin', 'client.rgw', 'osd.0'])
    await call(
      'ceph-authtool',
      keyring,
      '--gen-key',
      '-n',
      name,
      ...['mon', 'osd', 'mgr'].flatMap((of) => ['--cap', of, 'allow *']),
    );
  await call('monmaptool', '--create', '--addv', 'a', `[v2:127.0.0.1:${mon}]`, '--fsid', fsid, map);
  await call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
  await call('ceph-mon', '-i', 'a');
  await call('ceph', 'osd', 'create', osd);
  await call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
  await call('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost');
  await call('ceph-osd', '-i', '0');
  for (let tries = 0; !(await call('ceph', 'osd', 'stat')).includes('1 up'); tries += 1) {
    if (tries > 60) throw new Error('The store of Ceph did not come up.');
    await sleep(300);
  }
}

async function untilAnswers(endpoint: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const isUp = await fetch(endpoint).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (tries > 120) throw new Error('The gateway of Ceph did not come up.');
    await sleep(500);
  }
}
