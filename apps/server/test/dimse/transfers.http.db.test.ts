import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FoundStudy, SearchEnd, Transfer, TransferDetails } from '@negatoscope/contract';
import { ctVolume } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { service } from '../../src/access/index.ts';
import { dimseArchive } from '../../src/dimse-archive.ts';
import { dimseKeeper } from '../../src/dimse-ingest.ts';
import { type Keeper, type Listener, listenForDicom } from '../../src/features/dimse/index.ts';
import type { TransferPorts } from '../../src/features/dimse/transfers/ports.ts';
import { runTransfers } from '../../src/features/dimse/transfers/run.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';
import { freePort } from '../support/orthanc.ts';
import { isLong, itInLongRun } from '../support/sample.ts';
import { type Destination, sha256, stopDestinations, storescp } from './destination.ts';
import { type Peer, startPeer } from './peer.ts';
import { datasetOf, portsOf } from './support.ts';

const log = pino({ level: 'silent' });
let server: TestApp;
let admin: Browser;
let physician: Browser;
let groupId: string;
let folder: string;
let peer: Peer;
let listener: Listener;
let node: string;
/** What is put between the node and the pipeline. */
let between: (keeper: Keeper) => Keeper = (keeper) => keeper;
const files = [
  ...ctVolume({
    seed: 'far',
    slices: 6,
    rows: 24,
    columns: 24,
    dataset: { PatientName: 'Rakoto^Aina', PatientID: 'FAR-1', StudyDate: '20240105' },
  }),
];
const study = files[0]?.studyInstanceUid ?? '';

