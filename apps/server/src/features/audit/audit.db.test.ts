import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AUDIT_SENTENCES } from '@negatoscope/contract';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { link, NOTHING, person, service } from '../../access/index.ts';
import { csvLines } from '../../platform/csv.ts';
import { type Db, openDatabase } from '../../platform/db/database.ts';
import { MANY_SHOWN } from './audit-rows.ts';
import { GENESIS, linkHash } from './chain.ts';
import { CSV_HEADER, cellsOf } from './csv.ts';
import { orderLists } from './order-lists.ts';
import { printed, sentenceOf } from './print.ts';
import { countEvents, findEvents, findPage } from './repository.ts';
import { createSequencer } from './sequencer.ts';
import { createAudit } from './service.ts';
import { verifyChain } from './verify.ts';

const key = Buffer.alloc(32, 7);
let database: TestDatabase;
let db: Db;
let owner: Client;
let anchorFolder: string;
let time = Date.parse('2026-01-31T23:59:00Z');
const clock = { now: () => new Date(time) };

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  owner = new Client(database.ownerConfig);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await database.drop();
});
// Each test has a chain of its own, of twenty events.
beforeEach(async () => {
  await owner.query('TRUNCATE audit_events, audit_chain, audit_pending, audit_shown, audit_shown_lists RESTART IDENTITY CASCADE');
  anchorFolder = await mkdtemp(path.join(tmpdir(), 'ng-anchor-'));
  const audit = createAudit({ db, clock });
  for (let i = 0; i < 20; i += 1) {
    time += 10_000;
    await audit.note({
      action: 'test.event',
      actor: null,
      entityType: 'thing',
      entityId: String(i),
      details: { b: i, a: ['x'] },
    });
  }
  await createSequencer({ db, clock, key, anchorFolder }).step();
});
afterEach(() => rm(anchorFolder, { recursive: true, force: true }));

const verify = () => verifyChain({ db, clock, key, anchorFolder });
/** As a superuser would: past the grants of the application's role. */
const tamper = (sql: string) => owner.query(sql);

