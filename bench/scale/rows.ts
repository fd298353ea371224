import type { Client } from 'pg';

/** What an average study of a hospital with CT and MR is taken for. */
export const SERIES_OF_A_STUDY = 4;
export const INSTANCES_OF_A_SERIES = 25;
/** By which generated series are known. */
export const DESCRIPTION = 'Thorax 1.0 Br40';
/** Instances of one statement. */
const CHUNK = 1_000_000;

const TABLES = ['series', 'instances'];

interface Index {
  readonly name: string;
  readonly table: string;
  readonly definition: string;
  /** Undefined for an index that no constraint owns. */
  readonly constraint: string | null;
}

/** Indexes that are not of the primary key, taken off while rows are made: each is then built at once. Gives what puts them back. */
async function withoutIndexes(superuser: Client): Promise<() => Promise<void>> {
  const { rows } = await superuser.query<Index>(
    `SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table, pg_get_indexdef(i.indexrelid) AS definition, pg_get_constraintdef(c.oid) AS constraint
     FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
     WHERE i.indrelid::regclass::text = ANY($1) AND NOT i.indisprimary`,
    [TABLES],
  );
  for (const { name, table, constraint } of rows)
    await superuser.query(constraint === null ? `DROP INDEX ${name}` : `ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  return async () => {
    for (const { name, table, definition, constraint } of rows)
      await superuser.query(constraint === null ? definition : `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint}`);
  };
}

/** Series and instances of every study that `fillRows` made, with texts as long as those of real devices. `tell` hears how far it is. */
export async function fillInstances(superuser: Client, instances: number, tell: (line: string) => void): Promise<void> {
  await superuser.query("SET session_replication_role = 'replica'");
  await superuser.query("SET maintenance_work_mem = '1GB'");
  const restore = await withoutIndexes(superuser);
  await superuser.query(
    `INSERT INTO series (id, group_id, study_id, series_instance_uid, modality, series_number, description, body_part, instance_count, size_bytes, attributes)
     SELECT uuidv7(), s.group_id, s.id, s.study_instance_uid || '.1.3.12.2.1107.5.1.4.' || n, coalesce(s.modalities[1], 'CT'), n, '${DESCRIPTION}', 'CHEST', $2::int,
       $2::int * 526000, '{"00080021":{"vr":"DA","Value":["20260101"]},"00181030":{"vr":"LO","Value":["THORAX SANS IV"]}}'
     FROM studies s, generate_series(1, $1::int) AS n WHERE s.id BETWEEN '019a0000-0000-7000-9000-000000000000' AND '019a0000-0000-7000-9000-ffffffffffff'`,
    [SERIES_OF_A_STUDY, INSTANCES_OF_A_SERIES],
  );
  await superuser.query(
    `CREATE TEMP TABLE made AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, group_id, series_instance_uid FROM series WHERE description = '${DESCRIPTION}'`,
  );
  await superuser.query('CREATE INDEX ON made (place)');
  await superuser.query('ANALYZE made');
  for (let from = 0; from < instances; from += CHUNK) {
    await superuser.query(
      `INSERT INTO instances (id, group_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames, bits_allocated,
         size_bytes, file_sha256, frame_table)
       SELECT uuidv7(), m.group_id, m.id, m.series_instance_uid || '.' || n, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', (n % $3::int)::int + 1, 512, 512, 1, 16,
         526000, sha256(int8send(n)), substr(sha256(int8send(-n)), 1, 24)
       FROM generate_series($1::bigint, $2::bigint) AS n JOIN made m ON m.place = n / $3::int`,
      [from, Math.min(from + CHUNK, instances) - 1, INSTANCES_OF_A_SERIES],
    );
    tell(`${Math.min(from + CHUNK, instances)} instances`);
  }
  tell('indexes …');
  await restore();
  await superuser.query('VACUUM (ANALYZE)');
}
