import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { type Db, openDatabase } from '../../../platform/db/database.ts';
import { createSequencer } from '../sequencer.ts';
import { createAudit } from '../service.ts';
import { openReceiver, type Receiver, type ReceiverAddress } from './receiver.ts';
import { sendStep } from './send.ts';

const clock = { now: () => new Date('2026-03-01T08:00:00Z') };
const source = { site: 'Site', host: 'host', processId: 1 };
const folder = mkdtempSync(path.join(os.tmpdir(), 'ng-syslog-'));
const own = (name: string): string => path.join(folder, name);
let database: TestDatabase;
let db: Db;
let receivers: Receiver[] = [];

beforeAll(() => {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', ...names], { cwd: folder, stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  receivers = [];
});
afterEach(async () => {
  for (const receiver of receivers) receiver.close();
  await db.close();
  await database.drop();
});

/** What came, as its octets were counted (RFC 6587 3.4.1). */
function unframed(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const space = bytes.indexOf(0x20, from);
    const length = Number(bytes.toString('ascii', from, space));
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    from = space + 1 + length;
  }
  return messages;
}

interface Listening {
  readonly port: number;
  readonly messages: () => string[];
  close(): Promise<void>;
}

async function listen(protocol: 'tls' | 'tcp', port = 0): Promise<Listening> {
  const chunks: Buffer[] = [];
  const sockets = new Set<net.Socket>();
  const take = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
  };
  const files = { cert: readFileSync(own('cert.pem')), key: readFileSync(own('key.pem')) };
  const server = protocol === 'tls' ? tls.createServer(files, take) : net.createServer(take);
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port, // It listens on a port.
    messages: () => unframed(Buffer.concat(chunks)),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const open = (address: Omit<ReceiverAddress, 'ca' | 'host'> & { readonly ca?: string }): Receiver => {
  const receiver = openReceiver({ host: 'localhost', ca: undefined, ...address });
  receivers.push(receiver);
  return receiver;
};
async function happens(...names: string[]): Promise<void> {
  const audit = createAudit({ db, clock });
  for (const name of names) await audit.note({ action: 'patient.read', actor: null, entityType: 'thing', entityId: name });
  await createSequencer({ db, clock, key: Buffer.alloc(32, 7), anchorFolder: own('anchors') }).step();
}
const step = (receiver: Receiver) => sendStep({ db, clock }, receiver, source);
const idsOf = (messages: readonly string[]): string[] =>
  messages.map((message) => /ParticipantObjectID="([^"]*)"/.exec(message)?.[1] ?? message);

test.each(['tls', 'tcp'] as const)('events go by %s once each, in their order, from when it is turned on', async (protocol) => {
  const to = await listen(protocol);
  const receiver = open({ protocol, port: to.port, ca: own('cert.pem') });
  await happens('before');
  expect(await step(receiver)).toBe(0);
  await happens('a', 'b', 'ç"<');
  expect(await step(receiver)).toBe(3);
  await happens('d');
  expect([await step(receiver), await step(receiver)]).toEqual([1, 0]);
  await expect.poll(() => idsOf(to.messages())).toEqual(['a', 'b', 'ç&quot;&lt;', 'd']);
  await to.close();
});

test('nothing is lost while the receiver is away, closes in between, or is another one after a restart', async () => {
  const first = await listen('tcp');
  const receiver = open({ protocol: 'tcp', port: first.port });
  await step(receiver);
  await happens('a');
  await step(receiver);
  await expect.poll(() => idsOf(first.messages())).toEqual(['a']);
  await first.close();
  await happens('b', 'c');
  await expect(step(receiver)).rejects.toThrow();
  await expect(step(receiver)).rejects.toThrow();
  const failing = await db.withSystem((tx) => tx.rows('SELECT failing_since FROM audit_followers'));
  expect(failing).toEqual([{ failing_since: clock.now() }]);
  const second = await listen('tcp', first.port);
  // A process that was just started knows nothing but what the database has.
  expect(await step(open({ protocol: 'tcp', port: first.port }))).toBe(2);
  await expect.poll(() => idsOf(second.messages())).toEqual(['b', 'c']);
  await second.close();
});

test('a receiver whose certificate nobody vouches for is told nothing', async () => {
  const to = await listen('tls');
  const receiver = open({ protocol: 'tls', port: to.port });
  await step(receiver);
  await happens('secret');
  await expect(step(receiver)).rejects.toThrow(/self.signed/i);
  expect(to.messages()).toEqual([]);
  await to.close();
});

test('by UDP each event is a datagram of its own', async () => {
  const came: string[] = [];
  const socket = createSocket('udp4').on('message', (message) => came.push(message.toString('utf8')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const receiver = openReceiver({ protocol: 'udp', host: '127.0.0.1', port: socket.address().port, ca: undefined });
  receivers.push(receiver);
  await step(receiver);
  await happens('a', 'b');
  expect(await step(receiver)).toBe(2);
  await expect.poll(() => idsOf(came)).toEqual(['a', 'b']);
  expect(came[0]?.startsWith('<85>1 ')).toBe(true);
  socket.close();
});