describe('the audit chain (reliability S36)', () => {
  it('verifies when nothing was touched, over a month border', async () => {
    expect(await verify()).toMatchObject({ valid: true, events: 20, pending: 0, firstBadSequence: null });
    const { rows } = await owner.query<{ segment: string }>('SELECT DISTINCT segment FROM audit_chain ORDER BY 1');
    expect(rows.map((row) => row.segment)).toEqual(['2026-01', '2026-02']);
  });

  it('names services and links by what they are, and notices when somebody else is named', async () => {
    const audit = createAudit({ db, clock });
    const visit = {
      linkId: '019a0000-0000-7000-8000-00000000000a',
      sessionId: '019a0000-0000-7000-8000-00000000000b',
      authorId: '019a0000-0000-7000-8000-00000000000c',
      recipient: 'Dr X',
      until: new Date('2036-01-01'),
      ip: '::1',
    };
    await audit.note({ action: 'test.purged', actor: service('purge-trash', ['trash.purge']) });
    await audit.noteLightly({ action: 'test.seen', actor: link({ ...visit, studyIds: [], permissions: new Set() }) });
    await createSequencer({ db, clock, key, anchorFolder }).step();
    const shown = await db.reading(NOTHING, (tx) => findEvents(tx, { action: 'test' }, undefined, 2));
    expect(shown.map(({ actor_id, actor_name, session_id, ip }) => ({ actor_id, actor_name, session_id, ip }))).toEqual(
      expect.arrayContaining([
        { actor_id: null, actor_name: 'service:purge-trash', session_id: null, ip: null },
        { actor_id: null, actor_name: `link:${visit.linkId}`, session_id: visit.sessionId, ip: '::1' },
      ]),
    );
    expect(await verify()).toMatchObject({ valid: true, events: 22 });
    await tamper("UPDATE audit_events SET actor = 'service:scrub' WHERE actor = 'service:purge-trash'");
    expect(await verify()).toMatchObject({ valid: false });
    await tamper("UPDATE audit_events SET actor = 'service:purge-trash' WHERE actor = 'service:scrub'");
    expect(await verify()).toMatchObject({ valid: true });
    await tamper("UPDATE audit_events SET actor = NULL WHERE actor = 'service:purge-trash'");
    expect(await verify()).toMatchObject({ valid: false });
    await tamper("UPDATE audit_events SET actor = 'service:scrub' WHERE entity_id = '3'");
    expect(await verify()).toMatchObject({ valid: false, firstBadSequence: 4 });
  });

  it('has one line for each event in the CSV and on paper, however a person calls themselves', async () => {
    const audit = createAudit({ db, clock });
    const hostile = [
      '=HYPERLINK("http://evil.example";"Awa")',
      'Awa"\r\n"999","2026-01-01T00:00:00.000Z","patient.read","SUCCESS"',
      '\u202e=1+1',
      '\u200b@SUM(A1)',
      `Awa\u2028\u0085${'x'.repeat(5_000)}`,
    ];
    for (const [at, name] of hostile.entries()) {
      const userId = randomUUID();
      await owner.query(
        `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level) VALUES ($1, $2, '', $3, '', 'PHYSICIAN', 'READ')`,
        [userId, `hostile-${at}@example.org`, name],
      );
      const actor = person({
        userId,
        role: 'PHYSICIAN',
        level: 'READ',
        groupId: null,
        permissions: new Set(),
        sessionId: randomUUID(),
        via: 'session',
        ip: '::1',
      });
      await audit.note({ action: 'test.hostile', actor, details: { typed: `a\u202e\n"${name}` } });
    }
    const found = await db.reading(NOTHING, (tx) => findEvents(tx, { action: 'test.hostile' }, undefined, 10));
    const csv = csvLines(found.map(cellsOf));
    expect(csv.split(/[\n\u0085\u2028]/)).toHaveLength(hostile.length + 1);
    expect(csv).not.toMatch(/[\u202a-\u202e\u200b]/u);
    // No cell begins as a formula would; each line has as many cells as the head.
    for (const line of csv.trimEnd().split('\r\n')) {
      expect(line.match(/"(?:[^"]|"")*"/g)).toHaveLength(CSV_HEADER.length);
      expect(line).not.toMatch(/(^|,)"[=+@\t\r-]/);
    }
    for (const row of found) expect(sentenceOf(row, { locale: 'fr', patientId: undefined }).length).toBeLessThan(400);
    const madeAt = clock.now();
    const about = {
      locale: 'fr',
      timeZone: 'UTC',
      installation: '\u202ehostile\n',
      madeAt,
      patientId: undefined,
      patient: undefined,
    } as const;
    expect((await printed(found, about)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('links an event of no service as versions before did, so that their chains hold', () => {
    const event = {
      id: '019a0000-0000-7000-8000-000000000001',
      occurred_at: new Date('2026-01-31T23:59:00Z'),
      action: 'study.import',
      outcome: 'SUCCESS',
      actor_id: '019a0000-0000-7000-8000-000000000002',
      actor: null,
      session_id: null,
      entity_type: 'study',
      entity_id: '1',
      patient_id: null,
      group_id: null,
      ip: '::1',
      details: { b: 1, a: ['x'] },
    };
    expect(linkHash(key, 7, GENESIS, event).toString('hex')).toBe(
      '0c4a252b9890e5baec4d25943774bbb45909392a99603a6e7583f910edb35bdf',
    );
  });

  it('is not allowed to be changed or removed by the application’s role', async () => {
    await expect(db.withSystem((tx) => tx.run("UPDATE audit_events SET action = 'x.y'"))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(db.withSystem((tx) => tx.run('DELETE FROM audit_events'))).rejects.toMatchObject({ code: '42501' });
    await expect(db.withSystem((tx) => tx.run('DELETE FROM audit_chain'))).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['one changed value', "UPDATE audit_events SET outcome = 'DENIED' WHERE entity_id = '7'", 8],
    ['a removed event', "DELETE FROM audit_events WHERE entity_id = '4'", 5],
    ['a removed link', 'DELETE FROM audit_chain WHERE sequence = 11', 11],
    ['a removed tail', 'DELETE FROM audit_chain WHERE sequence > 15', 16],
    [
      'two swapped events',
      "UPDATE audit_events SET entity_id = CASE entity_id WHEN '2' THEN '3' ELSE '2' END WHERE entity_id IN ('2', '3')",
      3,
    ],
    ['a changed detail', `UPDATE audit_events SET details = '{"b": 99, "a": ["x"]}' WHERE entity_id = '9'`, 10],
  ])('names the first bad sequence after %s', async (_what, sql, sequence) => {
    await tamper(sql);
    expect(await verify()).toMatchObject({ valid: false, firstBadSequence: sequence });
  });

  it('notices an event slipped in past the sequencer', async () => {
    await tamper(
      "INSERT INTO audit_events (id, occurred_at, action, outcome) VALUES (gen_random_uuid(), '2026-01-31T23:59:30Z', 'forged.event', 'SUCCESS'); DELETE FROM audit_pending",
    );
    time += 120_000;
    expect(await verify()).toMatchObject({ valid: false });
  });

  it('notices a chain rebuilt with another key, by the hash', async () => {
    await tamper('DELETE FROM audit_chain; INSERT INTO audit_pending SELECT id FROM audit_events');
    await createSequencer({ db, clock, key: Buffer.alloc(32, 9), anchorFolder: path.join(anchorFolder, 'other') }).step();
    expect(await verify()).toMatchObject({ valid: false, firstBadSequence: 1 });
  });

  it('notices a rollback to yesterday, by the anchor outside the database', async () => {
    await tamper('DELETE FROM audit_chain WHERE sequence > 10; DELETE FROM audit_events WHERE entity_id::int >= 10');
    expect(await verify()).toMatchObject({ valid: false, firstBadSequence: 11 });
  });

  it('notices an anchor file that someone edited', async () => {
    const file = path.join(anchorFolder, 'anchors.log');
    await writeFile(file, (await readFile(file, 'utf8')).replace(' 20 ', ' 19 '));
    expect(await verify()).toMatchObject({ valid: false, problem: 'The anchor file was changed.' });
  });

  it('goes on after the last link when sequencers of two processes run at once', async () => {
    const audit = createAudit({ db, clock });
    await Promise.all(Array.from({ length: 30 }, () => audit.note({ action: 'test.more', actor: null })));
    const two = [1, 2].map(() => createSequencer({ db, clock, key, anchorFolder }));
    await Promise.all(two.map((sequencer) => sequencer.step()));
    expect(await verify()).toMatchObject({ valid: true, events: 50, pending: 0 });
  });
});

describe('uses of a study', () => {
  let actor: Parameters<ReturnType<typeof createAudit>['use']>[0];
  beforeAll(() => {
    actor = person({
      userId: '019a0000-0000-7000-8000-000000000001',
      role: 'RADIOLOGIST',
      level: 'WRITE',
      groupId: null,
      permissions: new Set(),
      sessionId: '019a0000-0000-7000-8000-000000000002',
      via: 'session',
      ip: '127.0.0.1',
    });
  });

  it('leave one event for each kind, study and session, renewed after 15 minutes', async () => {
    const audit = createAudit({ db, clock });
    const use = {
      studyId: '019a0000-0000-7000-8000-000000000003',
      patientId: '019a0000-0000-7000-8000-000000000004',
      groupId: null,
    };
    const count = async () => (await owner.query("SELECT FROM audit_events WHERE action LIKE 'study.%'")).rowCount;
    await audit.use(actor, { ...use, kind: 'frames' });
    await audit.use(actor, { ...use, kind: 'frames' });
    await audit.use(actor, { ...use, kind: 'metadata' });
    expect(await count()).toBe(2);
    time += 15 * 60_000;
    await audit.use(actor, { ...use, kind: 'frames' });
    expect(await count()).toBe(3);
  });
});

describe('events of searches', () => {
  it('that come at once are all on record when they are answered, one that can’t be written fails alone', async () => {
    const audit = createAudit({ db, clock });
    const note = (entityId: string) =>
      audit.noteLightly({ action: 'search.studies', actor: null, entityId, details: { results: 1 } });
    const names = Array.from({ length: 30 }, (_, index) => (index === 7 ? 'null \0' : `search ${index}`));
    const ends = await Promise.allSettled(names.map(note));
    expect(ends.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7]);
    const { rows } = await owner.query<{ entity_id: string }>(
      "SELECT entity_id FROM audit_events WHERE action = 'search.studies' ORDER BY id",
    );
    expect(rows.map((row) => row.entity_id)).toEqual(names.filter((_, index) => index !== 7));
  });

  it('fail with the search when the audit can’t be written', async () => {
    const audit = createAudit({ db, clock });
    await owner.query('REVOKE INSERT ON audit_events FROM negatoscope_app');
    const ends = await Promise.allSettled([1, 2, 3].map(() => audit.noteLightly({ action: 'search.studies', actor: null })));
    await owner.query('GRANT INSERT ON audit_events TO negatoscope_app');
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('who saw this patient', () => {
  const [mine, merged, other] = [randomUUID(), randomUUID(), randomUUID()];
  const find = (patients: string[], filter: object = {}, after?: { at: string; id: string }, limit = 50) =>
    db.reading(NOTHING, (tx) => findEvents(tx, { patients, ...filter }, after, limit));

  it('is told by what concerns her, by what concerned a record merged into hers, and by every search that showed her among others', async () => {
    const audit = createAudit({ db, clock });
    const note = async (event: object): Promise<void> => {
      time += 1000;
      await audit.note({ action: 'patient.read', actor: null, ...event });
    };
    await note({ patientId: mine });
    await note({ patientId: merged, outcome: 'DENIED' });
    await note({ patientId: other });
    time += 1000;
    await Promise.all(
      [[mine, other, mine], [other], []].map((shown) => audit.noteLightly({ action: 'search.studies', actor: null, shown })),
    );
    await db.withScope(NOTHING, (tx) =>
      audit.record(tx, { action: 'fhir.search', actor: null, shown: [merged], patientId: merged }),
    );
    const found = await find([mine, merged]);
    expect(found.map(({ action }) => action).sort()).toEqual(['fhir.search', 'patient.read', 'patient.read', 'search.studies']);
    expect(await find([mine, merged], { outcome: 'DENIED' })).toHaveLength(1);
    expect(await find([mine, merged], { action: 'search' })).toHaveLength(1);
    expect((await find([other])).map(({ action }) => action)).toEqual(['search.studies', 'search.studies', 'patient.read']);
    expect(await db.reading(NOTHING, (tx) => countEvents(tx, { patients: [mine, merged] }, 100))).toBe(4);
    // A page that has them all, one that is just full, and one of which more follow tell the same number.
    for (const limit of [5, 4, 1]) {
      const page = { after: undefined, limit, cap: 100 };
      const { rows, total } = await db.reading(NOTHING, (tx) => findPage(tx, { patients: [mine, merged] }, page));
      expect([rows.length, total]).toEqual([Math.min(limit, 4), 4]);
    }
    const [, second] = found;
    if (second === undefined) throw new Error('Nothing was found');
    const after = { at: second.occurred_at.toISOString(), id: second.id };
    const rest = await db.reading(NOTHING, (tx) => findPage(tx, { patients: [mine, merged] }, { after, limit: 9, cap: 100 }));
    expect([rest.rows.length, rest.total]).toEqual([2, 4]);
    // Page by page it is the same, in the same order.
    const pages: string[] = [];
    let last: { at: string; id: string } | undefined;
    for (let page = 0; page < 4; page += 1) {
      const [row] = await find([mine, merged], {}, last, 1);
      if (row === undefined) break;
      pages.push(row.id);
      last = { at: row.occurred_at.toISOString(), id: row.id };
    }
    expect(pages).toEqual(found.map(({ id }) => id));
  });

  it('is told of each of many events that come at once, whether they are noted lightly or in one statement', async () => {
    const audit = createAudit({ db, clock });
    const patients = Array.from({ length: 40 }, () => randomUUID());
    const events = patients.map((patient, at) => ({
      ...({ action: 'search.studies', actor: null, entityId: String(at) } as const),
      // Each shows its own and the one after it, the last showed nobody.
      shown: at === 39 ? [] : [patient, patients[at + 1] ?? patient],
    }));
    await Promise.all(events.slice(0, 20).map((event) => audit.noteLightly(event)));
    await db.withScope(NOTHING, (tx) => audit.recordAll(tx, events.slice(20)));
    for (const [at, patient] of patients.entries()) {
      const ids = (await find([patient])).map(({ entity_id }) => Number(entity_id)).sort((a, b) => a - b);
      expect(ids).toEqual([at - 1, at].filter((one) => one >= 0 && one < 39));
    }
  });

  it('is told of a long list at once, and of the same once it is put in the order of patients', async () => {
    const audit = createAudit({ db, clock });
    const many = [mine, ...Array.from({ length: MANY_SHOWN }, () => randomUUID()), mine];
    const shows = [many, [mine], many, [other]].map((shown, at) => ({
      ...({ action: 'search.studies', actor: null, entityId: String(at) } as const),
      shown,
    }));
    const [first, ...others] = shows;
    if (first === undefined) throw new TypeError('Nothing is shown.');
    await audit.note(first);
    await Promise.all(others.map((event) => audit.noteLightly(event)));
    const seen = async () => ({
      pages: await Promise.all(
        [mine, other, many[9] ?? ''].map(async (id) => (await find([id])).map(({ entity_id }) => entity_id)),
      ),
      counted: await db.reading(NOTHING, (tx) => countEvents(tx, { patients: [mine] }, 100)),
    });
    const before = await seen();
    expect(before.pages.map((ids) => ids.toSorted())).toEqual([['0', '1', '2'], ['3'], ['0', '2']]);
    expect(before.counted).toBe(3);
    expect(await orderLists(db, undefined)).toBe(2);
    expect(await seen()).toEqual(before);
    expect((await owner.query('SELECT FROM audit_shown_lists')).rowCount).toBe(0);
    expect(await orderLists(db, undefined)).toBe(0);
  });

  it('is told of each sighting once while lists are being put in order, by two at a time', async () => {
    const audit = createAudit({ db, clock });
    const many = [mine, ...Array.from({ length: MANY_SHOWN }, () => randomUUID())];
    const lists = 60;
    await Promise.all(
      Array.from({ length: lists }, (_, at) =>
        audit.noteLightly({ action: 'search.studies', actor: null, entityId: String(at), shown: many }),
      ),
    );
    let isDone = false;
    const ordered = Promise.all([orderLists(db, undefined), orderLists(db, undefined)]).finally(() => {
      isDone = true;
    });
    while (!isDone) expect(await db.reading(NOTHING, (tx) => countEvents(tx, { patients: [mine] }, 1_000))).toBe(lists);
    await ordered;
    await orderLists(db, undefined);
    expect(await find([mine], {}, undefined, 2 * lists)).toHaveLength(lists);
    const rows = await owner.query('SELECT count(*)::int AS rows FROM audit_shown');
    expect(rows.rows).toEqual([{ rows: lists * many.length }]);
  });

  it('is written where the application can add to it and take nothing away', async () => {
    const audit = createAudit({ db, clock });
    await audit.note({ action: 'search.studies', actor: null, shown: Array.from({ length: MANY_SHOWN }, () => randomUUID()) });
    const app = new Client(database.appConfig);
    await app.connect();
    for (const table of ['audit_shown', 'audit_shown_lists'])
      for (const change of [`DELETE FROM ${table}`, `UPDATE ${table} SET occurred_at = now()`, `TRUNCATE ${table}`])
        await expect(app.query(change)).rejects.toMatchObject({ code: '42501' });
    await app.end();
  });

  it('is printed in sentences of either language, and what showed her among others says so', async () => {
    const audit = createAudit({ db, clock });
    await audit.note({ action: 'search.studies', actor: null, shown: [mine] });
    const [row] = await find([mine]);
    if (row === undefined) throw new TypeError('Nothing was found.');
    expect(sentenceOf(row, { locale: 'fr', patientId: mine })).toBe(
      'Le serveur a cherché des examens et a vu ce patient parmi d’autres',
    );
    expect(sentenceOf(row, { locale: 'en', patientId: undefined })).toBe('The server searched studies');
    const about = { installation: 'Hôpital', timeZone: 'Africa/Bamako', madeAt: clock.now(), patientId: mine } as const;
    for (const locale of ['fr', 'en'] as const) {
      const pdf = await printed([row], {
        ...about,
        locale,
        patient: { name: 'Ŋgom Awa', recordNumber: '12', birthDate: '1990-02-01' },
      });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    }
  });

  it('has a sentence in French and English for every action that the server writes', async () => {
    const root = path.resolve(import.meta.dirname, '../..');
    const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.includes('.test.'));
    const texts = await Promise.all(files.map((name) => readFile(path.join(root, name), 'utf8')));
    const written = new Set<string>();
    for (const text of texts)
      for (const [, said = ''] of text.matchAll(/\baction: ([^,\n}]*)/g))
        for (const [, action = ''] of said.matchAll(/'([a-z-]+\.[a-z-]+)'/g)) written.add(action);
    for (const text of texts)
      for (const [, kind = ''] of text.matchAll(/groupId[^\n]*, kind: '([a-z]+)'/g)) written.add(`study.${kind}`);
    expect(written.size).toBeGreaterThan(90);
    expect([...written].filter((action) => !AUDIT_SENTENCES.has(action)).sort()).toEqual([]);
  });
});
