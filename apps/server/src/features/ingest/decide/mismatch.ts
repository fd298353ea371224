import { userOf } from '../../../access/index.ts';
import type { FiledMismatch, StudyPlan } from '../../../archive/write/batch-lookup.ts';
import { markMismatch } from '../../../archive/write/mismatch.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import type { Importer } from '../types.ts';

const actionOf = ({ kind, cause }: FiledMismatch) => {
  if (kind === 'NO_IDENTITY') return 'study.without-identity';
  return cause === 'MERGED' ? 'study.mismatch-found' : 'study.mismatch-accepted';
};

/** Marks studies whose images name somebody else, or nobody, and audits who filed or sent them so. One that is marked already keeps its mark. */
export async function markMismatches(
  tx: Tx,
  { actor, audit, groupId }: { actor: Importer; audit: Audit; groupId: string | null },
  { studies, importId, reason }: { studies: readonly StudyPlan[]; importId: string | null; reason: string | null },
): Promise<void> {
  for (const { id, mismatch, patient } of studies) {
    if (mismatch === undefined) continue;
    if (!(await markMismatch(tx, id, { ...mismatch, reason, userId: userOf(actor), importId }))) continue;
    await audit.record(tx, {
      action: actionOf(mismatch),
      actor,
      entityType: 'study',
      entityId: id,
      patientId: patient.id,
      groupId,
      details: { ...(importId === null ? {} : { importId }), ...(mismatch.cause === 'DECIDED' ? {} : { cause: mismatch.cause }) },
    });
  }
}
