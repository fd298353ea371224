import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { patientPlan } from './batch-lookup.ts';
import { contradictsPatient } from './identity.ts';
import type { ReceivedIdentity } from './received.ts';

/** What `studies.identity_mismatch` holds: whose name images carry that somebody attached to another patient all the same. */
export interface MismatchMark {
  readonly received: ReceivedIdentity;
  readonly reason: string | null;
  readonly userId: string;
  readonly importId: string | null;
}

/** Marks a study whose images name somebody else; false for one that is marked already, which keeps its mark. */
export const markMismatch = async (tx: Tx, studyId: string, mark: MismatchMark): Promise<boolean> =>
  (await tx.run(
    `UPDATE studies SET identity_mismatch = $2::jsonb || jsonb_build_object('at', now()), updated_at = now() WHERE id = $1 AND identity_mismatch IS NULL`,
    [studyId, JSON.stringify(mark)],
  )) > 0;

/**
 * The identity by which a study's images contradict a patient: that of its first image, or the one that it is marked with. Undefined when
 * neither does.
 */
export async function studyContradicts(tx: ReadTx, studyId: string, patientId: string): Promise<ReceivedIdentity | undefined> {
  const study = await tx.first<{ received: ReceivedIdentity | null; marked: ReceivedIdentity | null }>(
    `SELECT received_identity AS received, identity_mismatch->'received' AS marked FROM studies WHERE id = $1`,
    [studyId],
  );
  const patient = await patientPlan(tx, patientId);
  if (study === undefined || patient === undefined) return undefined;
  const identities = [study.received, study.marked].filter((one) => one !== null);
  return identities.find((identity) => contradictsPatient(identity, patient));
}
