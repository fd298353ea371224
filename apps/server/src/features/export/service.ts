import { Failure, notFound } from '../../kernel/failure.ts';
import { type Actor, requirePermission, scopeOf } from '../access/index.ts';
import type { ExportDeps, Selection } from './archive.ts';
import * as repository from './repository.ts';

export interface Wanted {
  readonly patientIds: readonly string[];
  readonly studyInstanceUids?: readonly string[] | undefined;
  readonly anonymize?: boolean | undefined;
}

/**
 * Reads what is to be exported. Needs `exports.create` and, because files carry names, `patients.identity`. Fails with NOT_FOUND when any
 * patient or study is unknown or out of scope, and with NOT_IMPLEMENTED when anonymised data is asked: identified data never stands in.
 */
export async function selectForExport(deps: ExportDeps, actor: Actor, wanted: Wanted): Promise<Selection> {
  if (wanted.anonymize === true) throw new Failure('NOT_IMPLEMENTED');
  requirePermission(actor, 'patients.identity');
  const scope = scopeOf(actor);
  const ids = [...new Set(wanted.patientIds.map((id) => id.toLowerCase()))];
  const uids = wanted.studyInstanceUids === undefined ? undefined : [...new Set(wanted.studyInstanceUids)];
  return deps.db.withScope(scope, async (tx) => {
    const patients = await repository.findPatients(tx, scope, ids);
    if (patients.length !== ids.length) throw notFound();
    const studies = await repository.findStudies(tx, scope, ids, uids);
    const found = new Set(studies.map(({ json }) => json.studyInstanceUid));
    if (uids !== undefined && !uids.every((uid) => found.has(uid))) throw notFound();
    for (const { json } of patients) {
      const details = { studies: studies.filter(({ patient_id }) => patient_id === json.id).length };
      const { id, groupId } = json;
      await deps.audit.record(tx, {
        action: 'patient.exported',
        actor,
        entityType: 'patient',
        entityId: id,
        patientId: id,
        groupId,
        details,
      });
    }
    return { patients, studies };
  });
}

/** The one stored instance that a UID means to this actor; for administrators several are AMBIGUOUS_UID until they name a group. */
export async function requireStored(
  deps: ExportDeps,
  actor: Actor,
  uid: string,
  groupId: string | undefined,
): Promise<repository.StoredInstance> {
  requirePermission(actor, 'patients.identity');
  const scope = scopeOf(actor);
  const found = await deps.db.withScope(scope, (tx) => repository.findStored(tx, scope, uid, groupId ?? null));
  if (found.filter((one) => !one.is_held).length > 1 && actor.role === 'ADMIN') throw new Failure('AMBIGUOUS_UID');
  if (found[0] === undefined) throw notFound();
  return found[0];
}
