import type { BodyOf, decideIdentityReview, listIdentityReviews, Patient, QueryOf, ResultOf } from '@negatoscope/contract';
import { isForReading, type Person, requireMoreThanReading, type Scope, scopeOf, seesIdentity } from '../../../access/index.ts';
import { reviewScope } from '../../../archive/lifecycle/held.ts';
import { confirmPatient, type LockedPatient, lockPatients } from '../../../archive/lifecycle/merge.ts';
import { countHeld, countWaiting, listHeld, listWaiting, type ReviewRow, suspectOf } from '../../../archive/records/reviews.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { aUuid, decodeCursor, encodeCursor } from '../../../kernel/list.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import { type MergeTools, mergeRecords } from './merge-records.ts';

const pseudonym = (patient: Patient): Patient => ({
  ...patient,
  lastName: patient.recordNumber,
  firstName: '',
  textUncertain: false,
  externalId: null,
  birthDate: null,
  phone: null,
  address: null,
});

/** The scope in which a person sees what is held for them, who sees identities. */
export const heldBy = (db: Pick<Db, 'reading'>, actor: Person): Promise<Scope> => {
  const scope = scopeOf(actor);
  return db.reading(scope, (tx) => reviewScope(tx, scope));
};

/** Of the scope, and what people who don't see identities imported for those who do: as long as the list is. */
export async function countReviews(db: Db, actor: Person): Promise<number> {
  const scope = scopeOf(actor);
  const held = seesIdentity(actor) ? await db.reading(await heldBy(db, actor), (tx) => countHeld(tx, scope)) : 0;
  return held + (await db.reading(scope, countWaiting));
}

/** Patients of the scope whose identity waits for a person, and what was imported without seeing identities, newest first. */
export async function listReviews(
  db: Db,
  actor: Person,
  query: QueryOf<typeof listIdentityReviews>,
): Promise<ResultOf<typeof listIdentityReviews>> {
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, aUuid);
  const scope = scopeOf(actor);
  const held: ReviewRow[] = seesIdentity(actor)
    ? await db.reading(await heldBy(db, actor), (tx) => listHeld(tx, scope, after, query.limit + 1))
    : [];
  const waiting = await db.reading(scope, (tx) => listWaiting(tx, after, query.limit + 1));
  const rows = [...waiting, ...held].sort((a, b) => (a.id < b.id ? 1 : -1));
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  const show = (patient: Patient): Patient => ({
    ...(seesIdentity(actor) ? patient : pseudonym(patient)),
    ...(isForReading(actor, patient.groupId) ? { onlyReads: true } : {}),
  });
  return {
    items: page.map((row) => ({
      id: row.id,
      patient: show(row.patient),
      suspect: row.suspect === null ? null : show(row.suspect),
      reason: row.reason,
      createdAt: row.created_at.toISOString(),
    })),
    nextCursor: last === undefined ? null : encodeCursor([last.id]),
    total: await countReviews(db, actor),
    totalIsExact: true,
  };
}

interface DecideDeps extends MergeTools {
  readonly db: Db;
}

/**
 * Ends the review of a patient's identity. `different` confirms it as a person of its own; `same` moves its studies to the suspect
 * (or to `patientId`), keeps its identifiers and name as aliases there, and leaves its row as a pointer. Fails with NOT_FOUND,
 * ALREADY_DECIDED, OPEN_FOR_READING, UNPROCESSABLE when there is nobody to merge with in the same group, and for `discard`, which is for what is held only.
 */
export async function decideReview(
  deps: DecideDeps,
  actor: Person,
  request: { id: string } & BodyOf<typeof decideIdentityReview>,
): Promise<void> {
  if (request.decision === 'discard') throw new Failure('UNPROCESSABLE', { detail: 'Only what is held can be discarded.' });
  await deps.db.withScope(scopeOf(actor), async (tx) => {
    const seen = await suspectOf(tx, request.id);
    if (seen === undefined) throw notFound();
    requireMoreThanReading(actor, seen.group_id);
    const targetId = request.decision === 'same' ? (request.patientId ?? seen.suspect_id) : null;
    const patients = await lockPatients(tx, targetId === null ? [request.id] : [request.id, targetId]);
    const patient = patients.get(request.id);
    if (patient === undefined || patient.deleted) throw notFound();
    if (patient.identity_status !== 'IDENTITY_REVIEW' || patient.merged_into !== null) throw new Failure('ALREADY_DECIDED');
    const target = targetId === null ? undefined : patients.get(targetId);
    if (request.decision === 'different') await confirmPatient(tx, patient.id);
    else await mergeInto(deps, tx, actor, { patient, target });
    await deps.audit.record(tx, {
      action: request.decision === 'same' ? 'patient.merge' : 'patient.confirm',
      actor,
      entityType: 'patient',
      entityId: patient.id,
      patientId: target?.id ?? patient.id,
      groupId: patient.group_id,
    });
  });
}

async function mergeInto(
  deps: DecideDeps,
  tx: Tx,
  actor: Person,
  { patient, target }: { readonly patient: LockedPatient; readonly target: LockedPatient | undefined },
): Promise<void> {
  if (
    target === undefined ||
    target.id === patient.id ||
    target.deleted ||
    target.merged_into !== null ||
    target.group_id !== patient.group_id
  ) {
    throw new Failure('UNPROCESSABLE', { detail: 'There is no patient of the same group to merge with.' });
  }
  await mergeRecords(tx, deps, actor, { from: patient.id, into: target.id });
}
