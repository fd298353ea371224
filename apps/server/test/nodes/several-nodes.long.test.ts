import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { formOf } from '../../src/features/ingest/ingest-fixture.ts';
import { hasNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { freePort } from '../support/orthanc.ts';
import { familyOf } from '../support/process-family.ts';
import { hasRedis, openRedis, type Redis } from '../support/redis.ts';
import { openReplicatedPostgres, type ReplicatedPostgres } from '../support/replicated-postgres.ts';
import { S3Server } from '../support/s3-server.ts';
import { addScanner, type DimseLoad, openDimseLoad } from './dimse-load.ts';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const EMAIL = 'claire.martin@example.org';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
}
interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** One request of its own connection; status 0 when there was no answer. */
const ask = (url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> =>
  new Promise((resolve) => {
    const gone = (): void => resolve({ status: 0, body: '', cookies: [] });
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(url, { method, headers, agent: false, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('error', gone);
      response.on('end', () => {
        const cookies = (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0] ?? '');
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), cookies });
      });
    });
    request.setTimeout(30_000, () => request.destroy());
    request.on('error', gone).end(body);
  });

/** A process and all below it, at once and without a word. */
function killFamily(pid: number): void {
  for (const one of familyOf(pid)) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

const ROLES_OF_NODES = ['web,worker,dimse', 'web,worker', 'web,dimse'] as const;

interface ServerNode {
  readonly dataDir: string;
  readonly port: number;
  readonly dicomPort: number;
  child: ChildProcess | undefined;
  output: string;
}

describe.runIf(hasNginx && hasRedis && hasDcmtk && existsSync(ENTRY))('three nodes behind nginx', () => {
  let postgres: ReplicatedPostgres;
  let redis: Redis;
  let bucket: S3Server;
  let nginx: Nginx;
  let scanner: DimseLoad;
  const nodes: ServerNode[] = [];
  const nodeAt = (index: number): ServerNode => {
    const node = nodes[index];
    if (node === undefined) throw new Error('There is no such node.');
    return node;
  };

  /** One goes by an address that moves, the others find the primary themselves. */
  const addressFor = (node: ServerNode): string => (nodes.indexOf(node) === 1 ? postgres.url : postgres.several);
  async function start(node: ServerNode, roles: string): Promise<void> {
    const env = {
      ...{
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        WEB_PROCESSES: '1',
        ROLES: roles,
        DICOM_PORT: String(node.dicomPort),
      },
      ...{ PORT: String(node.port), DATA_DIR: node.dataDir, DATABASE_URL: addressFor(node), REDIS_URL: redis.url },
      ...{ OBJECT_STORE: 's3', S3_ENDPOINT: bucket.endpoint, S3_BUCKET: bucket.bucket, TRUST_PROXY: '127.0.0.1' },
      ...{ S3_ACCESS_KEY_ID: bucket.keys.accessKeyId, S3_SECRET_ACCESS_KEY: bucket.keys.secretAccessKey },
      ...{ PUBLIC_URL: 'https://localhost', ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD },
    };
    const child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    node.child = child;
    node.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        node.output += chunk.toString();
      });
    for (let tries = 0; tries < 1500; tries += 1) {
      if (node.output.includes('Negatoscope is ready')) return;
      if (child.exitCode !== null) break;
      await sleep(200);
    }
    throw new Error(`The node did not start:\n${node.output.slice(-3000)}`);
  }

  beforeAll(async () => {
    [postgres, redis, bucket] = await Promise.all([openReplicatedPostgres(), openRedis(), S3Server.open()]);
    for (const roles of ROLES_OF_NODES) {
      const dataDir = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-several-'));
      if (nodes[0] !== undefined)
        cpSync(path.join(nodes[0].dataDir, 'secrets'), path.join(dataDir, 'secrets'), { recursive: true });
      const node: ServerNode = { dataDir, port: await freePort(), dicomPort: await freePort(), child: undefined, output: '' };
      nodes.push(node);
      await start(node, roles);
    }
    nginx = await startNginx(...nodes.map(({ port }) => port));
    await addScanner(postgres.several);
    scanner = await openDimseLoad([nodeAt(0).dicomPort, nodeAt(2).dicomPort]);
  }, 900_000);
  afterAll(async () => {
    await scanner?.stop();
    for (const { child } of nodes) if (child?.pid !== undefined && child.exitCode === null) killFamily(child.pid);
    await nginx?.stop();
    await redis?.stop();
    await postgres?.stop();
    bucket?.close();
    for (const { dataDir } of nodes) await rm(dataDir, { recursive: true, force: true });
  });

  const at = (url: string): string => `https://127.0.0.1:${nginx.https}${url}`;
  async function signIn(): Promise<Record<string, string>> {
    const body = JSON.stringify({ email: EMAIL, password: PASSWORD });
    for (let tries = 0; tries < 60; tries += 1) {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask(at('/api/auth/login'), { method: 'POST', headers, body });
      if (answer.status === 200) {
        const { csrfToken } = JSON.parse(answer.body) as { csrfToken: string };
        return { cookie: answer.cookies.join('; '), 'x-csrf-token': csrfToken };
      }
      await sleep(500);
    }
    throw new Error('Nobody can sign in.');
  }

  /** What was acknowledged, by import, and how many requests were not. */
  const accepted = new Map<string, readonly string[]>();
  const counts = { sent: 0, refused: 0, read: 0, unread: 0 };
  let isLoading = true;
  /** One image of its own after the other; what was not acknowledged is sent again. */
  async function sender(name: string): Promise<void> {
    const who = await signIn();
    for (let turn = 0; isLoading; turn += 1) {
      const files = [...ctVolume({ seed: `${name} ${turn}`, slices: 2, rows: 32, columns: 32 })];
      const zip = buildZip(files.map(({ fileName, bytes }) => ({ name: fileName, bytes })));
      const form = formOf([{ name: 'study.zip', bytes: zip }]);
      const sent = {
        method: 'POST',
        headers: { ...form.headers, ...who, prefer: 'respond-async' },
        body: form.payload as Buffer,
      };
      while (isLoading) {
        counts.sent += 1;
        const answer = await ask(at('/api/patients/import'), sent);
        if (answer.status === 202) {
          const { id } = JSON.parse(answer.body) as { id: string };
          accepted.set(
            id,
            files.map((file) => file.sopInstanceUid),
          );
          break;
        }
        counts.refused += 1;
        await sleep(300);
      }
    }
  }
  async function reader(): Promise<void> {
    const who = await signIn();
    while (isLoading) {
      const { status } = await ask(at('/api/studies?limit=20'), { headers: { cookie: who.cookie ?? '' } });
      if (status === 200) counts.read += 1;
      else counts.unread += 1;
      await sleep(100);
    }
  }
  const untilAccepted = async (more: number): Promise<void> => {
    const wanted = accepted.size + more;
    const stored = scanner.acknowledged.length + more;
    for (let tries = 0; accepted.size < wanted || scanner.acknowledged.length < stored; tries += 1) {
      if (tries > 900)
        throw new Error(`Nothing is accepted any more: ${JSON.stringify(counts)}, ${scanner.acknowledged.length} by C-STORE`);
      await sleep(200);
    }
  };

  /** Milliseconds until every node refuses a session that each of them knew. */
  async function revocation(): Promise<number> {
    const who = await signIn();
    const each = () =>
      Promise.all(
        nodes.map(async ({ port }) => {
          const headers = { cookie: who.cookie ?? '', 'x-forwarded-proto': 'https' };
          return (await ask(`http://127.0.0.1:${port}/api/auth/me`, { headers })).status;
        }),
      );
    expect(await each()).toEqual([200, 200, 200]);
    expect((await ask(at('/api/auth/logout'), { method: 'POST', headers: who })).status).toBe(204);
    const begun = performance.now();
    while ((await each()).some((status) => status === 200)) if (performance.now() - begun > 10_000) break;
    return performance.now() - begun;
  }

  test('one of each is killed in turn and the replica promoted: nothing that was acknowledged is lost, and what was revoked is dead', async () => {
    const revoked = [await revocation()];
    const load = [sender('one'), sender('two'), reader(), scanner.send()];
    await untilAccepted(4);

    const [first] = [nodeAt(0)];
    killFamily(first.child?.pid ?? 0);
    await untilAccepted(4);
    await start(first, ROLES_OF_NODES[0]);

    await redis.kill();
    await untilAccepted(4);
    revoked.push(await revocation());
    await redis.start();

    await nginx.stop();
    const ports = nodes.map(({ port }) => port);
    nginx = await startNginx(...ports);
    await untilAccepted(4);

    await postgres.killPrimary();
    await sleep(2_000);
    await postgres.promote();
    await untilAccepted(4);
    revoked.push(await revocation());

    isLoading = false;
    await scanner.stop();
    await Promise.all(load);
    const who = await signIn();
    const missing = new Set(accepted.keys());
    const last = new Map<string, string>();
    for (let tries = 0; missing.size > 0 && tries < 250; tries += 1) {
      for (const id of missing) {
        const { body, status } = await ask(at(`/api/imports/${id}`), { headers: { cookie: who.cookie ?? '' } });
        if (status !== 200) continue;
        const report = JSON.parse(body) as { status: string; stored: number; duplicates: number };
        last.set(id, body);
        // One whose answer was lost was sent, and accepted, twice: then this is the second.
        if (report.status === 'DONE' && report.stored + report.duplicates === accepted.get(id)?.length) missing.delete(id);
      }
      await sleep(500);
    }
    expect([...missing].map((id) => last.get(id))).toEqual([]);
    const lost: string[] = [];
    for (const uid of [...accepted.values(), scanner.acknowledged].flat()) {
      const found = await ask(at(`/dicom-web/instances?SOPInstanceUID=${uid}`), { headers: { cookie: who.cookie ?? '' } });
      if (found.status !== 200 || !found.body.includes(uid)) lost.push(uid);
    }
    expect(lost).toEqual([]);
    console.info(
      `accepted ${accepted.size}, ${scanner.acknowledged.length} by C-STORE (${scanner.refused} not)`,
      counts,
      `revoked after ${revoked.map((ms) => Math.round(ms))} ms`,
    );
    expect(Math.max(...revoked), `${revoked}`).toBeLessThan(1_000);
  }, 900_000);
});
