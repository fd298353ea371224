import { NO_SYMPTOMS, NO_VITAL_SIGNS, type Prediction, type Role } from '@negatoscope/contract';
import { clinicStudyUid } from '@negatoscope/testkit';
import { type Person, scopeOf } from '../access/index.ts';
import { requireStudy } from '../archive/records/studies.ts';
import { resultsOf } from '../compose-features.ts';
import { type ConsultationDeps, consultationActs } from '../features/consultations/index.ts';
import { createHeavyWork } from '../features/dicomweb/index.ts';
import { type PredictionDeps, predictionActs, predictionJobs } from '../features/predictions/index.ts';
import { PREDICT } from '../features/predictions/job-kinds.ts';
import type { ServerParts } from '../server-parts.ts';
import { DEMO_CASES, type DemoCase, REFUSED_CASES } from './cases.ts';

export type DayParts = Pick<
  ServerParts,
  'db' | 'audit' | 'clock' | 'objects' | 'uploads' | 'queue' | 'state' | 'ingest' | 'identity' | 'modelsFolder'
>;

/** Who works in the clinic: invented, and unable to sign in until an administrator gives them a password. */
interface Staff {
  readonly desk: Person;
  readonly physicians: readonly [Person, Person];
  readonly radiologist: Person;
}

interface Day {
  readonly parts: DayParts;
  readonly deps: ConsultationDeps & PredictionDeps;
  readonly seed: string;
  readonly date: string;
  readonly staff: Staff;
  /** Answers a prediction here and now. */
  readonly answer: (id: string) => Promise<unknown>;
}

async function staffOf({ identity }: DayParts, administrator: Person): Promise<Staff> {
  const person = (email: string, role: Role, firstName: string, lastName: string): Promise<Person> =>
    identity.ensurePerson(administrator, {
      ...{ email: `${email}@demonstration.invalid`, role, firstName, lastName: `${lastName} (démonstration)` },
      ...{ groupId: null, locale: 'fr' },
    });
  return {
    desk: await person('accueil', 'STAFF', 'Khady', 'Sow'),
    physicians: [await person('medecin.1', 'PHYSICIAN', 'Awa', 'Diop'), await person('medecin.2', 'PHYSICIAN', 'Luc', 'Mbaye')],
    radiologist: await person('radiologue', 'RADIOLOGIST', 'Omar', 'Ly'),
  };
}

/** Asks the model about the film of somebody, unless that was asked; undefined then. */
async function ask({ deps, seed, answer }: Day, by: Person, patientId: string, from?: string): Promise<Prediction | undefined> {
  const studyInstanceUid = clinicStudyUid(seed, patientId);
  const known = await predictionActs.list(deps, by, { studyInstanceUid, limit: 1 });
  if (known.total > 0) return undefined;
  const id = await predictionActs.ask(deps, by, { studyInstanceUid }, from ?? null);
  await answer(id);
  return predictionActs.look(deps, by, id);
}

/** What a physician says of the answer: their opinion first, then what becomes of it. */
async function readFilm({ deps, staff }: Day, by: Person, id: string, { opinion, decision }: NonNullable<DemoCase['reading']>) {
  const comment = opinion === 'UNREADABLE' ? 'Cliché de mauvaise qualité.' : '';
  await predictionActs.opine(deps, by, id, { opinion, comment, amends: null });
  await predictionActs.opine(deps, staff.radiologist, id, {
    ...{ opinion: opinion === 'SUSPECTED' ? 'NOT_SUSPECTED' : 'SUSPECTED', comment: '', amends: null },
  });
  if (decision !== undefined) await predictionActs.decide(deps, by, id, { ...decision, after: null });
}

async function conduct(day: Day, { patientId, film, notes, reading, state }: DemoCase, id: string, by: Person): Promise<void> {
  const { deps, seed, staff } = day;
  const taken = await consultationActs.move(deps, by, id, { status: 'IN_PROGRESS' });
  if (notes !== undefined) await consultationActs.update(deps, by, id, { version: taken.version, notes });
  if (film !== 'none') await consultationActs.order(deps, by, id, { modality: 'DX', bodyPart: 'CHEST', reason: '' });
  if (film === 'comes') {
    await consultationActs.attach(deps, staff.desk, id, { studyInstanceUid: clinicStudyUid(seed, patientId) });
    const asked = await ask(day, by, patientId, id);
    if (asked?.status === 'DONE' && reading !== undefined) await readFilm(day, by, asked.id, reading);
  }
  if (state === 'DONE') await consultationActs.move(deps, by, id, { status: 'DONE' });
}

/** One who comes; false where they have come already. */
async function come(day: Day, one: DemoCase): Promise<boolean> {
  const { deps, parts, seed, date, staff } = day;
  const { desk, physicians } = staff;
  const { patientId: recordId } = one;
  const studyUid = clinicStudyUid(seed, recordId);
  const { patient_id: patientId } = await parts.db.reading(scopeOf(desk), (tx) => requireStudy(tx, desk, studyUid, undefined));
  if ((await consultationActs.list(deps, desk, { patientId, date, limit: 1 })).total > 0) return false;
  const by = one.physician === undefined ? undefined : physicians[one.physician];
  const { id } = await consultationActs.register(deps, desk, {
    ...{ patientId, date, reason: one.reason, physicianId: by?.userId ?? null },
    symptoms: { ...NO_SYMPTOMS, ...one.symptoms },
    vitalSigns: { ...NO_VITAL_SIGNS, ...one.vitalSigns },
  });
  if (one.state === 'CANCELLED') await consultationActs.move(deps, desk, id, { status: 'CANCELLED' });
  else if (by !== undefined && one.state !== 'WAITING') await conduct(day, one, id, by);
  return true;
}

/**
 * A day of a clinic, in the names of invented people and by the same doors as theirs: consultations in every state, films with what the model says and what becomes of that, disagreements, and a film for each
 * gate that refuses it. The films are stored before. Run again it adds nothing. Gives how many have come. Fails with the signal's reason.
 */
export async function playClinicDay(
  parts: DayParts,
  { administrator, seed }: { readonly administrator: Person; readonly seed: string },
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const predict = predictionJobs(parts, createHeavyWork).find(({ kind }) => kind.name === PREDICT.name);
  const day: Day = {
    ...{ parts, seed, date: parts.clock.now().toISOString().slice(0, 10), staff: await staffOf(parts, administrator) },
    deps: { ...parts, events: parts.state.events, resultDecided: resultsOf(parts) },
    answer: async (predictionId) => predict?.run({ predictionId }, { attempt: 1, isLast: false, signal }),
  };
  let arrived = 0;
  for (const one of DEMO_CASES) {
    signal.throwIfAborted();
    if (await come(day, one)) arrived += 1;
  }
  for (const patientId of REFUSED_CASES) {
    signal.throwIfAborted();
    await ask(day, day.staff.physicians[0], patientId);
  }
  return arrived;
}
