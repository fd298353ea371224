import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { patientPlan } from './batch-lookup.ts';
import { isNameless, type JoinedBy, type KnownPatient, type MismatchKind, mismatchKind, namesMerged } from './identity.ts';
import type { ReceivedIdentity } from './received.ts';

/** What `studies.identity_mismatch` holds: whose images these are by what they carry. Marks of before have neither kind nor cause. */
export interface MismatchMark {
  readonly kind?: MismatchKind;
  /**
   * `FOUND`: by comparing again after an edit, a merge or a move, without a decision of anybody about these images. `MERGED`: they name the patient as a
   * record was called that was merged into theirs. `SAME_…`: images without name and birth date joined by that alone.
   */
  readonly cause?: 'DECIDED' | 'FOUND' | 'MERGED' | JoinedBy;
  readonly received: ReceivedIdentity;
  readonly reason: string | null;
  /** Who filed or sent them; null for what the server itself filed. */
  readonly userId: string | null;
  readonly importId: string | null;
  /** The mark that a found one stands in place of. */
  readonly before?: MismatchMark;
}

const WITH_MOMENT = `$2::jsonb || jsonb_build_object('at', now())`;

/** Marks a study; false for one that is marked already, which keeps its mark. Another identity outweighs none. */
export const markMismatch = async (tx: Tx, studyId: string, mark: MismatchMark): Promise<boolean> =>
  (await tx.run(
    `UPDATE studies SET identity_mismatch = ${WITH_MOMENT}, updated_at = now()
     WHERE id = $1 AND (identity_mismatch IS NULL OR (identity_mismatch->>'kind' = 'NO_IDENTITY' AND $3))`,
    [studyId, JSON.stringify(mark), mark.kind !== 'NO_IDENTITY'],
  )) > 0;

export interface StudyMismatch {
  readonly kind: MismatchKind;
  readonly received: ReceivedIdentity;
}

/**
 * By which identity a study's images are not a patient's: that of its first image, or the one that it is marked with. Undefined when
 * both fit.
 */
export async function studyContradicts(tx: ReadTx, studyId: string, patientId: string): Promise<StudyMismatch | undefined> {
  const study = await tx.first(
    `SELECT received_identity AS received, identity_mismatch->'received' AS marked, ${HAS_NAMELESS} AS nameless FROM studies WHERE id = $1`,
    [studyId],
  );
  const patient = await patientPlan(tx, patientId);
  if (study === undefined || patient === undefined) return undefined;
  return worstOf([study.received, study.marked, study.nameless ? NAMELESS : null], patient);
}

/** Whether images of a study `studies` carry neither name nor birth date, be it its first one or not. */
const HAS_NAMELESS = 'EXISTS (SELECT FROM series r WHERE r.study_id = studies.id AND r.nameless)';
const NAMELESS: ReceivedIdentity = {
  patientId: '',
  issuer: '',
  familyName: '',
  givenName: '',
  personName: '',
  birthDate: null,
  sex: 'U',
};

function worstOf(identities: readonly (ReceivedIdentity | null)[], patient: KnownPatient): StudyMismatch | undefined {
  const found = identities.flatMap((received) => {
    const kind = received === null ? undefined : mismatchKind(received, patient);
    return received === null || kind === undefined ? [] : { kind, received };
  });
  return found.find(({ kind }) => kind === 'OTHER_IDENTITY') ?? found[0];
}

/** Whether a patient has neither name nor birth date: a number at the most. */
export const isPatientNameless = async (tx: ReadTx, patientId: string): Promise<boolean> => {
  const patient = await patientPlan(tx, patientId);
  return patient !== undefined && isNameless(patient);
};

/** For the journal, without who did it. */
export interface MismatchEvent {
  readonly action: 'study.mismatch-found' | 'study.mismatch-cleared';
  readonly entityType: 'study';
  readonly entityId: string;
  readonly patientId: string;
  readonly groupId: string | null;
}

interface ComparedStudy {
  readonly id: string;
  readonly group_id: string | null;
  readonly received: ReceivedIdentity | null;
  readonly nameless: boolean;
  readonly mark: MismatchMark | null;
}

/**
 * Compares what a patient's studies received with the patient as they are now, by the rule of imports, after an edit, a merge or a move whose
 * row lock is held. Those that contradict now are marked and put the patient under identity review; marks that were found so, and by nobody
 * decided, go when they agree again. `filed` are the studies that came under a name only now: of these also those without name and birth date.
 */
