import { requirePermission, type Service, type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { duePatients, dueStudies, purgePatient, purgeStudy } from '../../archive/lifecycle/purge.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { Audit } from '../audit/index.ts';
import { PURGE_TRASH } from './job-kinds.ts';

const TRASH_DAYS = 30;

export interface PurgeDeps {
  readonly db: ArchiveWriter;
  /** Who ends it: the journal names them. */
  readonly by: Service;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly kinds: RowKinds;
}

/** The handlers of this feature's kinds. */
export const patientJobs = (deps: Omit<PurgeDeps, 'by'>): ServiceJob[] => [
  serviceJob(PURGE_TRASH, ['trash.purge'], async (by) => purgeTrash({ ...deps, by }, { olderThanDays: TRASH_DAYS })),
];

/**
 * Ends for good what has been in the trash for more than `olderThanDays`: rows first, in one transaction for each study or patient,
 * then their objects. What a crash leaves between the two are objects without rows, which the reconciler removes. Safe to run again.
 */
export async function purgeTrash(
  deps: PurgeDeps,
  { olderThanDays }: { olderThanDays: number },
): Promise<{ studies: number; patients: number; objects: number }> {
  requirePermission(deps.by, 'trash.purge');
  const scope = scopeOf(deps.by);
  const before = new Date(deps.clock.now().getTime() - olderThanDays * 86_400_000);
  const purged = { studies: 0, patients: 0, objects: 0 };
  for (const id of await deps.db.reading(scope, (tx) => dueStudies(tx, before))) {
    const objects = await endStudy(deps, id, before);
    if (objects === undefined) continue;
    await deps.objects.delete(objects);
    purged.studies += 1;
    purged.objects += objects.length;
  }
  for (const id of await deps.db.reading(scope, (tx) => duePatients(tx, before))) {
    const objects = await endPatient(deps, id, before);
    if (objects === undefined) continue;
    await deps.objects.delete(objects);
    purged.patients += 1;
    purged.objects += objects.length;
  }
  return purged;
}

const endStudy = ({ db, audit, kinds, by }: PurgeDeps, id: string, before: Date): Promise<readonly string[] | undefined> =>
  db.withScope(scopeOf(by), async (tx) => {
    const purged = await purgeStudy(tx, kinds, id, before);
    if (purged === undefined) return undefined;
    const { patientId, groupId, objects } = purged;
    const details = { objects: objects.length };
    await audit.record(tx, {
      action: 'study.purged',
      actor: by,
      entityType: 'study',
      entityId: id,
      patientId,
      groupId,
      details,
    });
    return objects;
  });

const endPatient = ({ db, audit, kinds, by }: PurgeDeps, id: string, before: Date): Promise<readonly string[] | undefined> =>
  db.withScope(scopeOf(by), async (tx) => {
    const purged = await purgePatient(tx, kinds, id, before);
    if (purged === undefined) return undefined;
    const { groupId, objects } = purged;
    await audit.record(tx, {
      action: 'patient.purged',
      actor: by,
      entityType: 'patient',
      entityId: id,
      patientId: id,
      groupId,
    });
    return objects;
  });
