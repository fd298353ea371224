import { personOnPage, TrashEntry } from '@negatoscope/contract';
import type { z } from 'zod';
import { type Actor, scopeOf, seesIdentity } from '../../access/index.ts';
import {
  listTrash,
  lockLiveStudies,
  restorePatient,
  restoreStudy,
  type TrashRow,
  trashPatient,
} from '../../archive/lifecycle/trash.ts';
import { notifyPatient } from '../../archive/notify.ts';
import { requirePatientToWrite } from '../../archive/records/opened.ts';
import { lockPatient, refreshPatients } from '../../archive/records/patients.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { PatientDeps } from './service.ts';

export const TRASH_DAYS = 30;
type Entry = z.infer<typeof TrashEntry>;

/** Moves a patient, with the studies when `cascade` says so, to the trash. */
export async function removePatient(
  { audit, clock, db }: PatientDeps,
  actor: Actor,
  { id, cascade }: { readonly id: string; readonly cascade: boolean },
): Promise<void> {
  const scope = scopeOf(actor);
  await db.withScope(scope, async (tx) => {
    await requirePatientToWrite(tx, actor, id);
    const patient = await lockPatient(tx, scope, id);
    if (patient === undefined) throw notFound();
    const studies = await lockLiveStudies(tx, id);
    if (studies > 0 && !cascade) throw new Failure('PATIENT_HAS_IMAGES');
    await trashPatient(tx, id, clock.now());
    await audit.record(tx, {
      action: 'patient.trashed',
      actor,
      entityType: 'patient',
      entityId: id,
      patientId: id,
      groupId: patient.group_id,
      details: { studies },
    });
    await notifyPatient(tx, id);
  });
}

export async function list(
  { db }: PatientDeps,
  actor: Actor,
  query: { limit: number; cursor?: string | undefined },
): Promise<Page<Entry>> {
  const scope = scopeOf(actor);
  const after = positionOf(query.cursor);
  const { rows, total } = await db.reading(scope, (tx) => listTrash(tx, scope, { after, limit: query.limit + 1 }));
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => entryOf(row, seesIdentity(actor))),
    nextCursor: last === undefined ? null : encodeCursor([last.deleted_at.toISOString(), last.id]),
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}

function positionOf(cursor: string | undefined): [string | null, string | null] {
  if (cursor === undefined) return [null, null];
  return decodeCursor(cursor, anInstant, aUuid);
}

function labelOf(row: TrashRow): string {
  const name = personOnPage({ lastName: row.family_name, firstName: row.given_name });
  return [name === '' ? row.record_number : name, row.description ?? ''].filter((part) => part !== '').join(' · ');
}

function entryOf(row: TrashRow, identity: boolean): Entry {
  return TrashEntry.parse({
    id: row.id,
    kind: row.kind,
    label: identity ? labelOf(row) : row.record_number,
    studyDate: identity ? row.study_date : null,
    deletedAt: row.deleted_at.toISOString(),
    purgeAt: new Date(row.deleted_at.getTime() + TRASH_DAYS * 86_400_000).toISOString(),
  });
}

/** Takes a patient or a study out of the trash. */
export async function restore({ audit, clock, db }: PatientDeps, actor: Actor, id: string): Promise<void> {
  const scope = scopeOf(actor);
  await db.withScope(scope, async (tx) => {
    const now = clock.now();
    const restored = (await restorePatient(tx, scope, id, now)) ?? (await restoreStudy(tx, scope, id, now));
    if (restored === undefined) throw notFound();
    await refreshPatients(tx, [restored.patientId]);
    const { kind, patientId, groupId } = restored;
    await audit.record(tx, { action: `${kind}.restored`, actor, entityType: kind, entityId: id, patientId, groupId });
    await notifyPatient(tx, patientId);
  });
}