export async function recheckStudies(
  tx: Tx,
  patientId: string,
  { userId, filed }: { userId: string | null; filed: ReadonlySet<string> | 'all' },
): Promise<MismatchEvent[]> {
  const patient = await patientPlan(tx, patientId);
  if (patient === undefined) return [];
  const studies = await tx.rows(
    `SELECT id, group_id, received_identity AS received, ${HAS_NAMELESS} AS nameless, identity_mismatch AS mark FROM studies WHERE patient_id = $1 ORDER BY id FOR NO KEY UPDATE`,
    [patientId],
  );
  const isFiled = (id: string): boolean => filed === 'all' || filed.has(id);
  const events: MismatchEvent[] = [];
  for (const study of studies) {
    const action = await compare(tx, study, { patient, isFiled: isFiled(study.id), userId });
    if (action !== undefined)
      events.push({ action, entityType: 'study', entityId: study.id, patientId, groupId: study.group_id });
  }
  const brings = studies.some(({ id, mark }) => mark?.cause === 'FOUND' && isFiled(id));
  await reviewFound(tx, patientId, brings || events.some(({ action }) => action === 'study.mismatch-found'));
  return events;
}

interface FoundMismatch extends StudyMismatch {
  readonly cause: 'FOUND' | 'MERGED';
}

/** What comparing finds of a study: an identity of nobody in this record outweighs one of a record that was merged into it, and both outweigh none. */
function foundIn({ received, nameless }: ComparedStudy, patient: KnownPatient): FoundMismatch | undefined {
  const worst = worstOf([received, nameless ? NAMELESS : null], patient);
  if (worst?.kind !== 'OTHER_IDENTITY' && received !== null && namesMerged(received, patient))
    return { kind: 'OTHER_IDENTITY', cause: 'MERGED', received };
  return worst && { ...worst, cause: 'FOUND' };
}

const isFound = ({ cause }: MismatchMark): boolean => cause === 'FOUND' || cause === 'MERGED';

/** Marks or clears one study; undefined for one that stays as it is. What comparing found before is found anew: a mark of it never outlives its reason. */
async function compare(
  tx: Tx,
  study: ComparedStudy,
  { patient, isFiled, userId }: { patient: KnownPatient; isFiled: boolean; userId: string | null },
): Promise<MismatchEvent['action'] | undefined> {
  const { id, mark } = study;
  const found = foundIn(study, patient);
  const hasFoundOther = mark !== null && isFound(mark) && mark.kind === 'OTHER_IDENTITY';
  const stands = hasFoundOther ? (mark.before ?? null) : mark;
  if (found?.kind === 'OTHER_IDENTITY') {
    if (stands !== null && stands.kind !== 'NO_IDENTITY') return undefined;
    if (hasFoundOther && mark.cause === found.cause) return undefined;
    await setFound(tx, id, { ...found, reason: null, userId, importId: null, ...(stands === null ? {} : { before: stands }) });
    return 'study.mismatch-found';
  }
  if (found !== undefined && stands === null && isFiled) {
    await setFound(tx, id, { ...found, reason: null, userId, importId: null });
    return 'study.mismatch-found';
  }
  const left = found === undefined && stands !== null && isFound(stands) ? null : stands;
  if (left === mark) return undefined;
  await setMark(tx, id, left);
  return 'study.mismatch-cleared';
}

const setFound = (tx: Tx, id: string, mark: MismatchMark): Promise<number> =>
  tx.run(`UPDATE studies SET identity_mismatch = ${WITH_MOMENT}, updated_at = now() WHERE id = $1`, [id, JSON.stringify(mark)]);

const setMark = (tx: Tx, id: string, mark: MismatchMark | null): Promise<number> =>
  tx.run('UPDATE studies SET identity_mismatch = $2::jsonb, updated_at = now() WHERE id = $1', [
    id,
    mark === null ? null : JSON.stringify(mark),
  ]);

/** A patient of whom images were found to contradict waits for a person, until none are left. */
async function reviewFound(tx: Tx, patientId: string, isNew: boolean): Promise<void> {
  const found = `EXISTS (SELECT FROM studies s WHERE s.patient_id = patients.id AND s.identity_mismatch->>'cause' = 'FOUND'
    AND s.identity_mismatch->>'kind' = 'OTHER_IDENTITY')`;
  if (isNew)
    await tx.run(
      `UPDATE patients SET identity_status = 'IDENTITY_REVIEW', identity_reason = 'EDITED', suspect_id = NULL
       WHERE id = $1 AND identity_status = 'CONFIRMED' AND ${found}`,
      [patientId],
    );
  await tx.run(
    `UPDATE patients SET identity_status = 'CONFIRMED', identity_reason = NULL
     WHERE id = $1 AND identity_status = 'IDENTITY_REVIEW' AND identity_reason = 'EDITED' AND NOT ${found}`,
    [patientId],
  );
}
