import { requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import { findTrashed, restoreStudy } from '../../../archive/lifecycle/trash.ts';
import { notifyStudy } from '../../../archive/notify.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';

export interface BringBackPorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly by: Service;
}

/** What was sent from here and is there again comes out of the trash, as what came from there does with its bytes: those of ours are not taken again. */
export async function bringBack({ db, audit, clock, by }: BringBackPorts, instances: readonly string[]): Promise<void> {
  requirePermission(by, 'imports.create');
  await db.withScope(scopeOf(by), async (tx) => {
    for (const { id } of await findTrashed(tx, instances)) {
      const restored = await restoreStudy(tx, scopeOf(by), id, clock.now());
      if (restored === undefined) continue;
      const { patientId, groupId } = restored;
      await refreshPatients(tx, [patientId]);
      const details = { because: 'again-in-orthanc' };
      await audit.record(tx, {
        action: 'study.restored',
        actor: by,
        entityType: 'study',
        entityId: id,
        patientId,
        groupId,
        details,
      });
      await notifyStudy(tx, { id, patientId });
    }
  });
}
