import type { ReceivedIdentity } from './received.ts';

/** What names a person for comparing: the index and the file both have it. */
export type NamedPerson = Pick<ReceivedIdentity, 'familyName' | 'givenName' | 'personName' | 'birthDate'>;

/** A patient of the index as far as identities are compared. */
export interface KnownPatient {
  readonly id: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly personName: string;
  readonly birthDate: string | null;
  readonly identityStatus: 'CONFIRMED' | 'IDENTITY_REVIEW';
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  /** Names and birth dates of the patients that a person merged into this one. */
  readonly aliases: readonly NamedPerson[];
}

/** Patient IDs that name nobody: anonymisers and modalities without a worklist write them. */
const PLACEHOLDERS = new Set(
  'ANON ANONYM ANONYME ANONYMOUS ANONYMIZED ANONYMISED ANONYMISE ANONYMOUSPATIENT ANONYMIZEDPATIENT ANONPATIENT UNKNOWN UNKNOWNID INCONNU INCONNUE NONE NULL NIL NA NOID NOPATIENTID NOTAVAILABLE PATIENT PATIENTID ID TEST UNDEFINED UNNAMED DEFAULT TEMP TBD'.split(
    ' ',
  ),
);

/** Lower case, no accents, anything but letters and digits becomes one space: the same comparison as ng_normalize in SQL. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Why a Patient ID can't tell who someone is; undefined when it can. */
export function placeholderReason(patientId: string): 'NO_PATIENT_ID' | 'PLACEHOLDER_ID' | undefined {
  if (patientId === '') return 'NO_PATIENT_ID';
  const bare = normaliseName(patientId).replaceAll(' ', '').toUpperCase();
  return bare === '' || /^(0+|X+)$/.test(bare) || PLACEHOLDERS.has(bare) ? 'PLACEHOLDER_ID' : undefined;
}

function namesContradict(left: NamedPerson, right: NamedPerson): boolean {
  const [leftFamily, rightFamily] = [normaliseName(left.familyName), normaliseName(right.familyName)];
  const [leftGiven, rightGiven] = [normaliseName(left.givenName), normaliseName(right.givenName)];
  const sorted = (family: string, given: string): string => `${family} ${given}`.trim().split(' ').sort().join(' ');
  // Family and given name written in one field, or swapped, are the same words.
  if (sorted(leftFamily, leftGiven) === sorted(rightFamily, rightGiven)) return false;
  const differ = (a: string, b: string): boolean => a !== '' && b !== '' && a !== b;
  const isPartOf = (a: string, b: string): boolean => a.split(' ').every((word) => b.split(' ').includes(word));
  if (differ(leftFamily, rightFamily)) return true;
  return differ(leftGiven, rightGiven) && !isPartOf(leftGiven, rightGiven) && !isPartOf(rightGiven, leftGiven);
}

/** Whether name and birth date can't be one person's. What one side doesn't say contradicts nothing. */
export function personContradicts(left: NamedPerson, right: NamedPerson): boolean {
  if (left.birthDate !== null && right.birthDate !== null && left.birthDate !== right.birthDate) return true;
  return namesContradict(left, right);
}

/** Whether nothing tells of a person but a number. */
export const isNameless = ({ familyName, givenName, personName, birthDate }: NamedPerson): boolean =>
  birthDate === null && normaliseName(`${familyName}${givenName}${personName}`) === '';

/** Whether a file tells of nobody: no name, no birth date, no Patient ID that could be somebody's. It contradicts nobody, and belongs to nobody by itself. */
export const namesNobody = (received: ReceivedIdentity): boolean =>
  isNameless(received) && placeholderReason(received.patientId) !== undefined;

/** Whether a patient is known by nothing yet. */
export const isNobody = (patient: KnownPatient): boolean => isNameless(patient) && patient.identifiers.length === 0;

/** A patient is also known by what the patients merged into theirs were called; one who was called nothing makes nobody alike. */
const isUnlike = (received: ReceivedIdentity, patient: KnownPatient): boolean =>
  [patient, ...patient.aliases.filter((alias) => !isNameless(alias))].every((person) => personContradicts(received, person));

/** Whether a file can't be of this patient: another Patient ID than all of theirs, or a contradicting name or birth date. */
export function contradictsPatient(received: ReceivedIdentity, patient: KnownPatient): boolean {
  if (isUnlike(received, patient)) return true;
  if (placeholderReason(received.patientId) !== undefined || patient.identifiers.length === 0) return false;
  return !patient.identifiers.some(
    ({ issuer, value }) =>
      value === received.patientId && (issuer === received.issuer || issuer === '' || received.issuer === ''),
  );
}

