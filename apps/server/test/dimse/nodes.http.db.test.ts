import { createServer, type Server, type Socket } from 'node:net';
import type { DicomNode, NodeTrial } from '@negatoscope/contract';
import { negotiate, type Outcome, REJECT, UpperLayer } from '@negatoscope/dimse';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenForDicom } from '../../src/features/dimse/index.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { portsOf } from './support.ts';

let server: TestApp;
let admin: Browser;
beforeAll(async () => {
  server = await createTestApp({ settings: { dicom: { host: '127.0.0.1', port: 11_112, aeTitle: 'NEGATOSCOPE' } } });
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = (method: Method, path: string, payload?: object, who = admin) =>
  server.app.inject({
    method,
    url: `/api/system/nodes${path}`,
    headers: who.headers,
    ...(payload === undefined ? {} : { payload }),
  });
const BODY = {
  name: 'Scanner 1',
  aeTitle: 'CT1',
  host: '10.1.2.3',
  port: 104,
  mayStore: true,
  mayQuery: false,
  mayRetrieve: false,
  mayWorklist: false,
  groupId: null,
};
const add = async (more: object): Promise<DicomNode> => {
  const response = await ask('POST', '', { ...BODY, ...more });
  expect([response.statusCode, response.body]).toEqual([201, expect.any(String)]);
  return response.json();
};
const listed = async (): Promise<DicomNode[]> => (await ask('GET', '')).json<{ items: DicomNode[] }>().items;
const eventsOf = (id: string) =>
  server.db.withSystem((tx) =>
    tx.rows('SELECT action, actor_id, details FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at', [id]),
  );

describe('known nodes', () => {
  test('are listed by name, with where this server listens', async () => {
    await add({ name: 'Zèbre', aeTitle: 'Z' });
    await add({ name: 'archive', aeTitle: 'A' });
    const body = (await ask('GET', '')).json<{ items: DicomNode[]; listening: unknown }>();
    expect(body.items.map(({ name }) => name)).toEqual(['archive', 'Zèbre']);
    expect(body.listening).toMatchObject({ aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port: 11_112 });
  });

  test('are added, changed, taken away and brought back, each with its event', async () => {
    const groupId = await server.makeGroup();
    const node = await add({ aeTitle: 'LIFE', groupId });
    expect(node).toMatchObject({ ...BODY, aeTitle: 'LIFE', groupId, version: 1, lastSeenAt: null });
    const changed = await ask('PUT', `/${node.id}`, { ...BODY, aeTitle: 'LIFE', port: 4242, groupId, version: 1 });
    expect(changed.json()).toMatchObject({ port: 4242, version: 2 });
    const stale = await ask('PUT', `/${node.id}`, { ...BODY, aeTitle: 'LIFE', version: 1 });
    expect([stale.statusCode, stale.json<{ code: string }>().code]).toEqual([409, 'STALE_UPDATE']);
    expect((await ask('DELETE', `/${node.id}`)).statusCode).toBe(204);
    expect((await listed()).some(({ id }) => id === node.id)).toBe(false);
    expect((await ask('DELETE', `/${node.id}`)).statusCode).toBe(404);
    expect((await ask('PUT', `/${node.id}`, { ...BODY, version: 2 })).statusCode).toBe(404);
    expect((await ask('POST', `/${node.id}/restore`)).json()).toMatchObject({ id: node.id, port: 4242 });
    expect((await ask('POST', `/${node.id}/restore`)).statusCode).toBe(404);
    const details = { aeTitle: 'LIFE', host: '10.1.2.3', port: 4242 };
    expect(await eventsOf(node.id)).toEqual(
      [
        { action: 'dicom-node.created', details: { ...details, port: 104 } },
        { action: 'dicom-node.updated', details },
        { action: 'dicom-node.removed', details },
        { action: 'dicom-node.restored', details },
      ].map((event) => ({ ...event, actor_id: admin.user.id })),
    );
  });

  test('one title may be at several addresses, and at each once', async () => {
    const first = await add({ aeTitle: 'TWICE', host: '10.0.0.1' });
    await add({ aeTitle: 'TWICE', host: '10.0.0.2' });
    const again = await ask('POST', '', { ...BODY, aeTitle: 'TWICE', host: '10.0.0.1' });
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'NAME_TAKEN']);
    await ask('DELETE', `/${first.id}`);
    await add({ aeTitle: 'TWICE', host: '10.0.0.1' });
    expect((await ask('POST', `/${first.id}/restore`)).json<{ code: string }>().code).toBe('NAME_TAKEN');
  });

  test.each([
    '10.1.2.3',
    'FD00::1',
    '10.1.2.0/24',
    '10.0.0.0/8',
    '::ffff:10.0.0.0/104',
    'fd00::/16',
    'fd00::/64',
    'ct-1.hospital.example',
    'localhost',
  ])('%s is a host', async (host) => {
    expect((await add({ aeTitle: 'HOSTS', host })).host).toBe(host.toLowerCase());
  });

  test.each([
    [{ host: '10.1.2' }],
    [{ host: '10.1.2.3.4' }],
    [{ host: '0.0.0.0/0' }],
    [{ host: '::/0' }],
    [{ host: '10.1.2.0/33' }],
    // Wider than /8 of IPv4 or /16 of IPv6, however it is written.
    [{ host: '0.0.0.0/1' }],
    [{ host: '10.0.0.0/7' }],
    [{ host: 'fc00::/15' }],
    [{ host: '::ffff:0:0/96' }],
    [{ host: '::ffff:10.0.0.0/103' }],
    [{ host: '0:0:0:0:0:ffff::/97' }],
    [{ host: '::/64' }],
    [{ host: 'a b' }],
    [{ host: '-x' }],
    [{ host: '' }],
    [{ aeTitle: '' }],
    [{ aeTitle: '   ' }],
    [{ aeTitle: 'SEVENTEEN_LETTERS' }],
    [{ aeTitle: 'A\\B' }],
    [{ aeTitle: 'É' }],
    [{ aeTitle: '*' }],
    [{ port: 0 }],
    [{ port: 70_000 }],
    [{ name: ' ' }],
    [{ name: '\u200b' }],
    [{ name: '\u0301' }],
    [{ name: 'CT\u202e1' }],
    [{ name: 'CT\n1' }],
    [{ mayStore: 'yes' }],
    [{ more: 1 }],
  ])('%o is refused with its field', async (wrong) => {
    const response = await ask('POST', '', { ...BODY, ...wrong });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('a group that there is not is refused', async () => {
    const groupId = '019a0000-0000-7000-a000-000000000001';
    expect((await ask('POST', '', { ...BODY, aeTitle: 'NOGROUP', groupId })).statusCode).toBe(422);
  });

  test('nobody but who manages the system sees or changes them', async () => {
    for (const role of ['RADIOLOGIST', 'PHYSICIAN', 'STAFF', 'RESEARCHER'] as const) {
      const who = await server.login(role);
      expect((await ask('GET', '', undefined, who)).statusCode).toBe(403);
      expect((await ask('POST', '', BODY, who)).statusCode).toBe(403);
    }
  });
});

describe('what is told of them', () => {
  const stateOf = async () => (await ask('GET', '')).json<{ listening: { state: string } }>().listening;

  test('whether this server listens is what the process that listens says, while it says anything', async () => {
    expect(await stateOf()).toMatchObject({ state: 'SILENT', trouble: null });
    const say = (isListening: boolean, trouble: string | null, secondsAgo = 0) =>
      server.db.withSystem(async (tx) => {
        await tx.run('DELETE FROM dicom_listeners');
        await tx.run(
          `INSERT INTO dicom_listeners (id, is_listening, trouble, connections, associations, turned_away, started_at, reported_at)
           VALUES (gen_random_uuid(), $1, $2, 4, 3, 9, now(), now() - make_interval(secs => $3))`,
          [isListening, trouble, secondsAgo],
        );
      });
    await say(true, null);
    expect(await stateOf()).toMatchObject({ state: 'LISTENING', connections: 4, associations: 3, turnedAway: 9 });
    await say(false, 'EADDRINUSE');
    expect(await stateOf()).toMatchObject({ state: 'CANNOT_LISTEN', trouble: 'EADDRINUSE' });
    await say(true, null, 60);
    expect(await stateOf()).toMatchObject({ state: 'SILENT' });
  });

  test('a trial is in the log of the node, which is read page by page', async () => {
    const { id } = await add({ aeTitle: 'LOGGED', host: '10.0.0.0/8' });
    await ask('POST', `/${id}/echo`);
    await ask('POST', `/${id}/echo`);
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO dicom_node_log (id, node_id, together, kind, is_ours, outcome, code, status, first_at, last_at, times, done, warned, failed, bytes, ms, instance_uids)
         SELECT gen_random_uuid(), $1, 'old ' || n, 'STORE', false, 'WARNING', 'SAME_UID_OTHER_CONTENT', 45056, now() - interval '1 day', now() - interval '1 day', 1, 0, 1, 0, 5, 6, ARRAY['1.2.3']
         FROM generate_series(1, 3) AS n`,
        [id],
      ),
    );
    interface Log {
      readonly items: object[];
      readonly nextCursor: string | null;
      readonly total: number;
    }
    const first = (await ask('GET', `/${id}/log?limit=2`)).json<Log>();
    expect(first.items).toMatchObject([
      { kind: 'ECHO', isOurs: true, outcome: 'FAILED', code: 'NO_ADDRESS', times: 2, failed: 2 },
      {
        kind: 'STORE',
        isOurs: false,
        outcome: 'WARNING',
        code: 'SAME_UID_OTHER_CONTENT',
        status: 0xb000,
        instanceUids: ['1.2.3'],
      },
    ]);
    const rest = (await ask('GET', `/${id}/log?limit=2&cursor=${first.nextCursor}`)).json<Log>();
    expect([first.total, rest.items.length, rest.nextCursor]).toEqual([4, 2, null]);
    expect((await ask('GET', `/${id}/log?cursor=nonsense`)).json<{ code: string }>().code).toBe('BAD_CURSOR');
    await ask('DELETE', `/${id}`);
    expect((await ask('GET', `/${id}/log`)).statusCode).toBe(404);
  });

  test('what was counted of each is added up over days', async () => {
    const { id } = await add({ aeTitle: 'COUNTED' });
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO dicom_node_days (node_id, day, kind, is_ours, times, done, warned, failed, bytes)
         SELECT $1, current_date - n, 'STORE', false, 10, 8, 1, 1, 3000000000 FROM generate_series(0, 40) AS n`,
        [id],
      ),
    );
    const figures = async (days: string) =>
      (await server.app.inject({ url: `/api/system/node-figures${days}`, headers: admin.headers })).json<{
        items: { nodeId: string }[];
      }>();
    const of = async (days: string) => (await figures(days)).items.filter(({ nodeId }) => nodeId === id);
    const sums = (days: number) => ({
      times: 10 * days,
      done: 8 * days,
      warned: days,
      failed: days,
      bytes: 3_000_000_000 * days,
    });
    expect(await of('?days=2')).toEqual([{ nodeId: id, kind: 'STORE', isOurs: false, ...sums(2) }]);
    expect(await of('')).toMatchObject([sums(30)]);
  });

  test('who called and is not known is listed until it is made known', async () => {
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO dicom_callers (address, calling_aet, called_aet, code, first_at, last_at, times)
         VALUES ('10.9.9.9', 'NEWCT', 'NEGATOSCOPE', 'CALLING_AET', now(), now(), 3), ('10.9.9.9', '', '', 'TOO_MANY_CONNECTIONS', now(), now(), 70)`,
      ),
    );
    const listedCallers = async () =>
      (await server.app.inject({ url: '/api/system/node-callers', headers: admin.headers })).json<{
        items: { callingAet: string }[];
      }>().items;
    expect((await listedCallers()).map(({ callingAet }) => callingAet).sort()).toEqual(['', 'NEWCT']);
    await add({ aeTitle: 'NEWCT', host: '10.9.0.0/16' });
    expect((await listedCallers()).map(({ callingAet }) => callingAet)).toEqual(['']);
  });
});

describe('a node is tried by an echo (PS3.7 9.1.5)', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((one) => new Promise((done) => one.close(done))));
  });

  async function answering(serve: (socket: Socket) => void): Promise<number> {
    const one = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      serve(socket);
    });
    servers.push(one);
    await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
    const address = one.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }
  const tried = async (port: number, more: object = {}): Promise<NodeTrial> => {
    const { id } = await add({ aeTitle: `T${port}`, host: '127.0.0.1', port, ...more });
    const response = await ask('POST', `/${id}/echo`);
    expect(response.statusCode).toBe(200);
    const trial = response.json<NodeTrial>();
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      action: 'dicom-node.tried',
      details: { aeTitle: `T${port}`, host: '127.0.0.1', port, ...more, outcome: trial.outcome },
    });
    return trial;
  };

  /** Answers a request as `by` does. */
  const acceptor = (by: (layer: UpperLayer, outcome: Outcome) => Outcome[]) => (socket: Socket) => {
    const layer = new UpperLayer({ isRequestor: false, artimMs: 5000, maxDataBytes: 16_384 });
    const play = (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        if (outcome.kind === 'send') for (const bytes of outcome.bytes) socket.write(bytes);
        else play(by(layer, outcome));
      }
    };
    layer.opened(0);
    socket.on('data', (bytes) => play(layer.receive(bytes, 0)));
  };

  test('one that answers: a listener of our own', async () => {
    const log = pino({ level: 'silent' });
    const ports = { ...portsOf(server.db, log), openKeeper: () => ({ keep: async () => ({ outcome: 'stored' as const }) }) };
    const listener = listenForDicom(ports, { aeTitle: 'OTHER', host: '127.0.0.1', port: 0 });
    await expect.poll(() => listener.port()).toBeTypeOf('number');
    const port = listener.port() ?? 0;
    expect(await tried(port)).toMatchObject({ outcome: 'REFUSED', reason: 'CALLED_AET' });
    await add({ aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port: 104 });
    const { id } = await add({ aeTitle: 'OTHER', host: 'localhost', port });
    const trial = (await ask('POST', `/${id}/echo`)).json<NodeTrial>();
    expect(trial).toMatchObject({ outcome: 'OK', reason: null });
    await listener.close(100);
  });

  test.each([
    ['does not know this server', REJECT.CALLING_AET, { outcome: 'REFUSED', reason: 'CALLING_AET' }],
    ['has no room', REJECT.LIMIT, { outcome: 'REFUSED', reason: 'BUSY' }],
    ['refuses without a reason', REJECT.NO_REASON, { outcome: 'REFUSED', reason: null }],
  ] as const)('one that %s', async (_what, refusal, told) => {
    const port = await answering(acceptor((layer, outcome) => (outcome.kind === 'requested' ? layer.reject(refusal, 0) : [])));
    expect(await tried(port)).toMatchObject(told);
  });

  test('one that takes associations and no echoes', async () => {
    const policy = { implementation: { classUid: '1.2', version: 'X' }, maxLength: 16_384, offer: () => undefined };
    const port = await answering(
      acceptor((layer, outcome) =>
        outcome.kind === 'requested' ? layer.accept(negotiate(outcome.request, policy).accept, 0) : [],
      ),
    );
    expect(await tried(port)).toMatchObject({ outcome: 'FAILED' });
  });

  test.each([
    ['answers HTTP', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'FAILED'],
    ['hangs up', (socket: Socket) => socket.destroy(), 'FAILED'],
    ['announces 4 GiB', (socket: Socket) => socket.write(Uint8Array.of(2, 0, 255, 255, 255, 255)), 'FAILED'],
    // It is waited for, for eight seconds.
    ...(isLong ? [['says nothing', () => undefined, 'NO_ANSWER'] as const] : []),
  ] as const)('one that %s', { timeout: 20_000 }, async (_what, serve, outcome) => {
    expect(await tried(await answering(serve))).toMatchObject({ outcome });
  });

  test('one that is not there, and one that is a network', async () => {
    expect(await tried(1)).toMatchObject({ outcome: 'UNREACHABLE' });
    expect(await tried(2, { host: '10.0.0.0/8' })).toMatchObject({ outcome: 'NO_ADDRESS' });
    expect((await ask('POST', '/019a0000-0000-7000-a000-000000000001/echo')).statusCode).toBe(404);
  });
});
