import type { ReadTx, Tx } from '../platform/db/database.ts';
import { composed } from '../platform/db/statements.ts';
import type { Level, RowKind, RowKinds, TextRows, UidRows } from './row-kind.ts';

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

/** How many rows of these tables stand by a patient and would go along to another partition. */
export async function countRows(tx: ReadTx, kinds: RowKinds, tables: readonly string[], patientId: string) {
  const texts = kinds.flatMap((kind) => {
    const condition = kind.level === 'patient' ? `${kind.key} IN (${RECORDS})` : conditionOf(kind, 'patient');
    if (condition === undefined || !tables.includes(kind.table)) return [];
    return [`SELECT '${kind.table}' AS what, count(*)::int AS rows FROM ${kind.table} WHERE ${condition}`];
  });
  if (texts.length === 0) return [];
  const first = "SELECT ''::text AS what, 0 AS rows";
  return tx.rows(composed({ text: texts.join(' UNION ALL '), values: [patientId] }, first));
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

/** Before rows are purged of a patient who is erased: what purging would leave of who they were. */
export async function blankRows(tx: Tx, kinds: RowKinds, below: Below, id: string): Promise<void> {
  for (const kind of kinds) {
    const condition = conditionOf(kind, below);
    if (kind.erase === undefined || condition === undefined) continue;
    await tx.run(composed({ text: `UPDATE ${kind.table} SET ${columnsOf(kind.erase)} WHERE ${condition}`, values: [id] }));
  }
}

const columnsOf = (erase: Readonly<Record<string, string>>): string =>
  Object.entries(erase)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');

/** The same of rows that name the study by its UID alone. */
export async function blankUidRows(tx: Tx, byUid: readonly UidRows[], studyId: string): Promise<void> {
  for (const { table, studyUid, erase, only = 'true' } of byUid) {
    const text = `UPDATE ${table} SET ${columnsOf(erase)} WHERE ${studyUid} = (SELECT t.study_instance_uid FROM studies t WHERE t.id = $1) AND ${only}`;
    await tx.run(composed({ text, values: [studyId] }));
  }
}

/** Shorter identifiers are in texts that are of nobody. */
const LEAST_IDENTIFIER = 6;

/** The same of texts that have an identifier of these records, or their family and their given name, whatever the case and accents. Reads each of the tables as a whole. */
export async function blankTexts(tx: Tx, byText: readonly TextRows[], records: readonly string[]): Promise<void> {
  for (const { table, text, erase, only = 'true' } of byText) {
    const change = erase === 'delete' ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${columnsOf(erase)}`;
    const condition = `${only} AND EXISTS (SELECT FROM known k WHERE strpos(ng_normalize(${text}), k.one) > 0 AND strpos(ng_normalize(${text}), k.other) > 0)`;
    const known = `SELECT ng_normalize(i.value) AS one, '' AS other FROM patient_identifiers i WHERE i.patient_id = ANY ($1::uuid[]) AND length(i.value) >= ${LEAST_IDENTIFIER}
      UNION SELECT ng_normalize(p.family_name), ng_normalize(p.given_name) FROM patients p WHERE p.id = ANY ($1::uuid[]) AND p.family_name <> '' AND p.given_name <> ''`;
    await tx.run(composed({ text: `WITH known AS (${known}) ${change} WHERE ${condition}`, values: [records] }));
  }
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
