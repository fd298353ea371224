import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { service } from '../../../access/index.ts';
import { type Db, openDatabase } from '../../../platform/db/database.ts';
import { createSequencer } from '../sequencer.ts';
import { createAudit } from '../service.ts';
import { chainFigures } from './care.ts';
import { checkChain } from './run.ts';
import { tellBroken } from './tell.ts';

const by = service('check-audit-chain', ['audit.read']);
let database: TestDatabase;
let db: Db;
let owner: Client;
let anchorFolder: string;
let time = Date.parse('2026-03-01T10:00:00Z');
const clock = { now: () => new Date(time) };
const key = Buffer.alloc(32, 7);

beforeEach(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  owner = new Client(database.ownerConfig);
  await owner.connect();
  anchorFolder = await mkdtemp(path.join(tmpdir(), 'ng-check-'));
});
afterEach(async () => {
  await owner.end();
  await db.close();
  await database.drop();
  await rm(anchorFolder, { recursive: true, force: true });
});

const ports = () => ({ db, clock, key, anchorFolder, audit: createAudit({ db, clock }) });
const check = () => checkChain(ports(), by, undefined);
/** Twenty events more, linked. */
async function grow(name: string): Promise<void> {
  const audit = createAudit({ db, clock });
  for (let at = 0; at < 20; at += 1) {
    time += 1_000;
    await audit.note({ action: 'test.event', actor: null, entityId: `${name}${at}` });
  }
  await createSequencer({ db, clock, key, anchorFolder }).step();
}
const told = async (): Promise<unknown[]> =>
  (await owner.query("SELECT action, details->>'sequence' AS at FROM audit_events WHERE action LIKE 'audit.chain%' ORDER BY id"))
    .rows;

test('each run checks what came since, and a whole chain says so to who watches', async () => {
  expect(await chainFigures({ db, clock })).toMatchObject({ holds: undefined });
  await grow('a');
  expect(await check()).toEqual({ events: 20, bad: undefined });
  await grow('b');
  expect(await check()).toEqual({ events: 20, bad: undefined });
  expect(await chainFigures({ db, clock })).toMatchObject({ holds: true, checkedSeconds: 0 });
  expect(await told()).toEqual([]);
});

test('an event that is changed before it was checked is named, on record and told by mail once; when it is as it was, that is on record too', async () => {
  await grow('a');
  await owner.query("UPDATE audit_events SET outcome = 'DENIED' WHERE entity_id = 'a7'");
  expect(await check()).toMatchObject({ bad: { at: 8, problem: 'An event or its link was changed.' } });
  const { id } = (await owner.query("SELECT id FROM audit_events WHERE entity_id = 'a7'")).rows[0];
  expect((await owner.query('SELECT bad_sequence::int, bad_event FROM audit_checks')).rows).toEqual([
    { bad_sequence: 8, bad_event: id },
  ]);
  const mails: string[] = [];
  const tell = () =>
    tellBroken(
      { db, clock, tellReaders: async (mail) => mails.push(mail('fr', 'Hôpital').text, mail('en', 'Hospital').text) },
      by,
    );
  await tell();
  await check();
  await tell();
  expect(mails).toHaveLength(2);
  expect(mails[0]).toContain('n° 8');
  expect(await told()).toEqual([{ action: 'audit.chain-broken', at: '8' }]);
  expect(await chainFigures({ db, clock })).toMatchObject({ holds: false, badSequence: 8 });
  await owner.query("UPDATE audit_events SET outcome = 'SUCCESS' WHERE entity_id = 'a7'");
  expect(await check()).toMatchObject({ bad: undefined });
  expect((await told()).at(-1)).toMatchObject({ action: 'audit.chain-mended' });
});

test('an old event that was checked before is found by the reading of the whole, which begins again every week', async () => {
  await grow('a');
  await check();
  await owner.query("DELETE FROM audit_events WHERE entity_id = 'a3'");
  expect(await check()).toMatchObject({ bad: undefined });
  time += 7 * 86_400_000;
  expect(await check()).toMatchObject({ bad: { at: 4, problem: 'An event was removed.' } });
});

test('a chain whose end was checked and is another now, or is gone, is found at once', async () => {
  await grow('a');
  await grow('b');
  await check();
  await owner.query('DELETE FROM audit_chain WHERE sequence > 30');
  await rm(anchorFolder, { recursive: true, force: true });
  expect(await check()).toMatchObject({ bad: { at: 31 } });
  expect(await check()).toMatchObject({ bad: { at: 31 } });
  expect(await told()).toHaveLength(1);
});
