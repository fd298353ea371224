import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { type Job, job } from '../../platform/queue/job.ts';
import type { Audit } from '../audit/index.ts';
import { PURGE_TRASH } from './job-kinds.ts';

const TRASH_DAYS = 30;

export interface PurgeDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: ObjectStore;
}

interface DueStudy {
  readonly id: string;
  readonly patient_id: string;
  readonly group_id: string | null;
}

/** The handlers of this feature's kinds. */
export const patientJobs = (deps: PurgeDeps): Job[] => [
  job(PURGE_TRASH, async () => purgeTrash(deps, { olderThanDays: TRASH_DAYS })),
];

/**
 * Ends for good what has been in the trash for more than `olderThanDays`: rows first, in one transaction for each study or patient,
 * then their objects. What a crash leaves between the two are objects without rows, which the reconciler removes. Safe to run again.
 */
export async function purgeTrash(
  deps: PurgeDeps,
  { olderThanDays }: { olderThanDays: number },
): Promise<{ studies: number; patients: number; objects: number }> {
  const before = new Date(deps.clock.now().getTime() - olderThanDays * 86_400_000);
  let [studies, patients, objects] = [0, 0, 0];
  const due = await deps.db.withSystem((tx) =>
    tx.rows<{ id: string }>('SELECT id FROM studies WHERE deleted_at < $1 ORDER BY deleted_at LIMIT 10000', [before]),
  );
  for (const { id } of due) {
    const ids = await deps.db.withSystem((tx) => purgeStudy(tx, deps.audit, id, before));
    if (ids === undefined) continue;
    await deps.objects.delete(ids);
    studies += 1;
    objects += ids.length;
  }
  const gone = await deps.db.withSystem((tx) =>
    tx.rows<{ id: string }>(
      'SELECT id FROM patients WHERE deleted_at < $1 AND merged_into IS NULL ORDER BY deleted_at LIMIT 10000',
      [before],
    ),
  );
  for (const { id } of gone) if (await deps.db.withSystem((tx) => purgePatient(tx, deps.audit, id, before))) patients += 1;
  return { studies, patients, objects };
}

const ROWS_OF_STUDY = [
  'DELETE FROM conflicts WHERE study_id = $1 RETURNING id',
  'DELETE FROM instance_versions WHERE series_id IN (SELECT id FROM series WHERE study_id = $1) RETURNING id',
  'DELETE FROM instances WHERE series_id IN (SELECT id FROM series WHERE study_id = $1) RETURNING id',
  'DELETE FROM series WHERE study_id = $1 RETURNING metadata_object AS id',
];

/** Ids of the objects that nothing points to any more, or undefined when the study was restored meanwhile. */
async function purgeStudy(tx: Tx, audit: Audit, id: string, before: Date): Promise<string[] | undefined> {
  const study = await tx.first<DueStudy>(
    'SELECT id, patient_id, group_id FROM studies WHERE id = $1 AND deleted_at < $2 FOR UPDATE',
    [id, before],
  );
  if (study === undefined) return undefined;
  const ids: string[] = [];
  for (const statement of ROWS_OF_STUDY) {
    const rows = await tx.rows<{ id: string | null }>(statement, [id]);
    for (const row of rows) if (row.id !== null) ids.push(row.id);
  }
  await tx.run('DELETE FROM studies WHERE id = $1', [id]);
  await audit.record(tx, {
    action: 'study.purged',
    actor: null,
    entityType: 'study',
    entityId: id,
    patientId: study.patient_id,
    groupId: study.group_id,
    details: { objects: ids.length },
  });
  return ids;
}

/** A patient goes when no study is left and no other record points to this one. */
async function purgePatient(tx: Tx, audit: Audit, id: string, before: Date): Promise<boolean> {
  const patient = await tx.first<{ group_id: string | null }>(
    `SELECT group_id FROM patients p WHERE id = $1 AND deleted_at < $2 AND NOT EXISTS (SELECT FROM studies WHERE patient_id = p.id)
       AND NOT EXISTS (SELECT FROM patients o WHERE o.merged_into = p.id) FOR UPDATE`,
    [id, before],
  );
  if (patient === undefined) return false;
  await tx.run('UPDATE patients SET suspect_id = NULL WHERE suspect_id = $1', [id]);
  await tx.run('UPDATE imports SET patient_id = NULL WHERE patient_id = $1', [id]);
  await tx.run('DELETE FROM patients WHERE id = $1', [id]);
  const groupId = patient.group_id;
  await audit.record(tx, { action: 'patient.purged', actor: null, entityType: 'patient', entityId: id, patientId: id, groupId });
  return true;
}
