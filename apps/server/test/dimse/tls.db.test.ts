import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { ctVolume } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Peer as DevicePeer } from '../../../../packages/dimse/test/peer.ts';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { type Person, type Service, service } from '../../src/access/index.ts';
import { checkDicomTls } from '../../src/config/dicom-tls.ts';
import { dimseArchive } from '../../src/dimse-archive.ts';
import { certifying } from '../../src/dimse-commitment.ts';
import { dimseKeeper } from '../../src/dimse-ingest.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { askForEcho } from '../../src/features/dimse/ask/echo.ts';
import type { AskedTls } from '../../src/features/dimse/ask/tls.ts';
import { commitmentJobs } from '../../src/features/dimse/index.ts';
import { insertItems, insertTransfer, type NewItem } from '../../src/features/dimse/transfers/repository.ts';
import { runTransfers } from '../../src/features/dimse/transfers/run.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { freePort } from '../support/orthanc.ts';
import { itInLongRun } from '../support/sample.ts';
import { sha256, stopDestinations, storescp } from './destination.ts';
import { startPeer } from './peer.ts';
import { CT_STORAGE, createDimseFixture, type DimseFixture, datasetOf, run, storescu } from './support.ts';

let folder: string;
let fixture: DimseFixture;
let secure: string;
const at = (name: string): string => path.join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });

/** A key and its certificate, of an authority of the folder, for 127.0.0.1. */
function issue(name: string, authority: string, { days = '2', of = 'IP:127.0.0.1,DNS:localhost' } = {}): void {
  writeFileSync(at(`${name}.ext`), `subjectAltName=${of}\n`);
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${authority}.crt`,
    '-CAkey',
    `${authority}.key`,
    '-CAcreateserial',
    '-days',
    days,
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}
function authority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  );
}

beforeAll(async () => {
  if (!hasDcmtk) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-tls-'));
  for (const name of ['ca', 'other-ca']) authority(name);
  for (const name of ['server', 'scanner']) issue(name, 'ca');
  issue('stranger', 'other-ca');
  // Over as soon as it begins.
  issue('expired', 'ca', { days: '0' });
  issue('elsewhere', 'ca', { of: 'IP:10.9.8.7' });
  fixture = await createDimseFixture({
    listen: { artimMs: 4_000, halfOpen: 20 },
    tls: { port: 0, cert: at('server.crt'), key: at('server.key'), ca: at('ca.crt') },
  });
  await fixture.addNode({ aeTitle: 'SCANNER' });
  secure = await fixture.addNode({ aeTitle: 'SECURE' });
  await fixture.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET uses_tls = true WHERE id = $1', [secure]));
  while (fixture.listener.tlsPort() === undefined) await sleep(5);
}, 60_000);
afterAll(async () => {
  if (!hasDcmtk) return;
  await fixture.close();
  rmSync(folder, { recursive: true });
});

const as = (name: string, trusted = 'ca'): string[] => [
  '+tls',
  at(`${name}.key`),
  at(`${name}.crt`),
  '+cf',
  at(`${trusted}.crt`),
];
const echoscu = (aet: string, options: readonly string[], port = fixture.listener.tlsPort()) =>
  run('echoscu', ['-aet', aet, '-aec', 'NEGATOSCOPE', ...options, '127.0.0.1', String(port)]);

/** How often one without a title was told of as without TLS. */
const told = async (): Promise<number> => {
  const rows = await fixture.db.withSystem((tx) =>
    tx.rows(
      "SELECT sum(times)::int AS n FROM dicom_callers WHERE calling_aet = '' AND code IN ('NO_TLS', 'TOO_MANY_CONNECTIONS')",
    ),
  );
  return Number(rows[0]?.n ?? 0);
};
function open(): Socket {
  const socket = connect(fixture.listener.tlsPort() ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

describe.skipIf(!hasDcmtk)('nodes call by TLS (PS3.15 B.9, against DCMTK)', () => {
  test('with a certificate of the authority: an echo, and an instance that is stored', async () => {
    expect((await echoscu('SCANNER', as('scanner'))).code).toBe(0);
    const [file] = ctVolume({ seed: 'tls', slices: 1, rows: 16, columns: 16 });
    const sent = await storescu({ port: fixture.listener.tlsPort() ?? 0, files: fixture.files }, { options: as('scanner') }, [
      file?.bytes ?? new Uint8Array(0),
    ]);
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('Success')]);
    expect(await fixture.outcomes()).toMatchObject([{ outcome: 'stored' }]);
  });

  test('without a certificate, or with one of somebody else, nobody is heard, and it is told', async () => {
    expect((await echoscu('SCANNER', ['+tla', '-ic'])).code).not.toBe(0);
    expect((await echoscu('SCANNER', as('stranger'))).code).not.toBe(0);
    expect((await echoscu('SCANNER', as('expired'))).code).not.toBe(0);
    await expect.poll(told, { timeout: 9_000 }).toBeGreaterThanOrEqual(3);
    expect(fixture.logLines.join('')).toContain('"code":"NO_TLS"');
  });

  test('a node that is to speak by TLS is refused where it does not', async () => {
    expect((await echoscu('SECURE', as('scanner'))).code).toBe(0);
    const plain = await echoscu('SECURE', [], fixture.port);
    expect([plain.code, plain.output]).toEqual([expect.any(Number), expect.stringContaining('Calling AE Title Not Recognized')]);
    expect((await echoscu('SCANNER', [], fixture.port)).code).toBe(0);
    const why = () =>
      fixture.db.withSystem((tx) =>
        tx.rows("SELECT code FROM dicom_node_log WHERE node_id = $1 AND code = 'TLS_REQUIRED'", [secure]),
      );
    await expect.poll(why, { timeout: 9_000 }).toEqual([{ code: 'TLS_REQUIRED' }]);
  });

  test('nothing older than TLS 1.2 is spoken', async () => {
    const hello = async (version: string) =>
      run('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${fixture.listener.tlsPort()}`,
        version,
        '-cipher',
        'ALL:@SECLEVEL=0',
        '-cert',
        at('scanner.crt'),
        '-key',
        at('scanner.key'),
      ]);
    expect((await hello('-tls1_1')).output).toMatch(/alert|no protocols|Cipher is \(NONE\)/);
  });

  test('plain bytes at its port, and TLS at the plain one, cost nobody else anything', async () => {
    const before = await told();
    expect((await echoscu('SCANNER', [], fixture.listener.tlsPort())).code).not.toBe(0);
    expect((await echoscu('SCANNER', as('scanner'), fixture.port)).code).not.toBe(0);
    expect((await echoscu('SCANNER', as('scanner'))).code).toBe(0);
    expect((await echoscu('SCANNER', [], fixture.port)).code).toBe(0);
    await expect.poll(told, { timeout: 9_000 }).toBeGreaterThan(before);
  });

  itInLongRun('a handshake that never ends is cut off and told, whether nothing is said or half a greeting', async () => {
    const before = await told();
    const begun = Date.now();
    const [mute, half] = [open(), open()];
    // A record of TLS of 512 bytes that never come.
    half.write(Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3));
    await Promise.all([once(mute, 'close'), once(half, 'close')]);
    expect(Date.now() - begun).toBeLessThan(10_000);
    await expect.poll(told, { timeout: 9_000 }).toBeGreaterThanOrEqual(before + 2);
    expect(fixture.listener.counts().connections).toBe(0);
  });

  test('of 200 handshakes that go no further the oldest go, are counted, and the others are heard meanwhile', async () => {
    const before = fixture.listener.turnedAway();
    const peers = Array.from({ length: 200 }, () => open());
    const gone = new Set<Socket>();
    for (const peer of peers) peer.on('close', () => gone.add(peer));
    await expect.poll(() => gone.size).toBeGreaterThanOrEqual(180);
    expect((await echoscu('SCANNER', as('scanner'))).code).toBe(0);
    expect(fixture.listener.turnedAway() - before).toBeGreaterThanOrEqual(180);
    for (const peer of peers) peer.destroy();
  });
});