beforeAll(async () => {
  if (!hasDcmtk) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-transfers-'));
  const port = await freePort();
  server = await createTestApp({ settings: { dicom: { host: '127.0.0.1', port, aeTitle: 'NEGATOSCOPE' } } });
  groupId = await server.makeGroup();
  admin = await server.login('ADMIN');
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
  listener = listenForDicom(
    { ...portsOf(server.db, log), openKeeper: (by, group) => dimseKeeper(server.parts.ingest, by, group) },
    server.settings.dicom,
  );
  peer = await startPeer(folder, { destination: { title: 'NEGATOSCOPE', port } });
  await peer.store(files.map(({ bytes }) => bytes));
  node = await addNode({ aeTitle: peer.aeTitle, port: peer.port, mayBeAsked: true, groupId });
}, 60_000);
afterEach(() => {
  between = (keeper) => keeper;
});
afterAll(async () => {
  if (!hasDcmtk) return;
  await stopDestinations();
  await peer.stop();
  await listener.close(500);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = Awaited<ReturnType<TestApp['app']['inject']>>;
const ask = (method: 'GET' | 'POST', url: string, who: Browser, payload?: object): Promise<Answer> =>
  server.app.inject({ method, url, headers: who.headers, ...(payload === undefined ? {} : { payload }) });
async function addNode(more: object): Promise<string> {
  const body = {
    ...{
      name: `Node ${Math.random()}`,
      aeTitle: 'X',
      host: '127.0.0.1',
      port: 104,
      mayStore: true,
      mayQuery: false,
      mayRetrieve: false,
      mayWorklist: false,
    },
    ...{ mayBeAsked: false, takesStudies: false, groupId: null, ...more },
  };
  const answer = await ask('POST', '/api/system/nodes', admin, body);
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<{ id: string }>().id;
}

const ports = (): TransferPorts => ({
  ...server.parts,
  log,
  personOf: (userId, tokenId) => server.parts.identity.personOf(userId, tokenId),
  openKeeper: (by, group) => between(dimseKeeper(server.parts.ingest, by, group)),
  openArchive: () => dimseArchive(server.db, server.parts),
  keepEveryMs: 200,
});
/** Whoever works at a transfer has heard meanwhile that it is wanted no more. */
const LONGER_THAN_KEEPING_MS = 700;
const BY = service('run-transfers', ['system.manage']);
/** What the job does. */
const work = (signal = new AbortController().signal): Promise<number> => runTransfers(ports(), BY, { signal });

const transferOf = async (id: string, who = physician): Promise<TransferDetails> =>
  (await ask('GET', `/api/transfers/${id}`, who)).json<TransferDetails>();
const instancesHere = () =>
  server.db.withSystem((tx) =>
    tx.rows(
      `SELECT i.sop_instance_uid, i.group_id FROM instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id
       WHERE t.study_instance_uid = $1`,
      [study],
    ),
  );
const claimOf = async (id: string) => {
  const [row] = await server.db.withSystem((tx) =>
    tx.rows(`SELECT kept_at > now() - interval '20 seconds' AS is_fresh FROM dicom_transfers WHERE id = $1`, [id]),
  );
  return row && { isFresh: row.is_fresh };
};
const forget = () =>
  server.db.withSystem(async (tx) => {
    await tx.run('DELETE FROM conflicts');
    await tx.run('DELETE FROM instances');
  });
const logOf = (id: string) =>
  server.db.withSystem((tx) =>
    tx.rows(
      'SELECT kind, is_ours, outcome, code, done, failed FROM dicom_node_log WHERE node_id = $1 AND is_ours ORDER BY first_at',
      [id],
    ),
  );

async function search(
  query: object,
  who = physician,
  at = node,
): Promise<{ studies: FoundStudy[]; end: SearchEnd | undefined; status: number }> {
  const answer = await ask('POST', `/api/nodes/${at}/search`, who, query);
  const events = answer.body.split('\n\n').flatMap((text) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(text) ?? [];
    return name === undefined ? [] : [{ name, data: JSON.parse(data ?? '') as unknown }];
  });
  const of = (name: string) => events.filter((event) => event.name === name).map(({ data }) => data);
  return { studies: of('study') as FoundStudy[], end: of('end')[0] as SearchEnd | undefined, status: answer.statusCode };
}

describe.skipIf(!hasDcmtk)('a node is searched (C-FIND, PS3.4 C.4.1, against dcmqrscp)', () => {
  test.each([
    [{ patientName: 'Rak' }, 1],
    [{ patientName: 'Rakoto^Aina' }, 1],
    [{ patientName: '*Aina' }, 1],
    [{ patientName: 'Aina' }, 0],
    [{ patientId: 'FAR-1' }, 1],
    [{ patientId: 'FAR' }, 0],
    [{ from: '2024-01-05', to: '2024-01-05' }, 1],
    [{ from: '2024-01-06' }, 0],
  ])('%o finds %i', async (query, count) => {
    const { studies, end } = await search(query);
    expect(studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(Array.from({ length: count }, () => study));
    expect(end).toEqual({ outcome: 'DONE', code: null, found: count });
  });

  test('each study says what is known of it, and what of it is here', async () => {
    const [found] = (await search({ patientId: 'FAR-1' })).studies;
    expect(found).toMatchObject({ patientName: 'Rakoto^Aina', patientId: 'FAR-1', studyDate: '20240105', here: null });
  });

  test('nothing is no search, and what can be no key is refused', async () => {
    for (const wrong of [{}, { patientName: 'a\\b' }, { patientName: ' ' }, { from: '2024' }, { modality: 'ct' }, { more: 1 }])
      expect((await search(wrong)).status).toBe(400);
  });

  test('a node that is away is told as the end', async () => {
    const away = await addNode({ aeTitle: 'AWAY', port: await freePort(), mayBeAsked: true, groupId });
    expect(await search({ patientName: 'a' }, physician, away)).toMatchObject({
      studies: [],
      end: { outcome: 'FAILED', code: 'UNREACHABLE', found: 0 },
    });
    expect(await logOf(away)).toMatchObject([{ kind: 'QUERY', outcome: 'FAILED', code: 'UNREACHABLE' }]);
  });

  test('who may not search it, or does not see it, gets what there is not', async () => {
    const other = await addNode({ aeTitle: 'OTHERS', mayBeAsked: true, groupId: await server.makeGroup() });
    const closed = await addNode({ aeTitle: 'CLOSED', groupId });
    for (const at of [other, closed, '019a0000-0000-7000-a000-000000000001'])
      expect((await search({ patientName: 'a' }, physician, at)).status).toBe(404);
    for (const role of ['STAFF', 'RESEARCHER'] as const)
      expect((await search({ patientName: 'a' }, await server.login(role))).status).toBe(403);
    const usable = (await ask('GET', '/api/nodes', physician)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);
    expect(usable).toContain(node);
    expect(usable).not.toContain(other);
    expect(usable).not.toContain(closed);
    expect((await ask('GET', '/api/nodes', await server.login('STAFF'))).json<{ items: object[] }>().items).toEqual([]);
  });

  test('the journal names who searches, before the node hears of it, and no key', async () => {
    const eventsOf = (id: string) =>
      server.db.withSystem((tx) =>
        tx.rows(`SELECT actor_id, details FROM audit_events WHERE action = 'dicom-node.searched' AND entity_id = $1`, [id]),
      );
    let before: Promise<object[]> | undefined;
    const hearing = createServer((socket) => {
      before = eventsOf(at);
      void before.finally(() => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(hearing, 'listening');
    const at = await addNode({ aeTitle: 'HEARS', port: (hearing.address() as AddressInfo).port, mayBeAsked: true, groupId });
    expect((await search({ patientName: 'a' }, physician, at)).end?.outcome).toBe('FAILED');
    hearing.close();
    expect(await before).toEqual([{ actor_id: physician.user.id, details: {} }]);
    expect(await eventsOf(at)).toHaveLength(1);
  });

  test('who walks through an archive by searches is told to wait, and others are not', async () => {
    const away = await addNode({ aeTitle: 'AWAY3', port: await freePort(), mayBeAsked: true, groupId });
    const walker = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    for (let count = 0; count < 30; count += 1) expect((await search({ patientName: 'a' }, walker, away)).status).toBe(200);
    const refused = await ask('POST', `/api/nodes/${away}/search`, walker, { patientName: 'a' });
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await search({ patientName: 'a' }, physician, away)).status).toBe(200);
  });
});

async function fetched(more: object = {}, who = physician, at = node): Promise<Transfer> {
  const answer = await ask('POST', `/api/nodes/${at}/retrievals`, who, { studies: [{ studyInstanceUid: study }], ...more });
  expect([answer.statusCode, answer.body]).toEqual([202, expect.any(String)]);
  return answer.json<Transfer>();
}

describe.skipIf(!hasDcmtk)('studies are fetched (C-GET, PS3.4 C.4.3)', () => {
  test('every instance comes as it is there, into the group of who asked, and is kept before it is counted', async () => {
    const { id, status } = await fetched();
    expect(status).toBe('WAITING');
    await work();
    expect(await transferOf(id)).toMatchObject({
      status: 'DONE',
      studies: 1,
      total: 6,
      done: 6,
      warned: 0,
      failed: 0,
      code: null,
      problems: [],
    });
    const here = await instancesHere();
    expect(here.map(({ sop_instance_uid }) => sop_instance_uid).sort()).toEqual(
      files.map(({ sopInstanceUid }) => sopInstanceUid).sort(),
    );
    expect(new Set(here.map(({ group_id }) => group_id))).toEqual(new Set([groupId]));
    const kept = await server.app.inject({
      url: `/api/patients/images/${files[0]?.sopInstanceUid}?original=true`,
      headers: physician.headers,
    });
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(datasetOf(bytes)).digest('hex');
    expect(hash(kept.rawPayload)).toBe(hash(files[0]?.bytes ?? new Uint8Array(0)));
    expect((await logOf(node)).at(-1)).toMatchObject({ kind: 'RETRIEVE', outcome: 'OK', done: 6, failed: 0 });
    expect((await search({ patientId: 'FAR-1' })).studies[0]?.here).toEqual({ instances: 6, groupId });
    // The same later, of what was found before it came; of what one does not see nothing.
    const asks = async (who: Browser) =>
      (await ask('POST', '/api/nodes/here', who, { studyInstanceUids: [study, '1.2.3'] })).json<{ items: object[] }>().items;
    expect(await asks(physician)).toEqual([{ studyInstanceUid: study, instances: 6, groupId }]);
    expect(
      await asks(await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: await server.makeGroup() }))),
    ).toEqual([]);
  });

  test('what is here already is not fetched again', async () => {
    let kept = 0;
    between = (keeper) => ({
      keep: (instance) => {
        kept += 1;
        return keeper.keep(instance);
      },
    });
    await server.db.withSystem((tx) =>
      tx.run('DELETE FROM instances WHERE sop_instance_uid = $1', [files[2]?.sopInstanceUid ?? '']),
    );
    const { id } = await fetched();
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', total: 6, done: 6 });
    expect(kept).toBe(1);
  });

  test('it is stopped by who asked: what is kept stays, and the rest is fetched when it is tried again', async () => {
    await forget();
    let kept = 0;
    between = (keeper) => ({
      keep: async (instance) => {
        const stored = await keeper.keep(instance);
        kept += 1;
        if (kept === 2) expect((await ask('POST', `/api/transfers/${id}/cancel`, physician)).statusCode).toBe(200);
        if (kept >= 2) await sleep(LONGER_THAN_KEEPING_MS);
        return stored;
      },
    });
    const { id } = await fetched();
    await work();
    const stopped = await transferOf(id);
    expect(stopped.status).toBe('CANCELLED');
    const before = (await instancesHere()).length;
    expect(before).toBeGreaterThanOrEqual(2);
    expect(before).toBeLessThan(6);
    expect(stopped.done).toBeLessThanOrEqual(before);
    between = (keeper) => keeper;
    expect((await ask('POST', `/api/transfers/${id}/retry`, physician)).statusCode).toBe(202);
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', total: 6, done: 6, failed: 0 });
    expect((await ask('POST', `/api/transfers/${id}/retry`, physician)).json<{ code: string }>().code).toBe('CONFLICT');
  });

  test('a process that ends puts it back, one that dies loses it to the next: nothing is lost or twice', async () => {
    await forget();
    const stop = new AbortController();
    let kept = 0;
    between = (keeper) => ({
      keep: async (instance) => {
        const stored = await keeper.keep(instance);
        kept += 1;
        if (kept === 3) stop.abort();
        return stored;
      },
    });
    const { id } = await fetched();
    await expect(work(stop.signal)).rejects.toThrow();
    expect((await transferOf(id)).status).toBe('WAITING');
    // One that died has left it as running, and kept it last some time ago.
    await server.db.withSystem((tx) =>
      tx.run(`UPDATE dicom_transfers SET status = 'RUNNING', kept_at = now() - interval '5 seconds' WHERE id = $1`, [id]),
    );
    expect(await work()).toBe(0);
    await server.db.withSystem((tx) =>
      tx.run(`UPDATE dicom_transfers SET kept_at = now() - interval '1 minute' WHERE id = $1`, [id]),
    );
    between = (keeper) => keeper;
    expect(await work()).toBe(1);
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', total: 6, done: 6 });
    expect(await instancesHere()).toHaveLength(6);
  });

  test('what is not kept is told with its reason, and only that is tried again', async () => {
    await forget();
    const bad = files[1]?.sopInstanceUid ?? '';
    between = (keeper) => ({
      keep: async (instance) => {
        if (instance.sopInstanceUid !== bad) return keeper.keep(instance);
        for await (const _run of instance.stream);
        return { outcome: 'rejected', reason: 'STORAGE_FULL' };
      },
    });
    const { id } = await fetched();
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'PARTIAL', code: 'STORAGE_FULL', total: 6, done: 5, failed: 1 });
    between = (keeper) => keeper;
    await ask('POST', `/api/transfers/${id}/retry`, physician);
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6, failed: 0 });
  });

  test('an instance that is asked for and comes as another study’s is not kept', async () => {
    await forget();
    const bad = files[3]?.sopInstanceUid ?? '';
    const [mine = '', others = ''] = [study, `${study.slice(0, -2)}${study.endsWith('11') ? '22' : '11'}`];
    between = (keeper) => ({
      keep: (instance) =>
        keeper.keep(instance.sopInstanceUid === bad ? { ...instance, stream: swapped(instance.stream) } : instance),
    });
    async function* swapped(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      const runs: Uint8Array[] = [];
      for await (const run of stream) runs.push(run);
      yield Buffer.from(Buffer.concat(runs).toString('latin1').replaceAll(mine, others), 'latin1');
    }
    const { id } = await fetched();
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'PARTIAL', code: 'OTHER_INSTANCE', total: 6, done: 5, failed: 1 });
    const strangers = await server.db.withSystem((tx) => tx.run('DELETE FROM instances WHERE sop_instance_uid = $1', [bad]));
    expect(strangers).toBe(0);
  });

  test('a study that lies in the trash is not fetched, and said to lie there', async () => {
    const trashed = (at: string | null) =>
      server.db.withSystem((tx) =>
        tx.run('UPDATE studies SET deleted_at = $2::timestamptz WHERE study_instance_uid = $1', [study, at]),
      );
    await trashed('2026-01-01');
    const { id } = await fetched();
    await work();
    const told = await transferOf(id);
    expect(told).toMatchObject({ status: 'FAILED', code: 'IN_TRASH', done: 0 });
    expect(told.problems).toMatchObject([{ studyInstanceUid: study, code: 'IN_TRASH' }]);
    await trashed(null);
    await ask('POST', `/api/transfers/${id}/retry`, physician);
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6 });
  });

  itInLongRun('a node that may be asked no more is left in the middle: nothing more comes, and it is said why', async () => {
    await forget();
    const mayBeAsked = (may: boolean) =>
      server.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET may_be_asked = $2 WHERE id = $1', [node, may]));
    let kept = 0;
    between = (keeper) => ({
      keep: async (instance) => {
        const stored = await keeper.keep(instance);
        kept += 1;
        if (kept === 2) await mayBeAsked(false);
        if (kept >= 2) await sleep(LONGER_THAN_KEEPING_MS);
        return stored;
      },
    });
    const { id } = await fetched();
    await work();
    await mayBeAsked(true);
    expect(await transferOf(id)).toMatchObject({ status: 'PARTIAL', code: 'NODE_GONE' });
    const here = (await instancesHere()).length;
    expect(here).toBeGreaterThanOrEqual(2);
    expect(here).toBeLessThan(6);
  });

  test('a token that only reads does not stop what its person asked for', async () => {
    const { id } = await fetched();
    const made = await ask('POST', '/api/tokens', physician, {
      name: 'reads',
      permissions: ['studies.read', 'patients.identity'],
    });
    expect([made.statusCode, made.body]).toEqual([201, expect.any(String)]);
    const headers = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    for (const what of ['cancel', 'retry'])
      expect((await server.app.inject({ method: 'POST', url: `/api/transfers/${id}/${what}`, headers })).statusCode).toBe(403);
    expect((await server.app.inject({ url: `/api/transfers/${id}`, headers })).json<Transfer>().status).toBe('WAITING');
    expect((await ask('POST', `/api/transfers/${id}/cancel`, physician)).json<Transfer>().status).toBe('CANCELLED');
  });

  test('a number of instances that no study has is refused', async () => {
    const payload = { studies: [{ studyInstanceUid: study, instances: 3_000_000_000 }] };
    expect((await ask('POST', `/api/nodes/${node}/retrievals`, physician, payload)).statusCode).toBe(400);
  });

  test('a study that the node has not, a node that is away', async () => {
    const none = await fetched({ studies: [{ studyInstanceUid: '1.2.3.4' }] });
    await work();
    expect(await transferOf(none.id)).toMatchObject({ status: 'FAILED', code: 'NOT_THERE', done: 0 });
    const away = await addNode({ aeTitle: 'AWAY2', port: await freePort(), mayBeAsked: true, groupId });
    const { id } = await fetched({}, physician, away);
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'FAILED', code: 'UNREACHABLE' });
  });

  test('a node without C-GET sends by C-MOVE to this server, into its own group only', { timeout: 60_000 }, async () => {
    const other = await startPeer(folder, {
      destination: { title: 'NEGATOSCOPE', port: server.settings.dicom.port },
      hasGet: false,
      title: 'MOVES',
    });
    try {
      await other.store(files.map(({ bytes }) => bytes));
      const moves = await addNode({ aeTitle: 'MOVES', port: other.port, mayBeAsked: true, groupId });
      await forget();
      const { id } = await fetched({}, physician, moves);
      await work();
      expect(await transferOf(id)).toMatchObject({ status: 'DONE', total: 6, done: 6 });
      expect(await instancesHere()).toHaveLength(6);
      await forget();
      const elsewhere = await fetched({ groupId: null }, admin, moves);
      await work();
      expect(await transferOf(elsewhere.id, admin)).toMatchObject({ status: 'FAILED', code: 'NO_WAY', done: 0 });
    } finally {
      await other.stop();
    }
  });

  test('nobody fetches into another group, or sees or stops what others asked for', async () => {
    const { id } = await fetched();
    const another = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    for (const [method, url] of [
      ['GET', `/api/transfers/${id}`],
      ['POST', `/api/transfers/${id}/cancel`],
      ['POST', `/api/transfers/${id}/retry`],
    ] as const)
      expect((await ask(method, url, another)).statusCode).toBe(404);
    expect((await ask('GET', '/api/transfers', another)).json<{ items: object[] }>().items).toEqual([]);
    expect((await ask('GET', '/api/transfers', admin)).json<{ items: { id: string }[] }>().items.map((one) => one.id)).toContain(
      id,
    );
    const into = await ask('POST', `/api/nodes/${node}/retrievals`, physician, {
      studies: [{ studyInstanceUid: study }],
      groupId: await server.makeGroup(),
    });
    expect(into.statusCode).toBe(403);
    expect((await ask('POST', `/api/transfers/${id}/cancel`, physician)).json<Transfer>().status).toBe('CANCELLED');
    expect(await work()).toBe(0);
  });

  test('who sees no identity any more sees nothing of what they once fetched', async () => {
    const person = await server.makeUser({ role: 'PHYSICIAN', groupId });
    const { id } = await fetched({}, await server.login(person));
    await server.db.withSystem((tx) => tx.run(`UPDATE users SET role = 'RESEARCHER' WHERE id = $1`, [person.id]));
    const researcher = await server.login(person);
    expect((await ask('GET', `/api/transfers/${id}`, researcher)).statusCode).toBe(404);
    expect((await ask('GET', '/api/transfers', researcher)).json<{ total: number }>()).toMatchObject({ items: [], total: 0 });
    expect((await ask('POST', `/api/transfers/${id}/cancel`, admin)).json<Transfer>().status).toBe('CANCELLED');
  });

  test('who may not any more when it runs is refused then', async () => {
    const person = await server.makeUser({ role: 'PHYSICIAN', groupId });
    const gone = await server.login(person);
    const { id } = await fetched({}, gone);
    await server.db.withSystem((tx) => tx.run(`UPDATE users SET status = 'INACTIVE' WHERE id = $1`, [person.id]));
    await work();
    expect(await transferOf(id, admin)).toMatchObject({ status: 'FAILED', code: 'NOT_AUTHORIZED', done: 0 });
  });
});

