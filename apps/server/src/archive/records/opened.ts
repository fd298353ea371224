import { type Actor, hasArm, requireMoreThanReading, scopeOf } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { findPatient } from './patients.ts';

/** Fails with OPEN_FOR_READING for a patient who is open to somebody for reading alone; one who is out of scope is for the caller to miss. */
export async function requirePatientToWrite(tx: ReadTx, actor: Actor, id: string): Promise<void> {
  const scope = scopeOf(actor);
  if (!hasArm(scope, 'studies')) return;
  const patient = await findPatient(tx, scope, id);
  if (patient !== undefined) requireMoreThanReading(actor, patient.group_id);
}
