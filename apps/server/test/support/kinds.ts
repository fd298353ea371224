import { Client } from 'pg';
import type { RowKinds } from '../../src/archive/row-kind.ts';
import { newId } from '../../src/kernel/ids.ts';
import { type Db, openDatabase, SYSTEM_SCOPE } from '../../src/platform/db/database.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { ROW_KINDS } from '../../src/row-kinds.ts';
import { createTestDatabase } from './database.ts';

const OBJECT = { column: 'object_id', size: 'size_bytes', sha256: 'sha256', damagedAs: 'DERIVED' } as const;
/** Kinds that a feature might bring: one on each level, rows and objects. */
export const NEW_KINDS: RowKinds = [
  {
    table: 'test_notes',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'follows',
    purge: 'delete',
    object: OBJECT,
    export: { permission: 'studies.read', columns: ['words'] },
  },
  {
    table: 'test_reports',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: OBJECT,
    export: { permission: 'studies.read', columns: ['words', 'is_kept'], extension: 'pdf' },
  },
  {
    table: 'test_drawings',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: { permission: 'studies.read', columns: ['words'], only: "k.words <> 'private'" },
  },
  {
    table: 'test_readings',
    level: 'instance',
    key: 'instance_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'let-go',
    object: { ...OBJECT, while: 'is_kept' },
    export: 'stays',
  },
];
/** All that there are, and these. */
export const KINDS: RowKinds = [...ROW_KINDS, ...NEW_KINDS];

export interface Walk {
  readonly group: string;
  readonly patient: string;
  readonly study: string;
  readonly instance: string;
  /** Objects of the rows on each level. */
  readonly objects: Readonly<Record<string, string>>;
}

/** A patient with one study, series and instance, and a row of each new kind that hangs there. */
async function walk(db: Db): Promise<Walk> {
  const [group, patient, study, series, instance] = [newId(), newId(), newId(), newId(), newId()];
  const objects: Record<string, string> = {};
  await db.withSystem(async (tx) => {
    await tx.run('INSERT INTO groups (id, name) VALUES ($1, $2)', [group, `Groupe ${group}`]);
    await tx.run("INSERT INTO patients (id, family_name) VALUES ($1, 'RAKOTO')", [patient]);
    await tx.run('INSERT INTO studies (id, patient_id, study_instance_uid) VALUES ($1, $2, $3)', [
      study,
      patient,
      `2.25.${study}`,
    ]);
    await tx.run('INSERT INTO series (id, study_id, series_instance_uid) VALUES ($1, $2, $3)', [series, study, `2.25.${series}`]);
    await tx.run(
      `INSERT INTO instances (id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, file_sha256) VALUES ($1, $2, $3, '1', '1', 1, '\\x00')`,
      [instance, series, `2.25.${instance}`],
    );
    const ids = { patient, study, series, instance };
    for (const { table, level, key } of NEW_KINDS) {
      objects[level] = newId();
      const text = `INSERT INTO ${table} (id, ${key}, object_id) VALUES ($1, $2, $3)`;
      await tx.run(composed({ text, values: [newId(), ids[level], objects[level] ?? null] }));
    }
  });
  return { group, patient, study, instance, objects };
}

export interface KindsFixture {
  readonly db: Db;
  readonly owner: Client;
  walk(): Promise<Walk>;
  rows<T extends object>(sql: string, values: readonly (string | readonly string[])[]): Promise<T[]>;
  close(): Promise<void>;
}

/** A database with a table for each of the new kinds. */
export async function openKinds(): Promise<KindsFixture> {
  const database = await createTestDatabase();
  const owner = new Client(database.ownerConfig);
  await owner.connect();
  const db = openDatabase({ connection: database.appConfig, poolSize: 2 });
  for (const { table, key } of NEW_KINDS)
    await owner.query(
      `CREATE TABLE ${table} (id uuid PRIMARY KEY, ${key} uuid, group_id uuid, object_id uuid, is_kept boolean NOT NULL DEFAULT true,
         words text NOT NULL DEFAULT 'said', size_bytes bigint NOT NULL DEFAULT 4, sha256 bytea NOT NULL DEFAULT sha256('test'));
       GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO negatoscope_app`,
    );
  return {
    db,
    owner,
    walk: () => walk(db),
    rows: <T extends object>(sql: string, values: readonly (string | readonly string[])[]): Promise<T[]> =>
      db.reading(SYSTEM_SCOPE, async (tx) => (await tx.rows(composed({ text: sql, values }))) as T[]), // The test's own columns.
    close: async () => {
      await db.close();
      await owner.end();
      await database.drop();
    },
  };
}

/** The merge of one into the other, by somebody. */
export const mergeOf = (from: Walk, into: Walk) => ({
  id: newId(),
  from: from.patient,
  into: into.patient,
  actorId: newId(),
  now: new Date(),
});
