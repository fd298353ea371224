import type { ReadTx, Tx } from '../platform/db/database.ts';

/** A partition is a group, the own one of somebody who imports without seeing identities, or what is in no group. */

/** Whether a group that people manage has this id: own partitions are none. */
export const groupExists = async (tx: ReadTx, id: string): Promise<boolean> =>
  (await tx.first('SELECT 1 FROM groups WHERE id = $1 AND NOT is_personal', [id])) !== undefined;

/** The id of the group that people call so, or that has this id. */
export const findGroup = async (tx: ReadTx, nameOrId: string): Promise<string | undefined> =>
  (
    await tx.first(
      'SELECT id FROM groups WHERE (id::text = lower($1) OR name = $1) AND NOT is_personal ORDER BY name = $1 LIMIT 1',
      [nameOrId],
    )
  )?.id;

/** What people call a group; undefined for what is none. */
export const nameOfGroup = async (tx: ReadTx, id: string | null): Promise<string | undefined> =>
  id === null ? undefined : (await tx.first('SELECT name FROM groups WHERE id = $1 AND NOT is_personal', [id]))?.name;

/** What people call the group that `groupId` (an SQL expression) names, as a scalar subquery. */
export const groupName = <const G extends string>(groupId: G) =>
  `SELECT g.name FROM groups g WHERE g.id = ${groupId} AND NOT g.is_personal` as const;

/** The names of these groups; own partitions have none. */
export const namesOfGroups = (tx: ReadTx, ids: readonly string[]) =>
  tx.rows('SELECT id, name FROM groups WHERE id = ANY($1::uuid[]) AND NOT is_personal', [ids]);

/** Whether the partition that `groupId` (an SQL expression) names is somebody's own, as an SQL condition. */
export const isPersonal = <const G extends string>(groupId: G) =>
  `EXISTS (SELECT FROM groups g WHERE g.id = ${groupId} AND g.is_personal)` as const;

/** How many patients a partition shows, as a scalar subquery; `groupId` is an SQL expression. */
export const patientCountOf = <const G extends string>(groupId: G) =>
  `(SELECT count(*)::int FROM patients p WHERE p.group_id = ${groupId} AND p.deleted_at IS NULL)` as const;

/** Whether something waits in an own partition to be filed, as an SQL condition; `groupId` is an SQL expression. */
export const hasUnfiled = <const G extends string>(groupId: G) =>
  `EXISTS (SELECT FROM patients p WHERE p.group_id = ${groupId} AND p.merged_into IS NULL)` as const;

/** Whether any patient, in the trash or not, keeps a group from being deleted. */
export const hasPatients = async (tx: ReadTx, groupId: string): Promise<boolean> =>
  (await tx.first('SELECT id FROM patients WHERE group_id = $1 LIMIT 1', [groupId])) !== undefined;

/**
 * Makes somebody's own partition, whose patients are filed into `homeId`; one that is there gets this home. Of several who make it at once each finds it
 * made, by its id or by its name: a conflict of one index alone would be the other's error.
 */
export async function openOwnPartition(tx: Tx, userId: string, homeId: string | null): Promise<void> {
  await Promise.all([
    tx.run(
      `INSERT INTO groups (id, name, is_personal, home_id) SELECT $1::uuid, $1::uuid::text, true, $2::uuid
       WHERE NOT EXISTS (SELECT FROM groups WHERE id = $1::uuid) ON CONFLICT DO NOTHING`,
      [userId, homeId],
      'ingest-own-partition',
    ),
    tx.run(
      'UPDATE groups SET home_id = $2::uuid WHERE id = $1::uuid AND is_personal AND home_id IS DISTINCT FROM $2::uuid',
      [userId, homeId],
      'ingest-own-home',
    ),
  ]);
}

/** How many patients each partition of the transaction's scope shows; null is what is in no group. */
export const countByPartition = (tx: ReadTx) =>
  tx.rows('SELECT p.group_id, count(*)::int AS patients FROM patients p WHERE p.deleted_at IS NULL GROUP BY p.group_id');
