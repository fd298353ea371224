import { TrashEntry } from '@negatoscope/contract';
import type { z } from 'zod';
import { type Actor, scopeOf, seesIdentity } from '../../access/index.ts';
import { lockPatient, notifyPatient } from '../../archive/records/patients.ts';
import { inScope, scopeValues } from '../../archive/search/index-list.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { PatientDeps } from './service.ts';

export const TRASH_DAYS = 30;
type Entry = z.infer<typeof TrashEntry>;

export interface TrashService {
  /** Moves a patient, with the studies when `cascade` says so, to the trash. */
  removePatient(actor: Actor, id: string, cascade: boolean): Promise<void>;
  list(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<Entry>>;
  restore(actor: Actor, id: string): Promise<void>;
}

interface TrashRow {
  readonly id: string;
  readonly kind: 'patient' | 'study';
  readonly record_number: string;
  readonly label: string;
  readonly deleted_at: Date;
  readonly key: string;
}

/** Studies that went with their patient are one entry with that patient. Merged patients are no trash. */
const ENTRIES = `
  SELECT p.id, 'patient' AS kind, p.record_number, btrim(p.family_name || ' ' || p.given_name) AS label, p.deleted_at
  FROM patients p WHERE p.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('p', 1)}
  UNION ALL
  SELECT s.id, 'study', p.record_number, concat_ws(' · ', btrim(p.family_name || ' ' || p.given_name), s.description, s.study_date::text), s.deleted_at
  FROM studies s JOIN patients p ON p.id = s.patient_id
  WHERE s.deleted_at IS NOT NULL AND p.deleted_at IS DISTINCT FROM s.deleted_at AND ${inScope('s', 1)}`;

function positionOf(cursor: string | undefined): [string | null, string | null] {
  if (cursor === undefined) return [null, null];
  return decodeCursor(cursor, anInstant, aUuid);
}

export function createTrashService({ db, audit, clock }: PatientDeps): TrashService {
  async function removePatient(actor: Actor, id: string, cascade: boolean): Promise<void> {
    const scope = scopeOf(actor);
    await db.withScope(scope, async (tx) => {
      const patient = await lockPatient(tx, scope, id);
      if (patient === undefined) throw notFound();
      const studies = await tx.rows(
        'SELECT id FROM studies WHERE patient_id = $1 AND deleted_at IS NULL ORDER BY id FOR UPDATE',
        [id],
      );
      if (studies.length > 0 && !cascade) throw new Failure('PATIENT_HAS_IMAGES');
      // The same instant marks what went together, so that it comes back together.
      const now = clock.now();
      await tx.run('UPDATE patients SET deleted_at = $2, updated_at = $2 WHERE id = $1', [id, now]);
      await tx.run('UPDATE studies SET deleted_at = $2, updated_at = $2 WHERE patient_id = $1 AND deleted_at IS NULL', [id, now]);
      const details = { studies: studies.length };
      const groupId = patient.group_id;
      await audit.record(tx, {
        action: 'patient.trashed',
        actor,
        entityType: 'patient',
        entityId: id,
        patientId: id,
        groupId,
        details,
      });
      await notifyPatient(tx, id);
    });
  }

  async function list(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<Entry>> {
    const scope = scopeOf(actor);
    const position = positionOf(query.cursor);
    return db.withScope(scope, async (tx) => {
      const values = scopeValues(scope);
      const rows = await tx.rows<TrashRow>(
        `SELECT * FROM (${ENTRIES}) trash WHERE $4::timestamptz IS NULL OR (date_trunc('milliseconds', deleted_at), id) < ($4, $5::uuid)
         ORDER BY date_trunc('milliseconds', deleted_at) DESC, id DESC LIMIT $6`,
        [...values, ...position, query.limit + 1],
      );
      const count = await tx.first<{ total: number }>(
        `SELECT count(*)::int AS total FROM (SELECT 1 FROM (${ENTRIES}) trash LIMIT ${TOTAL_CAP + 1}) counted`,
        values,
      );
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const total = count?.total ?? 0;
      return {
        items: shown.map((row) => entryOf(row, seesIdentity(actor))),
        nextCursor:
          rows.length > query.limit && last !== undefined ? encodeCursor([last.deleted_at.toISOString(), last.id]) : null,
        total: Math.min(total, TOTAL_CAP),
        totalIsExact: total <= TOTAL_CAP,
      };
    });
  }

  async function restore(actor: Actor, id: string): Promise<void> {
    await db.withScope(scopeOf(actor), async (tx) => {
      const restored = (await restorePatient(tx, actor, id)) ?? (await restoreStudy(tx, actor, id));
      if (restored === undefined) throw notFound();
      await tx.run('SELECT ng_refresh_patients(ARRAY[$1::uuid])', [restored.patientId]);
      const { kind, patientId, groupId } = restored;
      await audit.record(tx, { action: `${kind}.restored`, actor, entityType: kind, entityId: id, patientId, groupId });
      await notifyPatient(tx, patientId);
    });
  }

  interface Restored {
    readonly kind: 'patient' | 'study';
    readonly patientId: string;
    readonly groupId: string | null;
  }

  async function restorePatient(tx: Tx, actor: Actor, id: string): Promise<Restored | undefined> {
    const row = await tx.first<{ group_id: string | null }>(
      `SELECT p.group_id FROM patients p
       WHERE p.id = $1 AND p.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('p', 2)} FOR UPDATE`,
      [id, ...scopeValues(scopeOf(actor))],
    );
    if (row === undefined) return undefined;
    await tx.run(
      `UPDATE studies s SET deleted_at = NULL, updated_at = $2 FROM patients p
       WHERE p.id = $1 AND s.patient_id = p.id AND s.deleted_at = p.deleted_at`,
      [id, clock.now()],
    );
    await tx.run('UPDATE patients SET deleted_at = NULL, updated_at = $2 WHERE id = $1', [id, clock.now()]);
    return { kind: 'patient', patientId: id, groupId: row.group_id };
  }

  /** A study whose patient is in the trash brings the patient's record back, without the other studies. */
  async function restoreStudy(tx: Tx, actor: Actor, id: string): Promise<Restored | undefined> {
    const row = await tx.first<{ patient_id: string; group_id: string | null }>(
      `SELECT s.patient_id, s.group_id FROM studies s JOIN patients p ON p.id = s.patient_id
       WHERE s.id = $1 AND s.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('s', 2)} FOR UPDATE`,
      [id, ...scopeValues(scopeOf(actor))],
    );
    if (row === undefined) return undefined;
    const now = clock.now();
    await tx.run('UPDATE patients SET deleted_at = NULL, updated_at = $2 WHERE id = $1 AND deleted_at IS NOT NULL', [
      row.patient_id,
      now,
    ]);
    await tx.run('UPDATE studies SET deleted_at = NULL, updated_at = $2 WHERE id = $1', [id, now]);
    return { kind: 'study', patientId: row.patient_id, groupId: row.group_id };
  }

  return { removePatient, list, restore };
}

function entryOf(row: TrashRow, identity: boolean): Entry {
  return TrashEntry.parse({
    id: row.id,
    kind: row.kind,
    label: identity && row.label !== '' ? row.label : row.record_number,
    deletedAt: row.deleted_at.toISOString(),
    purgeAt: new Date(row.deleted_at.getTime() + TRASH_DAYS * 86_400_000).toISOString(),
  });
}
