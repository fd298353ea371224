import type { Actor } from '../../access/index.ts';
import type { StudyPlan } from '../../archive/write/batch-lookup.ts';
import { markMismatch } from '../../archive/write/mismatch.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';

/** Marks studies whose images name somebody else, and audits who decided so. One that is marked already keeps its mark. */
export async function markMismatches(
  tx: Tx,
  { actor, audit, groupId }: { actor: Actor; audit: Audit; groupId: string | null },
  { studies, importId, reason }: { studies: readonly StudyPlan[]; importId: string | null; reason: string | null },
): Promise<void> {
  for (const { id, mismatch: received, patient } of studies) {
    if (received === undefined || !(await markMismatch(tx, id, { received, reason, userId: actor.userId, importId }))) continue;
    await audit.record(tx, {
      action: 'study.mismatch-accepted',
      actor,
      entityType: 'study',
      entityId: id,
      patientId: patient.id,
      groupId,
      details: importId === null ? {} : { importId },
    });
  }
}
