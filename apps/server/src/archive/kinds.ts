import type { Permission } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../platform/db/database.ts';
import { composed } from '../platform/db/statements.ts';
import type { MovedRows } from './lifecycle/merge-record.ts';

/** What a row can hang on. */
export type Level = 'patient' | 'study' | 'series' | 'instance';

/**
 * A kind of rows that hang on patients, studies, series or instances, declared once by the room that owns the table: from then on the archive
 * carries them along wherever what they hang on goes. A row in the trash needs nothing: it is out of sight with its study.
 */
export interface RowKind {
  readonly table: string;
  readonly level: Level;
  /** The column with the id of what the row hangs on. */
  readonly key: string;
  /** The column with the partition, which follows a move into another group; none where rows are somebody's own. */
  readonly group?: string;
  /**
   * Of rows that hang on a patient, when two records are merged: whether they go to the one that stays, by the column `id` of each, so that undoing brings
   * these very rows back. Others go with their study, and come back with it.
   */
  readonly merge: 'follows' | 'stays';
  /** When what they hang on is removed for good: deleted, let go (the key becomes NULL), or left as they are. */
  readonly purge: 'delete' | 'let-go' | 'stay';
  /** The object of the store that a row names: it is kept while the row is there and `while` (an SQL condition on it) holds, and deleted after it. */
  readonly object?: KindObject;
  /** Of what hangs on a study: the SOP Instance UIDs of what the server makes of the row, an SQL expression that may give several rows. It goes where the study goes: nobody brought it. */
  readonly instance?: string;
  /** What of it leaves in an export: nothing, or its rows beside the study or patient that they hang on, each with its object. */
  readonly export: 'stays' | ExportedKind;
}

/** SQL expressions over a row's columns; the one of its object wants an index, for objects are looked up by it. */
export interface KindObject {
  readonly column: string;
  readonly while?: string;
  /** Size in bytes and SHA-256 (bytea) of the object as it was written: by them it is read through from time to time, and before it leaves. */
  readonly size: string;
  readonly sha256: string;
  /** As what it is told of when it is damaged. */
  readonly damagedAs: 'VERSION' | 'CONFLICT' | 'DERIVED';
}

export interface ExportedKind {
  /** What who asks must be allowed for these rows to be in their export. */
  readonly permission: Permission;
  /** Columns that leave, as `<table>.json`. */
  readonly columns: readonly string[];
  /** Fields that are no columns, SQL expressions on the row `k`. */
  readonly computed?: Readonly<Record<string, string>>;
  /** Which rows leave, an SQL condition on the row `k`; all without it. */
  readonly only?: string;
  /** Of the files that its objects leave as, `<table>/<object>.<extension>`. */
  readonly extension?: string;
}

/** Every kind there is, the archive's own and the features'. */
export type RowKinds = readonly RowKind[];

