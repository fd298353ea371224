import type { FileReason } from '@negatoscope/contract';
import { newId } from '../../kernel/ids.ts';
import type { Lookup, PatientPlan, StudyPlan } from './batch-lookup.ts';
import { contradictsPatient, contradictsReceived, identify, placeholderReason } from './identity.ts';
import type { Candidate } from './relations.ts';
import { Recheck } from './retry.ts';
import type { ReceivedIdentity, ResolvedTarget } from './types.ts';

export type Decision =
  | { readonly kind: 'store'; readonly study: StudyPlan; readonly restores: boolean }
  | { readonly kind: 'duplicate'; readonly study: StudyPlan; readonly instanceId: string; readonly restores: boolean }
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
  return { kind: 'duplicate', study, instanceId, restores: isDeleted(study) };
}

const isDeleted = (study: StudyPlan): boolean => study.wasDeleted || study.patient.wasDeleted;

/** The same file twice in one batch shares its twin's fate. */
function likeTwin(twin: Decision, instanceId: string): Decision {
  return twin.kind === 'store' ? { kind: 'duplicate', study: twin.study, instanceId, restores: false } : twin;
}

function decideNew(context: Context, { staged }: Candidate): Decision {
  const { lookup, target } = context;
  const { identity, studyInstanceUid } = staged.summary;
  const study = lookup.studies.get(studyInstanceUid);
  if (study === undefined) return decideNewStudy(context, identity, studyInstanceUid);
  const mismatch = { kind: 'conflict', reason: 'STUDY_PATIENT_MISMATCH', study, existingInstanceId: null } as const;
  if (target.patientId !== null && study.patient.id !== target.patientId) return mismatch;
  const contradicts =
    contradictsPatient(identity, study.patient) && (study.received === null || contradictsReceived(identity, study.received));
  if (!contradicts || (target.patientId !== null && target.acceptMismatch))
    return { kind: 'store', study, restores: isDeleted(study) };
  return target.patientId === null ? mismatch : { kind: 'reject', reason: 'IDENTITY_MISMATCH' };
}

function decideNewStudy(context: Context, identity: ReceivedIdentity, uid: string): Decision {
  const { lookup, target } = context;
  const chosen = lookup.target;
  if (target.patientId !== null && chosen === undefined) throw new Recheck();
  if (chosen !== undefined && !target.acceptMismatch && contradictsPatient(identity, chosen)) {
    return { kind: 'reject', reason: 'IDENTITY_MISMATCH' };
  }
  const patient = chosen ?? findOrPlan(context.patients, identity);
  if (chosen !== undefined && !target.acceptMismatch && placeholderReason(identity.patientId) === undefined) {
    chosen.addIdentifier = { issuer: identity.issuer, value: identity.patientId };
  }
  const study: StudyPlan = { id: newId(), uid, isNew: true, wasDeleted: false, patient, received: identity };
  lookup.studies.set(uid, study);
  return { kind: 'store', study, restores: patient.wasDeleted };
}

function findOrPlan(patients: PatientPlan[], received: ReceivedIdentity): PatientPlan {
  const isSameId = ({ issuer, value }: { issuer: string; value: string }): boolean =>
    value === received.patientId && issuer === received.issuer;
  const identified = identify(
    received,
    patients.filter((patient) => patient.identifiers.some(isSameId)),
  );
  const known = identified.kind === 'known' ? patients.find((patient) => patient.id === identified.patientId) : undefined;
  if (known !== undefined || identified.kind === 'known') return known ?? unreachable();
  const hasId = placeholderReason(received.patientId) === undefined;
  const plan: PatientPlan = {
    id: newId(),
    ...received,
    identityStatus: identified.status,
    identifiers: hasId ? [{ issuer: received.issuer, value: received.patientId }] : [],
    aliases: [],
    isNew: true,
    wasDeleted: false,
    insert: { received, status: identified.status, reason: identified.reason, suspectId: identified.suspectId },
  };
  patients.push(plan);
  return plan;
}

function unreachable(): never {
  throw new Error('A patient was identified that is not among the candidates.');
}