/** Whether a file fits a patient only as a record that was merged into theirs: by their own name and birth date it is somebody else's. */
export const namesMerged = (received: ReceivedIdentity, patient: KnownPatient): boolean =>
  !contradictsPatient(received, patient) && personContradicts(received, patient);

export type MismatchKind = 'OTHER_IDENTITY' | 'NO_IDENTITY';

/**
 * What a study in a patient's record is marked with, by the identity that its images carry; undefined for what fits. Images without name and birth
 * date fit a patient who has none either: under anybody else nothing but a number, or their study, says whose they are.
 */
export function mismatchKind(received: ReceivedIdentity, patient: KnownPatient): MismatchKind | undefined {
  if (contradictsPatient(received, patient)) return 'OTHER_IDENTITY';
  if (!isNameless(received) || isNobody(patient)) return undefined;
  return namesNobody(received) || !isNameless(patient) ? 'NO_IDENTITY' : undefined;
}

/** By what images without name and birth date are a patient's when nobody decided it. */
export type JoinedBy = 'SAME_PATIENT_ID' | 'SAME_STUDY_UID';

export const joinedBy = (received: ReceivedIdentity, patient: KnownPatient): JoinedBy =>
  placeholderReason(received.patientId) === undefined && patient.identifiers.some(({ value }) => value === received.patientId)
    ? 'SAME_PATIENT_ID'
    : 'SAME_STUDY_UID';

/** Whether two files of one study can't be of one patient. */
export function contradictsReceived(left: ReceivedIdentity, right: ReceivedIdentity): boolean {
  if (personContradicts(left, right)) return true;
  if (placeholderReason(left.patientId) !== undefined || placeholderReason(right.patientId) !== undefined) return false;
  return left.patientId !== right.patientId || (left.issuer !== '' && right.issuer !== '' && left.issuer !== right.issuer);
}

/** Whether a file can't be of the study that it names: neither its patient nor what its first file said is like it. */
export const contradictsStudy = (
  received: ReceivedIdentity,
  study: { readonly patient: KnownPatient; readonly received: ReceivedIdentity | null },
): boolean =>
  contradictsPatient(received, study.patient) && (study.received === null || contradictsReceived(received, study.received));

/** What a file leaves marked on the study that it goes into. */
export const mismatchInStudy = (
  received: ReceivedIdentity,
  study: { readonly patient: KnownPatient; readonly received: ReceivedIdentity | null },
): MismatchKind | undefined => {
  if (contradictsStudy(received, study)) return 'OTHER_IDENTITY';
  return mismatchKind(received, study.patient) === 'NO_IDENTITY' ? 'NO_IDENTITY' : undefined;
};

export type Identification =
  | { readonly kind: 'known'; readonly patientId: string }
  | {
      readonly kind: 'new';
      readonly status: 'CONFIRMED' | 'IDENTITY_REVIEW';
      readonly reason: 'CONTRADICTION' | 'NO_PATIENT_ID' | 'PLACEHOLDER_ID' | null;
      readonly suspectId: string | null;
    };

/**
 * Decides whose a new study is. `candidates` carry the same issuer and Patient ID. One that does not contradict is the patient,
 * confirmed ones first; if all contradict, a new patient waits for review, linked to the first. Without a usable Patient ID there is
 * one patient per study.
 */
export function identify(received: ReceivedIdentity, candidates: readonly KnownPatient[]): Identification {
  const placeholder = placeholderReason(received.patientId);
  if (placeholder !== undefined) return { kind: 'new', status: 'IDENTITY_REVIEW', reason: placeholder, suspectId: null };
  const rank = (patient: KnownPatient): string => `${patient.identityStatus === 'CONFIRMED' ? 0 : 1}${patient.id}`;
  const ordered = [...candidates].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const match = ordered.find((patient) => !isUnlike(received, patient));
  if (match !== undefined) return { kind: 'known', patientId: match.id };
  const [suspect] = ordered;
  if (suspect === undefined) return { kind: 'new', status: 'CONFIRMED', reason: null, suspectId: null };
  return { kind: 'new', status: 'IDENTITY_REVIEW', reason: 'CONTRADICTION', suspectId: suspect.id };
}
