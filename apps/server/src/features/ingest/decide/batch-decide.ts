import type { FileReason } from '@negatoscope/contract';
import type { Lookup, PatientPlan, StudyPlan } from '../../../archive/write/batch-lookup.ts';
import type { KeptAside } from '../../../archive/write/conflict-write.ts';
import {
  contradictsPatient,
  contradictsStudy,
  joinedBy,
  mismatchKind,
  namesMerged,
  placeholderReason,
} from '../../../archive/write/identity.ts';
import type { ReceivedIdentity } from '../../../archive/write/received.ts';
import { Recheck } from '../../../archive/write/retry.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ResolvedTarget } from '../types.ts';
import { findApart, findOrPlan } from './planned-patient.ts';
import type { Candidate } from './relations.ts';

export type Decision =
  | { readonly kind: 'store'; readonly study: StudyPlan; readonly restores: boolean }
  | {
      readonly kind: 'duplicate';
      readonly study: StudyPlan;
      readonly instanceId: string;
      readonly restores: boolean;
      /** The stored object was damaged; this file made it whole. */
      readonly heals: boolean;
    }
  | {
      readonly kind: 'conflict';
      readonly reason: 'SAME_UID_OTHER_CONTENT' | 'STUDY_PATIENT_MISMATCH';
      readonly study: StudyPlan;
      readonly existingInstanceId: string | null;
    }
  | { readonly kind: 'reject'; readonly reason: FileReason };

export interface Decided {
  readonly candidate: Candidate;
  readonly decision: Decision;
}

/** Those of a batch that wait for a person. */
export const keptAside = (decided: readonly Decided[]): KeptAside[] =>
  decided.flatMap(({ candidate: { staged }, decision }) =>
    decision.kind === 'conflict'
      ? [{ staged, reason: decision.reason, studyId: decision.study.id, existingInstanceId: decision.existingInstanceId }]
      : [],
  );

/** Decides the outcome of every file of a batch, in order: an earlier file may make the patient or study that a later one joins. */
export function decideBatch(lookup: Lookup, target: ResolvedTarget, candidates: readonly Candidate[]): Decided[] {
  const decided = new Map<string, Decision>();
  const patients = [...lookup.patients];
  return candidates.map((candidate) => {
    const decision = decideOne({ lookup, target, patients, decided }, candidate);
    decided.set(candidate.staged.draft.id, decision);
    return { candidate, decision };
  });
}

interface Context {
  readonly lookup: Lookup;
  readonly target: ResolvedTarget;
  readonly patients: PatientPlan[];
  /** By draft id. */
  readonly decided: ReadonlyMap<string, Decision>;
}

function decideOne(context: Context, candidate: Candidate): Decision {
  if (context.lookup.withdrawn.has(candidate.staged.summary.sopInstanceUid)) return { kind: 'reject', reason: 'WITHDRAWN' };
  const decision = decideAnywhere(context, candidate);
  const { onlyStudyId, patientId } = context.target;
  if (onlyStudyId === undefined || decision.kind === 'reject') return decision;
  const { study } = decision;
  const stands = study.id === onlyStudyId && study.patient.id === patientId && !isDeleted(study);
  return stands ? decision : { kind: 'reject', reason: 'STUDY_GONE' };
}

function decideAnywhere(context: Context, candidate: Candidate): Decision {
  const { lookup, decided } = context;
  const { relation, staged } = candidate;
  const existing = lookup.instances.get(staged.summary.sopInstanceUid);
  const twin = relation.kind === 'new' ? undefined : decided.get(relation.instanceId);
  // The row that the comparison was made with must still be the one that is there.
  if (twin === undefined && existing?.id !== (relation.kind === 'new' ? undefined : relation.instanceId)) throw new Recheck();
  if (twin !== undefined && existing !== undefined) throw new Recheck();
  if (twin !== undefined && relation.kind === 'same') return likeTwin(twin, relation.instanceId);
  if (relation.kind === 'new' || (twin !== undefined && twin.kind !== 'store')) return decideNew(context, candidate);
  const holder = existing === undefined ? undefined : lookup.studies.get(existing.study_instance_uid);
  const study = holder ?? (twin?.kind === 'store' ? twin.study : undefined);
  if (study === undefined) throw new Recheck();
  const { instanceId } = relation;
  if (relation.kind === 'other')
    return { kind: 'conflict', reason: 'SAME_UID_OTHER_CONTENT', study, existingInstanceId: instanceId };
  return { kind: 'duplicate', study, instanceId, restores: isDeleted(study), heals: relation.healed === true };
}