describe.skipIf(!hasDcmtk)('nodes are asked by TLS (against storescp)', () => {
  let port: number;
  let scp: ChildProcess;
  async function scpOf(name: string): Promise<{ port: number; scp: ChildProcess }> {
    const free = await freePort();
    const child = spawn('storescp', ['--ignore', '--fork', ...as(name), String(free)], { stdio: 'ignore' });
    const options = [...as('server').slice(0, 3), '-ic'];
    for (let tries = 0; (await echoscu('X', options, free)).code !== 0 && tries < 100; tries += 1) await sleep(50);
    return { port: free, scp: child };
  }
  beforeAll(async () => {
    ({ port, scp } = await scpOf('scanner'));
  }, 30_000);
  afterAll(() => void scp.kill('SIGKILL'));
  const own = (trusted = 'ca'): AskedTls['files'] => ({
    cert: at('server.crt'),
    key: at('server.key'),
    ca: at(`${trusted}.crt`),
  });
  const asked = (tls: AskedTls | undefined, to = port) =>
    askForEcho({
      ...{ host: '127.0.0.1', port: to, aeTitle: 'ANY', callingAet: 'NEGATOSCOPE' },
      ...(tls === undefined ? {} : { tls }),
    });
  const print = (name: string): string =>
    createHash('sha256')
      .update(new X509Certificate(readFileSync(at(`${name}.crt`))).raw)
      .digest('hex');

  test('whose certificate is of the authority and of its host', async () => {
    expect(await asked({ files: own(), fingerprint: null })).toMatchObject({ outcome: 'OK' });
    expect(await asked({ files: own('other-ca'), fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
    expect(await asked({ files: undefined, fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
    // It wants one of ours, and says so after this side has its connection (TLS 1.3).
    expect(await asked({ files: { ca: at('ca.crt') }, fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
    expect(await asked({ files: { ...own(), cert: at('missing.crt') }, fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
  });

  test.each(['expired', 'elsewhere'])(
    'one whose certificate is %s is not spoken with, unless it is known as it is',
    async (name) => {
      const other = await scpOf(name);
      try {
        const trial = (fingerprint: string | null) => asked({ files: own(), fingerprint }, other.port);
        expect(await trial(null)).toMatchObject({ outcome: 'NO_TLS' });
        expect(await trial(print(name))).toMatchObject({ outcome: 'OK' });
      } finally {
        other.scp.kill('SIGKILL');
      }
    },
  );

  test('one whose handshake never ends is left', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port: at } = mute.address() as AddressInfo;
    const trial = await askForEcho(
      { host: '127.0.0.1', port: at, aeTitle: 'X', callingAet: 'Y', tls: { files: own(), fingerprint: null } },
      500,
    );
    expect(trial).toMatchObject({ outcome: 'NO_TLS' });
    expect(trial.ms).toBeLessThan(3_000);
    mute.close();
  });

  test('or is the very one that is known', async () => {
    expect(await asked({ files: own('other-ca'), fingerprint: print('scanner') })).toMatchObject({ outcome: 'OK' });
    expect(await asked({ files: own(), fingerprint: print('server') })).toMatchObject({ outcome: 'NO_TLS' });
  });

  test('one that speaks without is no answer, and one that wants it is none without', async () => {
    expect((await asked(undefined)).outcome).not.toBe('OK');
    const plain = await askForEcho({
      ...{ host: '127.0.0.1', port: fixture.port, aeTitle: 'NEGATOSCOPE', callingAet: 'SCANNER' },
      tls: { files: own(), fingerprint: null },
    });
    expect(plain.outcome).toBe('NO_TLS');
  });
});

describe.skipIf(!hasDcmtk)('what this side begins goes by TLS to nodes that use it', () => {
  const volume = (seed: string) => [...ctVolume({ seed, slices: 2, rows: 16, columns: 16 })];
  const here = volume('here');
  const there = volume('there');
  const hashes = here.map(({ bytes }) => sha256(datasetOf(bytes))).sort();
  const own = () => ({
    aeTitle: 'NEGATOSCOPE',
    port: 0,
    tls: { port: 0, cert: at('server.crt'), key: at('server.key'), ca: at('ca.crt') },
  });
  let asks: Person;
  const byTls = async (aeTitle: string, port: number): Promise<string> => {
    const id = await fixture.addNode({ aeTitle, port });
    await fixture.db.withSystem((tx) =>
      tx.run('UPDATE dicom_nodes SET uses_tls = true, takes_studies = true, may_be_asked = true WHERE id = $1', [id]),
    );
    return id;
  };
  /** A transfer as a person asks for it, and what became of it. */
  async function transferred(kind: 'SEND' | 'RETRIEVE', nodeId: string, items: readonly NewItem[]) {
    const id = newId();
    const audit = createAudit({ db: fixture.db, clock: systemClock });
    const log = pino({ level: 'silent' });
    const { userId, permissions } = asks;
    await fixture.db.withSystem(async (tx) => {
      await insertTransfer(tx, {
        id,
        kind,
        nodeId,
        userId,
        permissions: [...permissions],
        tokenId: null,
        groupId: null,
        now: new Date(),
      });
      await insertItems(tx, id, items);
    });
    const ports = {
      ...{ db: fixture.db, clock: systemClock, log, audit, dicom: own(), personOf: async () => asks },
      openKeeper: (by: Service, group: string | null) => dimseKeeper(fixture.ingest, by, group),
      openArchive: () => dimseArchive(fixture.db, { objects: fixture.guarded, scratch: fixture.scratch }),
    };
    await runTransfers(ports, service('run-transfers', ['system.manage']), { signal: new AbortController().signal });
    return fixture.db.withSystem((tx) => tx.first('SELECT status, code FROM dicom_transfers WHERE id = $1', [id]));
  }

  /** Speaks TLS for who does not, and hears whose certificates call. */
  async function inFrontOf(port: number) {
    const files = { cert: readFileSync(at('scanner.crt')), key: readFileSync(at('scanner.key')), ca: readFileSync(at('ca.crt')) };
    const names: string[] = [];
    const server = createTlsServer({ ...files, requestCert: true, rejectUnauthorized: true }, (socket) => {
      names.push(String(socket.getPeerCertificate().subject.CN));
      const inner = connect(port, '127.0.0.1');
      for (const one of [socket, inner]) one.on('error', () => undefined);
      socket.pipe(inner).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, names, stop: () => void server.close() };
  }

  beforeAll(async () => {
    asks = await fixture.actor('ADMIN');
    await fixture.send(
      here.map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) })),
      { actor: asks },
    );
    await fixture.addNode({ aeTitle: 'ASKS', mayRetrieve: true });
  });
  afterAll(stopDestinations);

  test('by C-MOVE', async () => {
    const destination = await storescp(folder, ['+xa', '--fork', ...as('scanner')]);
    await byTls('MOVED', destination.port);
    const moved = await run('movescu', [
      ...['-S', '-aet', 'ASKS', '-aec', 'NEGATOSCOPE', '-aem', 'MOVED', '-k', 'QueryRetrieveLevel=STUDY'],
      ...['-k', `StudyInstanceUID=${here[0]?.studyInstanceUid}`, '127.0.0.1', String(fixture.port)],
    ]);
    expect([moved.code, destination.hashes()]).toEqual([0, hashes]);
  });

  test('what a person sends, and not to one of another authority', async () => {
    const rows = await fixture.db.withSystem((tx) =>
      tx.rows(
        'SELECT i.id, i.sop_instance_uid FROM instances i JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1',
        [here[0]?.studyInstanceUid ?? ''],
      ),
    );
    const items = rows.map(({ id, sop_instance_uid: sopInstanceUid }) => ({
      ...{ studyInstanceUid: here[0]?.studyInstanceUid ?? '', sopInstanceUid, instanceId: id, total: null },
    }));
    const [good, bad] = [
      await storescp(folder, ['+xa', '--fork', ...as('scanner')]),
      await storescp(folder, ['+xa', '--fork', ...as('stranger', 'other-ca')]),
    ];
    expect(await transferred('SEND', await byTls('TAKES', good.port), items)).toEqual({ status: 'DONE', code: null });
    expect(good.hashes()).toEqual(hashes);
    expect(await transferred('SEND', await byTls('STRANGER', bad.port), items)).toEqual({ status: 'FAILED', code: 'NO_TLS' });
    expect(bad.hashes()).toEqual([]);
  });

  test('what a person fetches', async () => {
    const archive = await startPeer(folder, { destination: { title: 'NEGATOSCOPE', port: 1 } });
    const front = await inFrontOf(archive.port);
    try {
      await archive.store(there.map(({ bytes }) => bytes));
      const studyInstanceUid = there[0]?.studyInstanceUid ?? '';
      const items = [{ studyInstanceUid, sopInstanceUid: null, instanceId: null, total: null }];
      const node = await byTls(archive.aeTitle, front.port);
      expect(await transferred('RETRIEVE', node, items)).toEqual({ status: 'DONE', code: null });
      expect(new Set(front.names)).toEqual(new Set(['server']));
    } finally {
      front.stop();
      await archive.stop();
    }
  });

  test('what a device is told of storage commitment', async () => {
    const device = new DevicePeer();
    const front = await inFrontOf(await device.listen());
    const node = await byTls('TOLD', front.port);
    await fixture.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO commitment_requests (id, node_id, transaction_uid, instances, status, next_at, asked_at)
         VALUES ($1, $2, '2.25.77', $3::jsonb, 'WAITING', '2000-01-01', now())`,
        [newId(), node, JSON.stringify([[CT_STORAGE, here[0]?.sopInstanceUid]])],
      ),
    );
    const audit = createAudit({ db: fixture.db, clock: systemClock });
    const certify = certifying(fixture.db, fixture.guarded);
    const [job] = commitmentJobs({ db: fixture.db, audit, clock: systemClock, certify, dicom: own() });
    expect(await job?.run({}, { attempt: 1, isLast: true, signal: new AbortController().signal })).toEqual({ told: 1 });
    expect([front.names, device.received.map(({ command }) => command.EventTypeID)]).toEqual([['server'], [1]]);
    front.stop();
    await device.close();
  });
});

describe.skipIf(!hasDcmtk)('the files are looked at before anything is started', () => {
  const check = (more: object) => () =>
    checkDicomTls({
      host: '127.0.0.1',
      port: 1,
      aeTitle: 'X',
      tls: { port: 2762, cert: at('server.crt'), key: at('server.key'), ...more },
    });

  test('a key that others may read, one of another certificate, and a file that there is not', () => {
    chmodSync(at('server.key'), 0o600);
    chmodSync(at('stranger.key'), 0o600);
    expect(check({})).not.toThrow();
    expect(check({ ca: at('ca.crt') })).not.toThrow();
    expect(check({ key: at('stranger.key') })).toThrow(/the key that of the certificate/);
    expect(check({ ca: at('missing.crt') })).toThrow(/DICOM_TLS_CA.*can not be read/);
    chmodSync(at('server.key'), 0o644);
    expect(check({})).toThrow(/others may read.*644.*chmod 600/);
  });
});
