import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { HELD, HELD_SUSPECT, heldScope } from '../lifecycle/held.ts';
import { isPersonal } from '../partitions.ts';
import { patientJson } from './patient-json.ts';

/** A patient whose identity waits for a person, and whom it may be. */
export type ReviewRow = FoundBy<typeof listWaiting> | FoundBy<typeof listHeld>;

const WAITING =
  `p.identity_status = 'IDENTITY_REVIEW' AND p.identity_reason IS NOT NULL AND p.deleted_at IS NULL AND p.merged_into IS NULL AND NOT ${isPersonal('p.group_id')}` as const;
const SUSPECT = `CASE WHEN s.id IS NULL THEN NULL ELSE ${patientJson('s')} END AS suspect` as const;

/** Patients of the transaction's scope whose identity waits, newest first, after the id `after`. */
export const listWaiting = (tx: ReadTx, after: string | null, limit: number) =>
  tx.rows(
    `SELECT p.id, ${patientJson('p')} AS patient, ${SUSPECT}, p.identity_reason AS reason, p.created_at
     FROM patients p LEFT JOIN patients s ON s.id = p.suspect_id AND s.deleted_at IS NULL
     WHERE ${WAITING} AND ($1::uuid IS NULL OR p.id < $1::uuid) ORDER BY p.id DESC LIMIT $2`,
    [after, limit],
  );

/** As many as `listWaiting` gives in all. */
export const countWaiting = async (tx: ReadTx): Promise<number> =>
  (await tx.first(`SELECT count(*) AS n FROM patients p WHERE ${WAITING}`))?.n ?? 0;

/** What people who don't see identities imported, for those of `scope` who do. The transaction has their review scope (held.ts). */
export const listHeld = (tx: ReadTx, scope: Scope, after: string | null, limit: number) =>
  tx.rows(
    `SELECT p.id, ${patientJson('p')} AS patient, ${SUSPECT}, 'HELD' AS reason, p.created_at
     FROM (SELECT p.*, ${HELD_SUSPECT} AS found_id FROM ${HELD} AND ($4::uuid IS NULL OR p.id < $4::uuid) ORDER BY p.id DESC LIMIT $5) p
       LEFT JOIN patients s ON s.id = p.found_id AND s.deleted_at IS NULL ORDER BY p.id DESC`,
    [...heldScope(scope), after, limit],
  );

/** As many as `listHeld` gives in all. */
export const countHeld = async (tx: ReadTx, scope: Scope): Promise<number> =>
  (await tx.first(`SELECT count(*) AS n FROM ${HELD}`, heldScope(scope)))?.n ?? 0;

/** Whom a patient of the scope may be, and of which group; undefined when there is no such patient. */
export const suspectOf = (tx: ReadTx, id: string): Promise<{ suspect_id: string | null; group_id: string | null } | undefined> =>
  tx.first('SELECT suspect_id, group_id FROM patients WHERE id = $1', [id]);
