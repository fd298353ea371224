import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import { openDatabase, SYSTEM_SCOPE } from '../platform/db/database.ts';
import { statement } from '../platform/db/statements.ts';
import { ARCHIVE_KINDS } from './archive-kinds.ts';
import type { ArchiveReader, ArchiveWriter } from './doors.ts';
import { movePatientRows } from './kinds.ts';
import { mergePatients } from './lifecycle/merge.ts';
import { trashPatient } from './lifecycle/trash.ts';
import { findPatient, insertPatient, refreshPatients } from './records/patients.ts';

const NOW = new Date('2026-03-01T08:00:00Z');
const PATIENT = {
  id: newId(),
  groupId: null,
  externalId: null,
  familyName: 'RASOA',
  givenName: 'Lalao',
  birthDate: null,
  sex: 'F' as const,
  phone: null,
  address: null,
  now: NOW,
};

let database: TestDatabase;
let writer: ArchiveWriter;
let reader: ArchiveReader;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  const db = openDatabase({ connection: database.appConfig, poolSize: 2 });
  close = () => db.close();
  [writer, reader] = [db, db];
  await writer.withScope(SYSTEM_SCOPE, (tx) => insertPatient(tx, PATIENT));
});
afterAll(async () => {
  await close();
  await database.drop();
});

const found = (): Promise<{ updated_at: Date } | undefined> =>
  reader.reading(SYSTEM_SCOPE, (tx) => findPatient(tx, SYSTEM_SCOPE, PATIENT.id));

test('who holds the reader’s door changes nothing: the types refuse it, and where they are got round PostgreSQL does', async () => {
  const before = await found();
  const { id } = PATIENT;
  const merge = { id, from: id, into: id, actorId: id, now: NOW };
  const refused = [
    // @ts-expect-error A reader's transaction is no writer's.
    reader.reading(SYSTEM_SCOPE, (tx) => trashPatient(tx, id, NOW)),
    // @ts-expect-error The same.
    reader.reading(SYSTEM_SCOPE, (tx) => movePatientRows(tx, ARCHIVE_KINDS, id, null)),
    // @ts-expect-error The same.
    reader.reading(SYSTEM_SCOPE, (tx) => mergePatients(tx, ARCHIVE_KINDS, merge)),
    // @ts-expect-error The same.
    reader.reading(SYSTEM_SCOPE, (tx) => insertPatient(tx, { ...PATIENT, id: newId() })),
    // @ts-expect-error A function of the database that changes something is no way round.
    reader.reading(SYSTEM_SCOPE, (tx) => refreshPatients(tx, [id])),
    reader.reading(SYSTEM_SCOPE, (tx) => tx.rows('DELETE FROM patients WHERE id = $1 RETURNING id', [id])),
    reader.asking(SYSTEM_SCOPE, [statement('UPDATE patients SET sex = $2 WHERE id = $1', [id, 'M'])]),
  ];
  for (const end of await Promise.allSettled(refused))
    expect(end).toMatchObject({ status: 'rejected', reason: { code: '25006' } });
  // @ts-expect-error Nor does the door open transactions that may write.
  expect(reader.withSystem).toBeTypeOf('function');
  expect(await found()).toEqual(before);
});