describe.skipIf(!hasDcmtk)('studies are sent (C-STORE, PS3.4 B.2, against storescp)', () => {
  let destination: Destination;
  let far: string;
  const sent = async (who = physician, at = far): Promise<Answer> =>
    ask('POST', `/api/nodes/${at}/sendings`, who, { studies: [{ studyInstanceUid: study }] });
  beforeAll(async () => {
    await forget();
    await fetched();
    await work();
    destination = await storescp(folder);
    far = await addNode({ aeTitle: 'FAR', port: destination.port, takesStudies: true, groupId });
    // Who calls at listeners of this server's own.
    await addNode({ aeTitle: 'NEGATOSCOPE', host: '127.0.0.1' });
  }, 60_000);

  test('every instance arrives with the bytes that it has here, and each has its outcome', async () => {
    const answer = await sent();
    expect(answer.statusCode).toBe(202);
    const { id } = answer.json<Transfer>();
    await work();
    expect(await transferOf(id)).toMatchObject({ kind: 'SEND', status: 'DONE', total: 6, done: 6, failed: 0, problems: [] });
    expect(destination.hashes()).toEqual(files.map(({ bytes }) => sha256(datasetOf(bytes))).sort());
    expect((await logOf(far)).at(-1)).toMatchObject({ kind: 'SEND', outcome: 'OK', done: 6 });
    const events = await server.db.withSystem((tx) =>
      tx.rows(`SELECT actor_id, patient_id, details->>'instances' AS instances FROM audit_events WHERE action = 'study.sent'`),
    );
    expect(events).toMatchObject([{ actor_id: physician.user.id, instances: '6' }]);
    // It left, as an export does: the patient's course says so, with who sent it and to where.
    const [patient] = await server.db.withSystem((tx) =>
      tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [study]),
    );
    const left = await ask('GET', `/api/patients/${patient?.patient_id}/exports`, physician);
    expect(left.json<{ items: object[] }>().items[0]).toMatchObject({
      ...{ kind: 'SENT', studies: 1, recipient: expect.stringMatching(/^Node /), by: expect.any(String) },
    });
  });

  test('what a node does not take is told by instance, and only that is sent again', async () => {
    const bad = files[4]?.sopInstanceUid ?? '';
    const taken: string[] = [];
    let isFull = true;
    const keep: Keeper['keep'] = async ({ sopInstanceUid, stream }) => {
      for await (const _run of stream);
      if (sopInstanceUid === bad && isFull) return { outcome: 'rejected', reason: 'STORAGE_FULL' };
      taken.push(sopInstanceUid);
      return { outcome: 'stored' };
    };
    const picky = listenForDicom(
      { ...portsOf(server.db, log), openKeeper: () => ({ keep }) },
      { aeTitle: 'PICKY', host: '127.0.0.1', port: 0 },
    );
    await expect.poll(() => picky.port()).toBeTypeOf('number');
    const at = await addNode({ aeTitle: 'PICKY', port: picky.port(), takesStudies: true, groupId });
    const { id } = (await sent(physician, at)).json<Transfer>();
    await work();
    const first = await transferOf(id);
    expect(first).toMatchObject({ status: 'PARTIAL', code: 'OUT_OF_RESOURCES', total: 6, done: 5, failed: 1 });
    expect(first.problems).toMatchObject([
      { sopInstanceUid: bad, outcome: 'FAILED', code: 'OUT_OF_RESOURCES', status: 0xa700, comment: 'Not stored: STORAGE_FULL' },
    ]);
    isFull = false;
    taken.length = 0;
    await ask('POST', `/api/transfers/${id}/retry`, physician);
    await work();
    expect(taken).toEqual([bad]);
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6, failed: 0 });
    await picky.close(500);
  });

  test('what is to be sent to a node that is away is tried again, later each time, and gets there when it is back', async () => {
    const at = await addNode({ aeTitle: 'LATE', port: await freePort(), takesStudies: true, groupId });
    const { id } = (await sent(physician, at)).json<Transfer>();
    const pauses: number[] = [];
    const due = () =>
      server.db.withSystem((tx) =>
        tx.run(`UPDATE dicom_transfers SET next_at = now() - interval '1 second' WHERE id = $1`, [id]),
      );
    for (let tries = 0; tries < 3; tries += 1) {
      await due();
      expect(await work()).toBe(1);
      const told = await transferOf(id);
      expect(told).toMatchObject({ status: 'WAITING', code: 'UNREACHABLE', done: 0, failed: 0, endedAt: null, problems: [] });
      pauses.push((Date.parse(told.nextTryAt ?? '') - Date.now()) / 1_000);
      expect(await work()).toBe(0);
    }
    expect(pauses.map((seconds) => Math.ceil(seconds / 10) * 10)).toEqual([30, 60, 120]);
    await server.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET port = $2 WHERE id = $1', [at, destination.port]));
    expect((await ask('POST', `/api/transfers/${id}/retry`, physician)).statusCode).toBe(202);
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6, failed: 0, nextTryAt: null });
    expect((await logOf(at)).map(({ outcome, done, failed }) => [outcome, done, failed]).at(-1)).toEqual(['OK', 6, 0]);
  });

  test('what is tried again long enough has failed, and may be tried again by a person', async () => {
    const at = await addNode({ aeTitle: 'NEVER', port: await freePort(), takesStudies: true, groupId });
    const { id } = (await sent(physician, at)).json<Transfer>();
    await server.db.withSystem((tx) => tx.run('UPDATE dicom_transfers SET tries = 8 WHERE id = $1', [id]));
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'FAILED', code: 'UNREACHABLE', failed: 6, nextTryAt: null });
    expect((await ask('POST', `/api/transfers/${id}/retry`, physician)).statusCode).toBe(202);
    await work();
    expect((await transferOf(id)).status).toBe('WAITING');
    expect((await ask('POST', `/api/transfers/${id}/cancel`, physician)).json<Transfer>().status).toBe('CANCELLED');
    expect(await work()).toBe(0);
  });

  test('cancelled while its node is away, or before its process died: nothing is sent by the next worker, and it is over', async () => {
    const at = await addNode({ aeTitle: 'ABSENT', port: await freePort(), takesStudies: true, groupId });
    const { id } = (await sent(physician, at)).json<Transfer>();
    const cancelled = async (userId: string) => {
      // What is in hands comes to its end first: whoever looks again is told that it is being stopped.
      const wished = (await ask('POST', `/api/transfers/${id}/cancel`, physician)).json<Transfer>();
      expect(wished).toMatchObject({ status: 'RUNNING', isStopping: true });
      return server.parts.identity.personOf(userId);
    };
    await runTransfers({ ...ports(), personOf: cancelled }, BY, { signal: new AbortController().signal });
    expect(await transferOf(id)).toMatchObject({ status: 'CANCELLED', code: 'CANCELLED', isStopping: false, nextTryAt: null });

    await server.db.withSystem(async (tx) => {
      await tx.run('UPDATE dicom_nodes SET port = $2 WHERE id = $1', [at, destination.port]);
      await tx.run(
        `UPDATE dicom_transfers SET status = 'RUNNING', ended_at = NULL, is_cancelled = true, kept_at = now() - interval '1 minute'
         WHERE id = $1`,
        [id],
      );
      await tx.run(`UPDATE dicom_transfer_items SET outcome = 'WAITING', code = NULL WHERE transfer_id = $1`, [id]);
    });
    await work();
    expect(await transferOf(id)).toMatchObject({ status: 'CANCELLED', done: 0, endedAt: expect.any(String) });
    expect((await logOf(at)).every(({ outcome }) => outcome !== 'OK')).toBe(true);
  });

  describe('in the middle of a sending', () => {
    /** What came to a node, each after some time, and what happens when the second is there. */
    const taken: string[] = [];
    let onSecond: () => Promise<unknown>;
    let slow: Listener;
    let at: string;
    beforeAll(async () => {
      const keep: Keeper['keep'] = async ({ sopInstanceUid, stream }) => {
        for await (const _run of stream);
        const place = taken.push(sopInstanceUid);
        if (place === 2) await onSecond();
        if (place === 2 || place === 3) await sleep(LONGER_THAN_KEEPING_MS);
        return { outcome: 'stored' };
      };
      slow = listenForDicom(
        { ...portsOf(server.db, log), openKeeper: () => ({ keep }) },
        { aeTitle: 'SLOW', host: '127.0.0.1', port: 0 },
      );
      while (slow.port() === undefined) await sleep(5);
      at = await addNode({ aeTitle: 'SLOW', port: slow.port(), takesStudies: true, groupId });
    });
    afterAll(() => slow.close(500));
    afterEach(() => server.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET takes_studies = true WHERE id = $1', [at])));

    const changes: readonly (readonly [what: string, code: string, sql: string])[] = [
      ['who asked has another role', 'NOT_AUTHORIZED', `UPDATE users SET role = 'STAFF' WHERE id = $1 OR id = $2`],
      [
        'the node takes no studies any more',
        'NODE_GONE',
        'UPDATE dicom_nodes SET takes_studies = false WHERE id = $1 OR id = $2',
      ],
      ...(isLong
        ? ([
            [
              // The node is of that group: out of reach it is like none.
              'one of two groups is taken away',
              'NODE_GONE',
              'UPDATE users SET group_id = (SELECT group_id FROM user_groups WHERE user_id = $1) WHERE id = $1 OR id = $2',
            ],
          ] as const)
        : []),
    ];
    test.each(changes)('%s: nothing more leaves, and it is said why', async (_what, code, sql) => {
      taken.length = 0;
      const person = await server.makeUser({ role: 'PHYSICIAN', groupId, groupIds: [await server.makeGroup()] });
      const { id } = (await sent(await server.login(person), at)).json<Transfer>();
      onSecond = () => server.db.withSystem((tx) => tx.run(composed({ text: sql, values: [person.id, at] })));
      await work();
      expect(taken.length).toBeLessThanOrEqual(3);
      expect(await transferOf(id, admin)).toMatchObject({
        status: 'PARTIAL',
        code,
        done: taken.length,
        failed: 6 - taken.length,
      });
    });

    itInLongRun('the token by which it was asked for is withdrawn: nothing more leaves, and it is said why', async () => {
      taken.length = 0;
      const named = { name: 'nightly', permissions: ['studies.read', 'studies.send', 'patients.identity'] };
      const token = (await ask('POST', '/api/tokens', physician, named)).json<{ id: string; secret: string }>();
      const headers = { authorization: `Bearer ${token.secret}` };
      const payload = { studies: [{ studyInstanceUid: study }] };
      const begun = await server.app.inject({ method: 'POST', url: `/api/nodes/${at}/sendings`, headers, payload });
      expect(begun.statusCode).toBe(202);
      const { id } = begun.json<Transfer>();
      onSecond = () => server.app.inject({ method: 'DELETE', url: `/api/tokens/${token.id}`, headers: physician.headers });
      await work();
      expect(taken.length).toBeLessThanOrEqual(3);
      expect(await transferOf(id)).toMatchObject({ status: 'PARTIAL', code: 'NOT_AUTHORIZED', done: taken.length });
      // Its person tries it again, by their own session.
      onSecond = async () => undefined;
      expect((await ask('POST', `/api/transfers/${id}/retry`, physician)).statusCode).toBe(202);
      await work();
      expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6 });
    });

    test('cancelled as its process ends, it is over and not put back', async () => {
      taken.length = 0;
      const { id } = (await sent(physician, at)).json<Transfer>();
      const stop = new AbortController();
      onSecond = async () => {
        await ask('POST', `/api/transfers/${id}/cancel`, physician);
        stop.abort();
      };
      await expect(work(stop.signal)).rejects.toThrow();
      expect(await transferOf(id)).toMatchObject({ status: 'CANCELLED', code: 'CANCELLED', endedAt: expect.any(String) });
      expect(await work()).toBe(0);
      expect(taken.length).toBeLessThan(6);
    });

    test('another worker takes it up: who had it sends nothing more, and writes nothing of it', async () => {
      taken.length = 0;
      const { id } = (await sent(physician, at)).json<Transfer>();
      let other: Promise<number> | undefined;
      onSecond = async () => {
        await server.db.withSystem((tx) =>
          tx.run(`UPDATE dicom_transfers SET kept_at = now() - interval '1 minute' WHERE id = $1`, [id]),
        );
        other = work();
        await expect.poll(async () => (await claimOf(id))?.isFresh).toBe(true);
      };
      await work();
      await other;
      expect(await transferOf(id)).toMatchObject({ status: 'DONE', done: 6, failed: 0 });
      // The one on its way came twice at most.
      expect(taken.length).toBeLessThanOrEqual(8);
      expect(new Set(taken).size).toBe(6);
    });
  });

  test('what is out of scope is not sent, nor to a node that does not take it, nor by who may not', async () => {
    const stranger = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: await server.makeGroup() }));
    const open = await addNode({ aeTitle: 'OPEN', port: destination.port, takesStudies: true });
    expect((await sent(stranger, open)).statusCode).toBe(404);
    expect((await sent(stranger, far)).statusCode).toBe(404);
    expect((await sent(physician, node)).statusCode).toBe(404);
    for (const role of ['STAFF', 'RESEARCHER'] as const)
      expect((await sent(await server.login(role), open)).statusCode).toBe(403);
    const reader = await server.login(await server.makeUser({ role: 'PHYSICIAN', level: 'READ', groupId }));
    expect((await sent(reader, far)).statusCode).toBe(403);
  });
});
