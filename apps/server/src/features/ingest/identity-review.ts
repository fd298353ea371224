import type {
  BodyOf,
  decideIdentityReview,
  IdentityReview,
  listIdentityReviews,
  Patient,
  QueryOf,
  ResultOf,
} from '@negatoscope/contract';
import { type Actor, scopeOf, seesIdentity } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { aUuid, decodeCursor, encodeCursor } from '../../kernel/list.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';
import { HELD, HELD_SUSPECT, heldScope } from './held-imports.ts';
import { mergePatients } from './merge.ts';
import { patientJson } from './patient-json.ts';

interface ReviewRow {
  readonly id: string;
  readonly patient: Patient;
  readonly suspect: Patient | null;
  readonly reason: IdentityReview['reason'];
  readonly created_at: Date;
}

const WAITING = `p.identity_status = 'IDENTITY_REVIEW' AND p.deleted_at IS NULL AND p.merged_into IS NULL
  AND NOT EXISTS (SELECT FROM groups g WHERE g.id = p.group_id AND g.is_personal)`;

const pseudonym = (patient: Patient): Patient => ({
  ...patient,
  lastName: patient.recordNumber,
  firstName: '',
  externalId: null,
  birthDate: null,
  phone: null,
  address: null,
});

interface Waiting {
  readonly rows: ReviewRow[];
  readonly total: number;
}

/** What people who don't see identities imported, for those of the scope who do. */
function listHeld(db: Db, actor: Actor, after: string | null, limit: number): Promise<Waiting> {
  const scope = heldScope(scopeOf(actor));
  return db.withSystem(async (tx) => ({
    rows: await tx.rows<ReviewRow>(
      `SELECT p.id, ${patientJson('p')} AS patient, CASE WHEN s.id IS NULL THEN NULL ELSE ${patientJson('s')} END AS suspect, 'HELD' AS reason, p.created_at
       FROM (SELECT p.*, ${HELD_SUSPECT} AS found_id FROM ${HELD} AND ($4::uuid IS NULL OR p.id < $4::uuid) ORDER BY p.id DESC LIMIT $5) p
         LEFT JOIN patients s ON s.id = p.found_id AND s.deleted_at IS NULL ORDER BY p.id DESC`,
      [...scope, after, limit],
    ),
    total: (await tx.first<{ n: number }>(`SELECT count(*) AS n FROM ${HELD}`, scope))?.n ?? 0,
  }));
}

/** Patients of the scope whose identity waits for a person, and what was imported without seeing identities, newest first. */
export async function listReviews(
  db: Db,
  actor: Actor,
  query: QueryOf<typeof listIdentityReviews>,
): Promise<ResultOf<typeof listIdentityReviews>> {
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, aUuid);
  const held: Waiting = seesIdentity(actor) ? await listHeld(db, actor, after, query.limit + 1) : { rows: [], total: 0 };
  const { found, total } = await db.withScope(scopeOf(actor), async (tx) => ({
    found: await tx.rows<ReviewRow>(
      `SELECT p.id, ${patientJson('p')} AS patient, CASE WHEN s.id IS NULL THEN NULL ELSE ${patientJson('s')} END AS suspect,
         p.identity_reason AS reason, p.created_at
       FROM patients p LEFT JOIN patients s ON s.id = p.suspect_id AND s.deleted_at IS NULL
       WHERE ${WAITING} AND p.identity_reason IS NOT NULL AND ($1::uuid IS NULL OR p.id < $1::uuid) ORDER BY p.id DESC LIMIT $2`,
      [after, query.limit + 1],
    ),
    total: await tx.first<{ n: number }>(`SELECT count(*) AS n FROM patients p WHERE ${WAITING}`),
  }));
  const rows = [...found, ...held.rows].sort((a, b) => (a.id < b.id ? 1 : -1));
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  const show = seesIdentity(actor) ? (patient: Patient): Patient => patient : pseudonym;
  return {
    items: page.map((row) => ({
      id: row.id,
      patient: show(row.patient),
      suspect: row.suspect === null ? null : show(row.suspect),
      reason: row.reason,
      createdAt: row.created_at.toISOString(),
    })),
    nextCursor: last === undefined ? null : encodeCursor([last.id]),
    total: (total?.n ?? 0) + held.total,
    totalIsExact: true,
  };
}

interface LockedPatient {
  readonly id: string;
  readonly group_id: string | null;
  readonly identity_status: string;
  readonly suspect_id: string | null;
  readonly merged_into: string | null;
  readonly deleted: boolean;
}

async function lockPatients(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedPatient>> {
  const rows = await tx.rows<LockedPatient>(
    `SELECT id, group_id, identity_status, suspect_id, merged_into, deleted_at IS NOT NULL AS deleted FROM patients
     WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Ends the review of a patient's identity. `different` confirms it as a person of its own; `same` moves its studies to the suspect
 * (or to `patientId`), keeps its identifiers and name as aliases there, and leaves its row as a pointer. Fails with NOT_FOUND,
 * ALREADY_DECIDED, UNPROCESSABLE when there is nobody to merge with in the same group, and for `discard`, which is for what is held only.
 */
export async function decideReview(
  { db, audit }: { db: Db; audit: Audit },
  actor: Actor,
  request: { id: string } & BodyOf<typeof decideIdentityReview>,
): Promise<void> {
  if (request.decision === 'discard') throw new Failure('UNPROCESSABLE', { detail: 'Only what is held can be discarded.' });
  await db.withScope(scopeOf(actor), async (tx) => {
    const seen = await tx.first<{ suspect_id: string | null }>('SELECT suspect_id FROM patients WHERE id = $1', [request.id]);
    if (seen === undefined) throw notFound();
    const targetId = request.decision === 'same' ? (request.patientId ?? seen.suspect_id) : null;
    const patients = await lockPatients(tx, targetId === null ? [request.id] : [request.id, targetId]);
    const patient = patients.get(request.id);
    if (patient === undefined || patient.deleted) throw notFound();
    if (patient.identity_status !== 'IDENTITY_REVIEW' || patient.merged_into !== null) throw new Failure('ALREADY_DECIDED');
    const target = targetId === null ? undefined : patients.get(targetId);
    if (request.decision === 'different') {
      await tx.run("UPDATE patients SET identity_status = 'CONFIRMED', suspect_id = NULL, updated_at = now() WHERE id = $1", [
        patient.id,
      ]);
    } else {
      if (
        target === undefined ||
        target.id === patient.id ||
        target.deleted ||
        target.merged_into !== null ||
        target.group_id !== patient.group_id
      ) {
        throw new Failure('UNPROCESSABLE', { detail: 'There is no patient of the same group to merge with.' });
      }
      await mergePatients(tx, patient.id, target.id);
    }
    await audit.record(tx, {
      action: request.decision === 'same' ? 'patient.merge' : 'patient.confirm',
      actor,
      entityType: 'patient',
      entityId: patient.id,
      patientId: target?.id ?? patient.id,
      groupId: patient.group_id,
    });
  });
}
