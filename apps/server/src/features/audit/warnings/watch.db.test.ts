import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { type Actor, person, service } from '../../../access/index.ts';
import { type Db, openDatabase } from '../../../platform/db/database.ts';
import type { AuditRecord } from '../audit-rows.ts';
import { createSequencer } from '../sequencer.ts';
import { createAudit } from '../service.ts';
import { acknowledge } from './repository.ts';
import type { WarnRules } from './rules.ts';
import { tellWarnings } from './tell.ts';
import { watchJournal } from './watch.ts';

const by = service('watch-audit', ['audit.read']);
const RULES: WarnRules = {
  ...{ timeZone: 'Africa/Nairobi', exportsAnHour: 5, deniedAnHour: 3, patientsAtNight: 2, records: 'family' },
  hours: { from: '07:00', to: '19:00' },
};
let database: TestDatabase;
let db: Db;
let owner: Client;
let anchorFolder: string;
let time: number;
const clock = { now: () => new Date(time) };
const awa = randomUUID();
const key = Buffer.alloc(32, 7);

beforeEach(async () => {
  // 11 o'clock in Nairobi.
  time = Date.parse('2026-03-02T08:00:00Z');
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  owner = new Client(database.ownerConfig);
  await owner.connect();
  anchorFolder = await mkdtemp(path.join(tmpdir(), 'ng-watch-'));
  await owner.query(
    `INSERT INTO users (id, email, first_name, last_name, role, level, status, locale) VALUES
     ($1, 'a@x.example', 'Awa', 'Ngom', 'PHYSICIAN', 'WRITE', 'ACTIVE', 'fr'), ($2, 'b@x.example', 'Élise', 'Faye', 'STAFF', 'WRITE', 'ACTIVE', 'fr')`,
    [awa, randomUUID()],
  );
  await watch();
});
afterEach(async () => {
  await owner.end();
  await db.close();
  await database.drop();
  await rm(anchorFolder, { recursive: true, force: true });
});

const as = (userId: string): Actor =>
  person({
    ...{ userId, role: 'PHYSICIAN', level: 'WRITE', groupId: null, permissions: new Set() },
    ...{ sessionId: randomUUID(), via: 'session', ip: '127.0.0.1' },
  });
const names = new Map<string, { id: string; familyName: string; givenName: string }>();
/** What a person does, a second after the other, and what the journal says to it. */
async function watch(...events: Partial<AuditRecord>[]): Promise<number> {
  const audit = createAudit({ db, clock });
  for (const event of events) {
    time += 1_000;
    await audit.note({ action: 'patient.read', actor: as(awa), ...event });
  }
  await createSequencer({ db, clock, key, anchorFolder }).step();
  const ports = {
    db,
    clock,
    audit,
    rules: RULES,
    namesOfPatients: async (_tx: unknown, _by: unknown, ids: readonly string[]) => ids.flatMap((id) => names.get(id) ?? []),
  };
  return (await watchJournal(ports, by, undefined)).warnings;
}
const open = async (): Promise<unknown[]> =>
  (await owner.query('SELECT rule, patient_id, amount FROM audit_warnings WHERE acknowledged_at IS NULL ORDER BY raised_at, id'))
    .rows;
const exportOf = (patientId: string): Partial<AuditRecord> => ({ action: 'patient.exported', patientId });
const looked = async (): Promise<void> => {
  for (const { id } of (await owner.query('SELECT id FROM audit_warnings')).rows)
    await db.withScope([], (tx) => acknowledge(tx, id, { userId: awa, reason: 'in order', at: clock.now() }));
};

test('many patients taken out in an hour are one warning, which goes on while it waits, and begins anew once somebody has looked', async () => {
  const patients = Array.from({ length: 9 }, () => randomUUID());
  // The same patient again is no other.
  expect(await watch(...patients.slice(0, 4).map(exportOf), exportOf(patients[0] ?? ''))).toBe(0);
  expect(await watch(exportOf(patients[4] ?? ''))).toBe(1);
  expect(await watch(...patients.slice(5, 8).map(exportOf))).toBe(0);
  expect(await open()).toEqual([{ rule: 'MASS_EXPORT', patient_id: null, amount: 8 }]);
  await looked();
  expect(await watch(exportOf(patients[8] ?? ''))).toBe(0);
  expect(await watch(...patients.slice(0, 4).map(exportOf))).toBe(1);
});

test('as many in more than an hour are none', async () => {
  for (let at = 0; at < 8; at += 1) {
    time += 15 * 60_000;
    expect(await watch(exportOf(randomUUID()))).toBe(0);
  }
});

test('many refusals, and patients opened outside the hours of the site by its own clock', async () => {
  expect(await watch(...Array.from({ length: 3 }, () => ({ action: 'access.denied', outcome: 'DENIED' }) as const))).toBe(1);
  // 18:59 in Nairobi, then 19:30.
  time = Date.parse('2026-03-02T15:59:00Z');
  expect(await watch({ patientId: randomUUID() }, { patientId: randomUUID() })).toBe(0);
  time = Date.parse('2026-03-02T16:30:00Z');
  expect(await watch({ patientId: randomUUID() })).toBe(0);
  expect(await watch({ patientId: randomUUID() })).toBe(1);
  expect(await open()).toMatchObject([
    { rule: 'DENIED', amount: 3 },
    { rule: 'NIGHT', amount: 2 },
  ]);
});

test('one’s own record, a colleague’s and one of one’s name, each once; what is imported is none, and nobody is warned of by what was before', async () => {
  const [own, colleague, family, other] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  for (const [id, familyName, givenName] of [
    [own, 'NGOM', 'AWA'],
    [colleague, 'Faye', 'Elise'],
    [family, 'Ngom', 'Moussa'],
    [other, 'Sow', 'Binta'],
  ] as const)
    names.set(id, { id, familyName, givenName });
  expect(
    await watch({ action: 'study.import', patientId: own }, { patientId: other }, { action: 'audit.read', patientId: own }),
  ).toBe(0);
  expect(await watch({ patientId: own }, { patientId: own }, { patientId: colleague }, { patientId: family })).toBe(3);
  expect(await watch({ patientId: own })).toBe(0);
  expect(await open()).toEqual(
    expect.arrayContaining([
      { rule: 'OWN_RECORD', patient_id: own, amount: 3 },
      { rule: 'COLLEAGUE_RECORD', patient_id: colleague, amount: 1 },
      { rule: 'SAME_NAME', patient_id: family, amount: 1 },
    ]),
  );
  await looked();
  expect(await watch({ patientId: own })).toBe(0);
  time += 2 * 86_400_000;
  expect(await watch({ patientId: own })).toBe(1);
  const { rows } = await owner.query("SELECT count(*)::int AS n FROM audit_events WHERE action = 'audit.warned'");
  expect(rows).toEqual([{ n: 4 }]);
});

test('who may read the journal is told once for all that waits, and not again for a quarter of an hour', async () => {
  const told: string[] = [];
  const tell = () => tellWarnings({ db, clock, tellReaders: async (mail) => told.push(mail('en', 'Hospital').subject) }, by);
  await tell();
  const refused = Array.from({ length: 3 }, () => ({ action: 'access.denied', outcome: 'DENIED' }) as const);
  await watch(...refused);
  await tell();
  await tell();
  await watch(...refused.map((event) => ({ ...event, actor: as(randomUUID()) })));
  await watch(...Array.from({ length: 5 }, () => exportOf(randomUUID())));
  await tell();
  time += 15 * 60_000;
  await tell();
  expect(told).toEqual(['Hospital: one warning of the audit log', 'Hospital: one warning of the audit log']);
});
