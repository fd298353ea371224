import type { MediumForm } from '@negatoscope/contract';
import {
  type Actor,
  can,
  isAmbiguous,
  noteLeavingStudies,
  requireMoreThanReading,
  requirePermission,
  type Scope,
  scopeOf,
} from '../../access/index.ts';
import { exportedRows, kindsFor } from '../../archive/kind-exports.ts';
import * as repository from '../../archive/records/exported.ts';
import type { RowKind, RowKinds } from '../../archive/row-kind.ts';
import { storableText } from '../../archive/search/index-list.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { Selection } from './archive.ts';
import type { ExportDeps } from './deps.ts';

export interface Wanted {
  readonly patientIds: readonly string[];
  readonly studyInstanceUids?: readonly string[] | undefined;
  readonly anonymize?: boolean | undefined;
  /** Into which project what is anonymised leaves. */
  readonly projectId?: string | undefined;
  readonly original?: boolean | undefined;
  /** Whether files that are known to be damaged are left out and told in the manifest. */
  readonly partial?: boolean | undefined;
}

/** What is noted of each patient whose images leave. */
interface Leaving {
  readonly action: 'patient.exported' | 'patient.handed-over';
  readonly recipient?: string;
  readonly anonymised?: true;
  readonly medium?: MediumForm;
  /** Everything there is of them, with who saw it. */
  readonly record?: true;
  readonly projectId?: string;
  readonly exportId?: string;
}

/**
 * Reads what is to be exported. Anonymised data need `exports.anonymised`, others `exports.create` and, because files carry names, `patients.identity`.
 * Fails with NOT_FOUND when any patient or study is unknown or out of scope, with OPEN_FOR_READING for one that is open in an emergency, with BAD_REQUEST when anonymised data are asked as they are stored, and
 * with OBJECT_DAMAGED, before anything leaves, when a file is known to be damaged and the wish is not `partial`.
 */
export async function selectForExport(deps: ExportDeps, actor: Actor, wanted: Wanted): Promise<Selection> {
  if (wanted.anonymize === true) {
    requirePermission(actor, 'exports.anonymised');
    if (wanted.original === true) throw new Failure('BAD_REQUEST', { detail: 'What is anonymised is not as it was stored.' });
    const { projectId } = wanted;
    const into = projectId === undefined ? {} : { projectId };
    return select(deps, actor, wanted, { action: 'patient.exported', anonymised: true, ...into });
  }
  requirePermission(actor, 'exports.create');
  requirePermission(actor, 'patients.identity');
  return select(deps, actor, wanted, { action: 'patient.exported' });
}

export interface HandedOver {
  readonly recipient: string;
  readonly partial?: boolean | undefined;
  /** Undefined for all of the patient's. */
  readonly studyInstanceUids?: readonly string[] | undefined;
  /** Of a medium. */
  readonly form?: MediumForm | undefined;
}

/**
 * Reads what one patient has, to be given to `recipient`. Needs `exports.hand-over`. Fails with NOT_FOUND when the patient is unknown or
 * out of scope, with VALIDATION_FAILED when the name of the recipient can't be kept, and with OBJECT_DAMAGED as an export does.
 */
export async function selectForHandOver(
  deps: ExportDeps,
  actor: Actor,
  patientId: string,
  { recipient, partial, studyInstanceUids, form }: HandedOver,
): Promise<Selection> {
  if (storableText(recipient) !== recipient) {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'recipient', message: 'Not a text.' }] });
  }
  requirePermission(actor, 'patients.identity');
  const medium = form === undefined ? {} : { medium: form };
  return select(
    deps,
    actor,
    { patientIds: [patientId], studyInstanceUids, partial },
    { action: 'patient.handed-over', recipient, ...medium },
  );
}

/** Reads all that one patient has, for who answers the patient's right of access. Fails as an export does. */
export function selectForRecord(
  deps: ExportDeps,
  actor: Actor,
  patientId: string,
  { partial }: { readonly partial?: boolean | undefined },
): Promise<Selection> {
  requirePermission(actor, 'exports.record');
  requirePermission(actor, 'patients.identity');
  return select(deps, actor, { patientIds: [patientId], partial }, { action: 'patient.exported', record: true });
}

/** The same for work that goes on after its request, which noted it: what of it is still there and seen. Needs `exports.anonymised`; fails with NOT_FOUND. */
export function selectAgain(
  deps: ExportDeps,
  actor: Actor,
  wanted: Pick<Wanted, 'patientIds' | 'studyInstanceUids'>,
): Promise<Selection> {
  requirePermission(actor, 'exports.anonymised');
  return select(deps, actor, { ...wanted, partial: true });
}

