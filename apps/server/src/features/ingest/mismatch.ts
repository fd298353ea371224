import type { Actor } from '../../access/index.ts';
import { patientPlan, type StudyPlan } from '../../archive/write/batch-lookup.ts';
import { contradictsPatient } from '../../archive/write/identity.ts';
import type { ReceivedIdentity } from '../../archive/write/received.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';

/** What `studies.identity_mismatch` holds: whose name images carry that somebody attached to another patient all the same. */
interface Mark {
  readonly received: ReceivedIdentity;
  readonly reason: string | null;
  readonly userId: string;
  readonly importId: string | null;
}

/** Marks studies whose images name somebody else, and audits who decided so. One that is marked already keeps its mark. */
export async function markMismatches(
  tx: Tx,
  { actor, audit, groupId }: { actor: Actor; audit: Audit; groupId: string | null },
  { studies, importId, reason }: { studies: readonly StudyPlan[]; importId: string | null; reason: string | null },
): Promise<void> {
  for (const { id, mismatch: received, patient } of studies) {
    if (received === undefined) continue;
    const mark: Mark = { received, reason, userId: actor.userId, importId };
    const marked = await tx.run(
      `UPDATE studies SET identity_mismatch = $2::jsonb || jsonb_build_object('at', now()), updated_at = now() WHERE id = $1 AND identity_mismatch IS NULL`,
      [id, JSON.stringify(mark)],
    );
    if (marked === 0) continue;
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

/**
 * The identity by which a study's images contradict a patient: that of its first image, or the one that it is marked with. Undefined when
 * neither does.
 */
export async function studyContradicts(tx: Tx, studyId: string, patientId: string): Promise<ReceivedIdentity | undefined> {
  const study = await tx.first<{ received: ReceivedIdentity | null; marked: ReceivedIdentity | null }>(
    `SELECT received_identity AS received, identity_mismatch->'received' AS marked FROM studies WHERE id = $1`,
    [studyId],
  );
  const patient = await patientPlan(tx, patientId);
  if (study === undefined || patient === undefined) return undefined;
  const identities = [study.received, study.marked].filter((one) => one !== null);
  return identities.find((identity) => contradictsPatient(identity, patient));
}
