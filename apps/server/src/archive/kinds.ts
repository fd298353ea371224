import type { Tx } from '../platform/db/database.ts';
import { composed } from '../platform/db/statements.ts';

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
  /** Of rows that hang on a patient, when two records are merged: whether they go to the one that stays. Others go with their study. */
  readonly merge: 'follows' | 'stays';
  /** When what they hang on is removed for good: deleted, let go (the key becomes NULL), or left as they are. */
  readonly purge: 'delete' | 'let-go' | 'stay';
  /** The object of the store that a row names: it is kept while the row is there and `while` (an SQL condition on it) holds, and deleted after it. */
  readonly object?: { readonly column: string; readonly while?: string };
}

/** Every kind there is, the archive's own and the features'. */
export type RowKinds = readonly RowKind[];

/** Of the archive itself, besides patients, studies, series and instances. */
export const ARCHIVE_KINDS: RowKinds = [
  // What a merge does with identifiers is its own affair: they are known under both records.
  { table: 'patient_identifiers', level: 'patient', key: 'patient_id', group: 'group_id', merge: 'stays', purge: 'delete' },
  {
    table: 'conflicts',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: { column: 'id', while: "(status <> 'DISCARDED' OR object_until > now())" },
  },
  {
    table: 'instance_versions',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: { column: 'id' },
  },
  { table: 'instance_metadata', level: 'series', key: 'series_id', group: 'group_id', merge: 'stays', purge: 'delete' },
  { table: 'study_moves', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete' },
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

async function moveBelow(
  tx: Tx,
  kinds: RowKinds,
  { below, id, groupId }: { below: Below; id: string; groupId: string | null },
): Promise<void> {
  const statements = [...TREE, ...kinds].flatMap((kind) => {
    const condition = conditionOf(kind, below);
    return kind.group === undefined || condition === undefined
      ? []
      : [`UPDATE ${kind.table} SET ${kind.group} = $2 WHERE ${condition}`];
  });
  // None needs the others' answers: they are sent together.
  await Promise.all(statements.map((text) => tx.run(composed({ text, values: [id, groupId] }))));
}

/** Every row of a patient goes to another partition. Fails with PostgreSQL's 23505 when a UID is there already. */
export async function movePatientRows(tx: Tx, kinds: RowKinds, id: string, groupId: string | null): Promise<void> {
  await tx.run('UPDATE patients SET group_id = $2 WHERE id = $1', [id, groupId]);
  await tx.run('UPDATE studies SET group_id = $2 WHERE patient_id = $1', [id, groupId]);
  await moveBelow(tx, kinds, { below: 'patient', id, groupId });
}

/** Everything below a study goes to another partition; its own row is the caller's. Fails with 23505 when a UID is there already. */
export const moveStudyRows = (tx: Tx, kinds: RowKinds, id: string, groupId: string | null): Promise<void> =>
  moveBelow(tx, kinds, { below: 'study', id, groupId });

/** What hangs on a patient itself goes to the record that stays. */
export async function mergeRows(tx: Tx, kinds: RowKinds, from: string, into: string): Promise<void> {
  const followers = kinds.filter(({ level, merge }) => level === 'patient' && merge === 'follows');
  for (const { table, key } of followers)
    await tx.run(composed({ text: `UPDATE ${table} SET ${key} = $2 WHERE ${key} = $1`, values: [from, into] }));
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
