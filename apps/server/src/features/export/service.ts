import { type Actor, hasArm, requirePermission, scopeOf } from '../../access/index.ts';
import * as repository from '../../archive/records/exported.ts';
import { storableText } from '../../archive/search/index-list.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { ExportDeps, Selection } from './archive.ts';

export interface Wanted {
  readonly patientIds: readonly string[];
  readonly studyInstanceUids?: readonly string[] | undefined;
  readonly anonymize?: boolean | undefined;
}

/** What is noted of each patient whose images leave. */
interface Leaving {
  readonly action: 'patient.exported' | 'patient.handed-over';
  readonly recipient?: string;
}

/**
 * Reads what is to be exported. Needs `exports.create` and, because files carry names, `patients.identity`. Fails with NOT_FOUND when any
 * patient or study is unknown or out of scope, and with NOT_IMPLEMENTED when anonymised data is asked: identified data never stands in.
 */
export async function selectForExport(deps: ExportDeps, actor: Actor, wanted: Wanted): Promise<Selection> {
  if (wanted.anonymize === true) throw new Failure('NOT_IMPLEMENTED');
  return select(deps, actor, wanted, { action: 'patient.exported' });
}

/**
 * Reads all that one patient has, to be given to `recipient`. Needs `exports.hand-over`. Fails with NOT_FOUND when the patient is unknown or
 * out of scope, and with VALIDATION_FAILED when the name of the recipient can't be kept.
 */
export async function selectForHandOver(
  deps: ExportDeps,
  actor: Actor,
  patientId: string,
  recipient: string,
): Promise<Selection> {
  if (storableText(recipient) !== recipient) {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'recipient', message: 'Not a text.' }] });
  }
  return select(deps, actor, { patientIds: [patientId] }, { action: 'patient.handed-over', recipient });
}

async function select(deps: ExportDeps, actor: Actor, wanted: Wanted, { action, ...to }: Leaving): Promise<Selection> {
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
      const { id, groupId } = json;
      const count = studies.filter(({ patient_id }) => patient_id === id).length;
      await deps.audit.record(tx, {
        action,
        actor,
        entityType: 'patient',
        entityId: id,
        patientId: id,
        groupId,
        details: { studies: count, ...to },
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
  const found = await deps.db.reading(scope, (tx) => repository.findStored(tx, scope, uid, groupId ?? null));
  if (found.filter((one) => !one.is_held).length > 1 && hasArm(scope, 'all')) throw new Failure('AMBIGUOUS_UID');
  if (found[0] === undefined) throw notFound();
  return found[0];
}
