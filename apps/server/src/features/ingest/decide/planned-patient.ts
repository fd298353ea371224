import type { PatientPlan } from '../../../archive/write/batch-lookup.ts';
import { contradictsPatient, identify, placeholderReason } from '../../../archive/write/identity.ts';
import type { ReceivedIdentity } from '../../../archive/write/received.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { newId } from '../../../kernel/ids.ts';

/** Those who have the Patient ID of a file. */
export const bearersOf = (patients: readonly PatientPlan[], received: ReceivedIdentity): PatientPlan[] =>
  patients.filter(({ identifiers }) =>
    identifiers.some(({ issuer, value }) => value === received.patientId && issuer === received.issuer),
  );

/** Kept apart for the identity review, beside the patient that somebody thought it was; studies of one identity wait together. */
export function findApart(
  patients: PatientPlan[],
  { received, suspectId }: { received: ReceivedIdentity; suspectId: string },
): PatientPlan {
  const waiting = bearersOf(patients, received).find(
    (patient) => patient.identityStatus === 'IDENTITY_REVIEW' && !contradictsPatient(received, patient),
  );
  return waiting ?? plan(patients, received, { status: 'IDENTITY_REVIEW', reason: 'CONTRADICTION', suspectId });
}

export function findOrPlan(patients: PatientPlan[], received: ReceivedIdentity): PatientPlan {
  const identified = identify(received, bearersOf(patients, received));
  const known = identified.kind === 'known' ? patients.find((patient) => patient.id === identified.patientId) : undefined;
  if (known !== undefined || identified.kind === 'known') return known ?? unreachable();
  const { status, reason, suspectId } = identified;
  return plan(patients, received, { status, reason, suspectId });
}

function plan(
  patients: PatientPlan[],
  received: ReceivedIdentity,
  as: Omit<NonNullable<PatientPlan['insert']>, 'received'>,
): PatientPlan {
  const hasId = placeholderReason(received.patientId) === undefined;
  const made: PatientPlan = {
    id: newId(),
    ...received,
    identityStatus: as.status,
    identifiers: hasId ? [{ issuer: received.issuer, value: received.patientId }] : [],
    aliases: [],
    isNew: true,
    wasDeleted: false,
    insert: { received, ...as },
  };
  patients.push(made);
  return made;
}

function unreachable(): never {
  throw new BrokenInvariant('A patient was identified that is not among the candidates.');
}
