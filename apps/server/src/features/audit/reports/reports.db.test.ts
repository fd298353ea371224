import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { type MailServer, startMailServer } from '../../../../test/support/mail-server.ts';
import { person, service } from '../../../access/index.ts';
import { type Db, openDatabase } from '../../../platform/db/database.ts';
import { createMailer } from '../../../platform/mail/mailer.ts';
import { createAudit } from '../service.ts';
import { makeReports } from './make.ts';
import { named } from './named.ts';
import { csvOf, pdfOf } from './paper.ts';
import * as repository from './repository.ts';

const by = service('report-audit', ['audit.read']);
let database: TestDatabase;
let db: Db;
let owner: Client;
let mail: MailServer;
let time = Date.parse('2026-02-27T20:00:00Z');
const clock = { now: () => new Date(time) };
const awa = randomUUID();

beforeEach(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  owner = new Client(database.ownerConfig);
  await owner.connect();
  mail = await startMailServer();
  await owner.query(
    `INSERT INTO users (id, email, first_name, last_name, role, level, status, locale) VALUES ($1, 'a@x.example', 'Awa', 'Ŋgom', 'ADMIN', 'ADMIN', 'ACTIVE', 'en')`,
    [awa],
  );
});
afterEach(async () => {
  await mail.close();
  await owner.end();
  await db.close();
  await database.drop();
});

const make = (reportsTo: string[] = []) =>
  makeReports(
    {
      ...{ db, clock, timeZone: 'Asia/Tokyo', installation: 'Hôpital', reportsTo },
      mailer: createMailer({ url: mail.url, from: 'x@x.example' }),
    },
    by,
  );
const reports = () => db.reading([], (tx) => repository.findReports(tx, 50));

test('days and months of the site that are over have a report each, made once, kept as ids and counts, mailed once', async () => {
  const audit = createAudit({ db, clock });
  const actor = person({
    ...{ userId: awa, role: 'ADMIN', level: 'ADMIN', groupId: null, permissions: new Set() },
    ...{ sessionId: randomUUID(), via: 'session', ip: '::1' },
  });
  const patients = [randomUUID(), randomUUID()];
  for (const patientId of [...patients, patients[0] ?? '']) await audit.note({ action: 'patient.exported', actor, patientId });
  await audit.note({ action: 'access.denied', outcome: 'DENIED', actor });
  // In Tokyo it is the 28th already; half an hour later it is March there.
  expect(await make()).toBe(0);
  time = Date.parse('2026-02-28T15:30:00Z');
  expect(await make(['A@x.example'])).toBe(2);
  expect(await make(['A@x.example'])).toBe(0);
  expect((await reports()).map(({ period, begins, events }) => [period, begins, events])).toEqual([
    ['DAY', '2026-02-28', 4],
    ['MONTH', '2026-02-01', 4],
  ]);
  const [day] = await reports();
  const { figures } = (await owner.query('SELECT figures FROM audit_reports LIMIT 1')).rows[0];
  expect(figures.people).toEqual([{ actorId: awa, events: 4, patients: 2, takenOut: 2, denied: 1, failed: 0 }]);
  expect(JSON.stringify(figures)).not.toContain('gom');
  const found = await db.reading([], async (tx) => {
    const row = await repository.findReport(tx, day?.id ?? '');
    return row && named(tx, row);
  });
  if (found === undefined) throw new TypeError('There is no report.');
  expect(csvOf(found.report).split('\r\n')[1]).toBe(`"${awa}","Awa Ŋgom","access.denied","DENIED","1","0"`);
  for (const locale of ['fr', 'en'] as const)
    expect((await pdfOf(found.report, locale, 'Hôpital')).subarray(0, 5).toString()).toBe('%PDF-');
  expect(mail.mails).toHaveLength(2);
  expect(mail.mails[0]?.text).toContain('Daily report of the audit log');
  expect(mail.mails[0]?.text).toContain('audit-2026-02-28.pdf');
});