async function select(deps: ExportDeps, actor: Actor, wanted: Wanted, leaving?: Leaving): Promise<Selection> {
  const scope = scopeOf(actor);
  const ids = [...new Set(wanted.patientIds.map((id) => id.toLowerCase()))];
  const uids = wanted.studyInstanceUids === undefined ? undefined : [...new Set(wanted.studyInstanceUids)];
  const known = wanted.partial === true ? NONE : await deps.objects.damaged();
  const kinds = kindsOf(deps, actor);
  return deps.db.withScope(scope, async (tx) => {
    const patients = await repository.findPatients(tx, scope, ids);
    if (patients.length !== ids.length) throw notFound();
    const studies = await repository.findStudies(tx, scope, ids, uids);
    // What was opened in an emergency is for reading: it goes nowhere.
    for (const { json } of [...patients, ...studies]) requireMoreThanReading(actor, json.groupId);
    const found = new Set(studies.map(({ json }) => json.studyInstanceUid));
    if (uids !== undefined && !uids.every((uid) => found.has(uid))) throw notFound();
    if ((await countDamaged(tx, kinds, scope, { patients, studies, known })) > 0) throw new Failure('OBJECT_DAMAGED');
    noteLeavingStudies(
      actor,
      studies.map(({ json }) => json.id),
    );
    if (leaving !== undefined) await noteLeaving(deps, tx, actor, { patients, studies }, leaving);
    return { patients, studies };
  });
}

async function noteLeaving(
  { audit }: Pick<ExportDeps, 'audit'>,
  tx: Tx,
  actor: Actor,
  { patients, studies }: Selection,
  { action, ...to }: Leaving,
): Promise<void> {
  for (const { json } of patients) {
    const { id, groupId } = json;
    const count = studies.filter(({ patient_id }) => patient_id === id).length;
    const of = { entityType: 'patient', entityId: id, patientId: id, groupId };
    await audit.record(tx, { action, actor, ...of, details: { studies: count, ...to } });
  }
}

const kindsOf = ({ kinds }: Pick<ExportDeps, 'kinds'>, actor: Actor): RowKinds =>
  kindsFor(kinds, (permission) => can(actor, permission));

const NONE: ReadonlySet<string> = new Set();

/** How many files of a selection are among those that are known to be damaged: instances, and objects of what hangs there. */
async function countDamaged(
  tx: ReadTx,
  kinds: RowKinds,
  scope: Scope,
  { patients, studies, known }: Selection & { readonly known: ReadonlySet<string> },
): Promise<number> {
  if (known.size === 0) return 0;
  const studyIds = studies.map(({ json }) => json.id);
  let damaged = await repository.countInstancesAmong(tx, scope, { ids: [...known], studyIds });
  const hanging = [...patients.map(({ json }) => ['patient', json.id] as const), ...studyIds.map((id) => ['study', id] as const)];
  for (const [of, id] of kinds.some(leavesWithObject) ? hanging : [])
    for (const { rows } of await exportedRows(tx, kinds, of, id))
      damaged += rows.filter(({ object }) => object !== undefined && known.has(object.id)).length;
  return damaged;
}

/** Whether rows of a kind bring a file of their own. */
const leavesWithObject = ({ export: leaves, object }: RowKind): boolean => leaves !== 'stays' && object !== undefined;

/** How many files of a patient's export are known to be damaged. Fails with NOT_FOUND as the export does. */
export async function countDamagedFiles(deps: ExportDeps, actor: Actor, patientId: string): Promise<number> {
  requirePermission(actor, 'patients.identity');
  const scope = scopeOf(actor);
  const known = await deps.objects.damaged();
  return deps.db.reading(scope, async (tx) => {
    const patients = await repository.findPatients(tx, scope, [patientId.toLowerCase()]);
    if (patients.length === 0) throw notFound();
    const studies = await repository.findStudies(tx, scope, [patientId.toLowerCase()], undefined);
    return countDamaged(tx, kindsOf(deps, actor), scope, { patients, studies, known });
  });
}

/** The one stored instance that a UID means to this actor; in several of their groups, and to administrators, it is AMBIGUOUS_UID until they name a group. */
export async function requireStored(
  deps: ExportDeps,
  actor: Actor,
  uid: string,
  groupId: string | undefined,
): Promise<repository.StoredInstance> {
  requirePermission(actor, 'patients.identity');
  const scope = scopeOf(actor);
  const found = await deps.db.reading(scope, (tx) => repository.findStored(tx, scope, uid, groupId ?? null));
  if (isAmbiguous(scope, found)) throw new Failure('AMBIGUOUS_UID');
  if (found[0] === undefined) throw notFound();
  return found[0];
}