/** Of the archive itself, besides patients, studies, series and instances. */
export const ARCHIVE_KINDS: RowKinds = [
  // What a merge does with identifiers is its own affair: they are known under both records.
  {
    table: 'patient_identifiers',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  {
    table: 'conflicts',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: {
      column: 'id',
      // What took another's place is an instance now.
      while: "(status IN ('OPEN', 'KEPT') OR (status = 'DISCARDED' AND object_until > now()))",
      size: 'size_bytes',
      sha256: 'file_sha256',
      damagedAs: 'CONFLICT',
    },
    // Whose it is nobody has decided.
    export: 'stays',
  },
  {
    table: 'instance_versions',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: {
      column: 'id',
      size: "(row->>'size_bytes')::bigint",
      sha256: "decode(substr(row->>'file_sha256', 3), 'hex')",
      damagedAs: 'VERSION',
    },
    export: 'stays',
  },
  {
    table: 'instance_metadata',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  // A copy that comes back in an import is refused, wherever the study is, and after it is gone.
  {
    table: 'withdrawn_instances',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'let-go',
    export: 'stays',
  },
  { table: 'study_moves', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
  {
    table: 'patient_merges',
    level: 'patient',
    key: 'into_patient_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];

/** Whose rows: everything below a patient, or below a study. */
type Below = 'patient' | 'study';

/** Ids of all that stands below `$1`, by level. */
const IDS: Readonly<Record<Below, Partial<Record<Level, string>>>> = {
  patient: {
    patient: '$1',
    study: 'SELECT id FROM studies WHERE patient_id = $1',
    series: 'SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.patient_id = $1',
    instance:
      'SELECT i.id FROM instances i JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE t.patient_id = $1',
  },
  study: {
    study: '$1',
    series: 'SELECT id FROM series WHERE study_id = $1',
    instance: 'SELECT i.id FROM instances i JOIN series s ON s.id = i.series_id WHERE s.study_id = $1',
  },
};

/** The condition on a kind's rows below `$1`; undefined for kinds that hang higher up. */
function conditionOf({ level, key }: Pick<RowKind, 'level' | 'key'>, below: Below): string | undefined {
  const ids = IDS[below][level];
  return ids === undefined ? undefined : `${key} ${ids === '$1' ? '= $1' : `IN (${ids})`}`;
}

/** The rows of the archive proper that have a partition of their own, below the one that moves. */
const TREE: readonly Pick<RowKind, 'table' | 'level' | 'key' | 'group'>[] = [
  { table: 'series', level: 'study', key: 'study_id', group: 'group_id' },
  { table: 'instances', level: 'series', key: 'series_id', group: 'group_id' },
];

/** A record, and those that were merged into it: their names and identifiers are known under it wherever it is. */
const RECORDS = 'SELECT id FROM patients WHERE id = $1 OR merged_into = $1';

async function moveBelow(
  tx: Tx,
  kinds: RowKinds,
  { below, id, groupId }: { below: Below; id: string; groupId: string | null },
): Promise<void> {
  const statements = [...TREE, ...kinds].flatMap((kind) => {
    const condition = kind.level === 'patient' && below === 'patient' ? `${kind.key} IN (${RECORDS})` : conditionOf(kind, below);
    return kind.group === undefined || condition === undefined
      ? []
      : [`UPDATE ${kind.table} SET ${kind.group} = $2 WHERE ${condition}`];
  });
  // None needs the others' answers: they are sent together.
  await Promise.all(statements.map((text) => tx.run(composed({ text, values: [id, groupId] }))));
}

/** Every row of a patient, and of the records that were merged into theirs, goes to another partition. Fails with PostgreSQL's 23505 when a UID is there already. */
export async function movePatientRows(tx: Tx, kinds: RowKinds, id: string, groupId: string | null): Promise<void> {
  await tx.run('UPDATE patients SET group_id = $2 WHERE id = $1 OR merged_into = $1', [id, groupId]);
  await tx.run('UPDATE studies SET group_id = $2 WHERE patient_id = $1', [id, groupId]);
  await moveBelow(tx, kinds, { below: 'patient', id, groupId });
}

/** Everything below a study goes to another partition; its own row is the caller's. Fails with 23505 when a UID is there already. */
export const moveStudyRows = (tx: Tx, kinds: RowKinds, id: string, groupId: string | null): Promise<void> =>
  moveBelow(tx, kinds, { below: 'study', id, groupId });

const followers = (kinds: RowKinds): RowKinds => kinds.filter(({ level, merge }) => level === 'patient' && merge === 'follows');

/** What hangs on a patient itself goes to the record that stays; gives which rows these were. */
export async function mergeRows(tx: Tx, kinds: RowKinds, from: string, into: string): Promise<MovedRows> {
  const moved: Record<string, string[]> = {};
  for (const { table, key } of followers(kinds)) {
    const text = `UPDATE ${table} SET ${key} = $2 WHERE ${key} = $1 RETURNING id::text AS id`;
    const rows = await tx.rows(composed({ text, values: [from, into] }, 'SELECT id::text AS id FROM patients'));
    if (rows.length > 0) moved[`${table}.${key}`] = rows.map(({ id }) => id);
  }
  return moved;
}

/** These rows go back to where they hung, as far as they hang where a merge put them. */
export async function unmergeRows(
  tx: Tx,
  kinds: RowKinds,
  { from, into, rows }: { from: string; into: string; rows: MovedRows },
): Promise<void> {
  for (const { table, key } of followers(kinds)) {
    const ids = rows[`${table}.${key}`];
    const text = `UPDATE ${table} SET ${key} = $1 WHERE ${key} = $2 AND id::text = ANY($3::text[])`;
    if (ids !== undefined) await tx.run(composed({ text, values: [from, into, ids] }));
  }
}

/** SOP Instance UIDs of what the server itself has made, or is to make, of rows that hang on a study. */
export async function madeOfRows(tx: ReadTx, kinds: RowKinds, studyId: string): Promise<string[]> {
  const texts = kinds.flatMap(({ table, level, key, instance }) =>
    level !== 'study' || instance === undefined ? [] : [`SELECT ${instance} AS uid FROM ${table} WHERE ${key} = $1`],
  );
  if (texts.length === 0) return [];
  const rows = await tx.rows(composed({ text: texts.join(' UNION ALL '), values: [studyId] }, 'SELECT NULL::text AS uid'));
  return rows.flatMap(({ uid }) => uid ?? []);
}

/** Ends what hangs below a patient or study, the deepest first; gives the ids of the objects that nothing names any more. */
export async function purgeRows(tx: Tx, kinds: RowKinds, below: Below, id: string): Promise<string[]> {
  const objects: string[] = [];
  for (const level of ['instance', 'series', 'study', 'patient'] as const) {
    for (const kind of kinds.filter((one) => one.level === level && one.purge !== 'stay')) {
      const condition = conditionOf(kind, below);
      if (condition === undefined) continue;
      if (kind.purge === 'let-go')
        await tx.run(composed({ text: `UPDATE ${kind.table} SET ${kind.key} = NULL WHERE ${condition}`, values: [id] }));
      else objects.push(...(await deleteRows(tx, kind, { condition, id })));
    }
  }
  return objects;
}

/** Whether a row of some kind names the object that `id` (an SQL expression) is, as an SQL condition. */
export const namedByKinds = (kinds: RowKinds, id: string): string =>
  kinds
    .flatMap(({ table, object }) =>
      object === undefined
        ? []
        : [
            `EXISTS (SELECT FROM ${table} WHERE ${object.column} = ${id}${object.while === undefined ? '' : ` AND ${object.while}`})`,
          ],
    )
    .join(' OR ') || 'false';

async function deleteRows(
  tx: Tx,
  { table, object }: RowKind,
  { condition, id }: { condition: string; id: string },
): Promise<string[]> {
  if (object === undefined) {
    await tx.run(composed({ text: `DELETE FROM ${table} WHERE ${condition}`, values: [id] }));
    return [];
  }
  const text = `DELETE FROM ${table} WHERE ${condition} RETURNING ${object.column} AS object`;
  const rows = await tx.rows(composed({ text, values: [id] }, 'SELECT NULL::uuid AS object'));
  return rows.flatMap((row) => row.object ?? []);
}
