import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { type Db, openDatabase } from '../../../platform/db/database.ts';
import { createSequencer } from '../sequencer.ts';
import { createAudit } from '../service.ts';
import { openReceiver } from './receiver.ts';
import { sendStep } from './send.ts';

const hasRsyslog = spawnSync('rsyslogd', ['-v']).status === 0;
const clock = { now: () => new Date('2026-03-01T08:00:00Z') };
const folder = mkdtempSync(path.join(os.tmpdir(), 'ng-rsyslog-'));
const file = path.join(folder, 'messages');
let database: TestDatabase;
let db: Db;
let port: number;
let running: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: found } = server.address() as AddressInfo; // It listens on a port.
  await new Promise((resolve) => server.close(resolve));
  return found;
}

/** A real receiver by TCP, octets counted, that writes each message's parts as it understood them. */
async function startRsyslog(): Promise<void> {
  const config = `
$WorkDirectory ${folder}
module(load="imtcp" maxSessions="10")
input(type="imtcp" port="${port}" address="127.0.0.1" supportOctetCountedFraming="on")
template(name="parts" type="string" string="%syslogfacility%.%syslogseverity% %app-name% %msgid% %msg%\\n")
*.* action(type="omfile" file="${file}" template="parts")
`;
  writeFileSync(path.join(folder, 'rsyslog.conf'), config);
  const args = ['-n', '-f', path.join(folder, 'rsyslog.conf'), '-i', path.join(folder, 'pid')];
  running = spawn('rsyslogd', args, { stdio: 'ignore' });
  await expect
    .poll(
      () =>
        new Promise((resolve) => {
          const socket = net
            .connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined))
            .on('error', () => resolve(false));
        }),
      { timeout: 20_000 },
    )
    .toBe(true);
}
const stopRsyslog = async (): Promise<void> => {
  const ended = new Promise((resolve) => running?.once('exit', resolve));
  running?.kill('SIGTERM');
  await ended;
};

describe.skipIf(!hasRsyslog)('rsyslog', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase({ connection: database.appConfig, poolSize: 4 });
    port = await freePort();
  });
  afterAll(async () => {
    await stopRsyslog();
    await db.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('understands 500 events, each whole and once in its order, over its own restart', async () => {
    await startRsyslog();
    const receiver = openReceiver({ protocol: 'tcp', host: '127.0.0.1', port, ca: undefined });
    const audit = createAudit({ db, clock });
    const sequencer = createSequencer({ db, clock, key: Buffer.alloc(32, 7), anchorFolder: path.join(folder, 'anchors') });
    const step = () => sendStep({ db, clock }, receiver, { site: 'Thiès', host: 'images', processId: 1 });
    await step();
    const happen = async (from: number): Promise<void> => {
      const events = Array.from(
        { length: 250 },
        (_, at) => ({ action: 'study.frames', actor: null, entityId: `é${from + at}` }) as const,
      );
      await db.withScope([], (tx) => audit.recordAll(tx, events));
      await sequencer.step();
    };
    await happen(0);
    while ((await step()) > 0);
    await expect.poll(() => linesOf().length, { timeout: 10_000 }).toBe(250);
    await stopRsyslog();
    await happen(250);
    await expect(step()).rejects.toThrow();
    await startRsyslog();
    while ((await step()) > 0);
    await expect.poll(() => linesOf().length, { timeout: 10_000 }).toBe(500);
    const lines = linesOf();
    expect(lines.map((line) => /ParticipantObjectID="é(\d+)"/.exec(line)?.[1])).toEqual(lines.map((_, at) => String(at)));
    expect(lines[0]).toMatch(/^10\.5 negatoscope DICOM\+RFC3881 .*<\/AuditMessage>$/);
    // Well-formed, as another program reads it.
    const xml = path.join(folder, 'one.xml');
    writeFileSync(xml, lines[0]?.slice(lines[0].indexOf('<?xml')) ?? '');
    execFileSync('python3', ['-c', 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])', xml]);
    receiver.close();
  });
});

const linesOf = (): string[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '').split('\n').filter((line) => line.includes('AuditMessage'));