const isDeleted = (study: StudyPlan): boolean => study.wasDeleted || study.patient.wasDeleted;

/** The same file twice in one batch shares its twin's fate. */
function likeTwin(twin: Decision, instanceId: string): Decision {
  return twin.kind === 'store' ? { kind: 'duplicate', study: twin.study, instanceId, restores: false, heals: false } : twin;
}

function decideNew(context: Context, { staged }: Candidate): Decision {
  const { lookup, target } = context;
  const { identity, studyInstanceUid } = staged.summary;
  const study = lookup.studies.get(studyInstanceUid);
  if (study === undefined) return decideNewStudy(context, identity, studyInstanceUid);
  const mismatch = { kind: 'conflict', reason: 'STUDY_PATIENT_MISMATCH', study, existingInstanceId: null } as const;
  const isStrict = target.patientId !== null && target.onMismatch === 'reject';
  if (isStrict && study.patient.id !== target.patientId) return mismatch;
  const contradicts = contradictsStudy(identity, study);
  const isAccepted = target.acceptMismatch && study.patient.id === target.patientId;
  if (contradicts && isAccepted) study.mismatch = { kind: 'OTHER_IDENTITY', cause: 'DECIDED', received: identity };
  else if (!contradicts) noteIdentity(context, study, identity);
  if (!contradicts || isAccepted) return { kind: 'store', study, restores: isDeleted(study) };
  return isStrict ? { kind: 'reject', reason: 'IDENTITY_MISMATCH' } : mismatch;
}

function decideNewStudy(context: Context, identity: ReceivedIdentity, uid: string): Decision {
  const { lookup, target } = context;
  const chosen = lookup.target;
  if (target.patientId !== null && chosen === undefined) throw new Recheck();
  const contradicts = chosen !== undefined && contradictsPatient(identity, chosen);
  if (contradicts && !target.acceptMismatch && target.onMismatch === 'reject')
    return { kind: 'reject', reason: 'IDENTITY_MISMATCH' };
  const patient = ownerOf(context, { identity, contradicts });
  if (patient === chosen && !contradicts && placeholderReason(identity.patientId) === undefined) {
    chosen.addIdentifier = { issuer: identity.issuer, value: identity.patientId };
  }
  const study: StudyPlan = { id: newId(), uid, isNew: true, wasDeleted: false, patient, received: identity };
  if (contradicts && patient === chosen) study.mismatch = { kind: 'OTHER_IDENTITY', cause: 'DECIDED', received: identity };
  else noteIdentity(context, study, identity);
  lookup.studies.set(uid, study);
  return { kind: 'store', study, restores: patient.wasDeleted };
}

/**
 * Images without name and birth date that come under somebody stay marked so, whoever sent them: nothing in them says whose they are. So do those that
 * are theirs only because a record of another name was merged into theirs.
 */
function noteIdentity({ target }: Context, study: StudyPlan, received: ReceivedIdentity): void {
  const { patient } = study;
  if (study.mismatch !== undefined && study.mismatch.kind !== 'NO_IDENTITY') return;
  if (namesMerged(received, patient)) study.mismatch = { kind: 'OTHER_IDENTITY', cause: 'MERGED', received };
  if (study.mismatch !== undefined || mismatchKind(received, patient) !== 'NO_IDENTITY') return;
  const cause = patient.id === target.patientId ? 'DECIDED' : joinedBy(received, patient);
  study.mismatch = { kind: 'NO_IDENTITY', cause, received };
}

/** The chosen patient, unless the file contradicts them and the import says where such files go. */
function ownerOf(
  { lookup: { target: chosen }, target, patients }: Context,
  { identity, contradicts }: { identity: ReceivedIdentity; contradicts: boolean },
): PatientPlan {
  if (chosen === undefined || (contradicts && !target.acceptMismatch && target.onMismatch === 'owner'))
    return findOrPlan(patients, identity);
  if (contradicts && !target.acceptMismatch) return findApart(patients, { received: identity, suspectId: chosen.id });
  return chosen;
}
