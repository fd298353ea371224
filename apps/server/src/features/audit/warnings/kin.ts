import type { ReadTx } from '../../../platform/db/database.ts';
import type { FollowedEvent } from '../following/places.ts';
import { kinshipOf, type Named, namesOf } from './names.ts';
import * as repository from './repository.ts';

/** The names of patients by their ids; those that are gone are missing. */
export type NamesOfPatients = (tx: ReadTx, ids: readonly string[]) => Promise<readonly Named[]>;

/** What brings a patient in, or only reads the journal, is no look at her record. */
const NO_LOOK: ReadonlySet<string> = new Set(['study.import', 'audit.read', 'audit.print', 'audit.export']);
/** After somebody has looked at a warning, for so long the same person and the same patient are no other. */
const QUIET_MS = 86_400_000;

/** Events by the person and the patient that they are of. */
function pairsOf(events: readonly FollowedEvent[]): FollowedEvent[][] {
  const pairs = new Map<string, FollowedEvent[]>();
  for (const event of events) {
    const { actor_id: actorId, patient_id: patientId, outcome, action } = event;
    if (actorId === null || patientId === null || outcome !== 'SUCCESS' || NO_LOOK.has(action)) continue;
    const key = `${actorId} ${patientId}`;
    pairs.set(key, [...(pairs.get(key) ?? []), event]);
  }
  return [...pairs.values()];
}

/** Who looked at their own record, that of a colleague, or that of somebody of their name. */
export async function findKin(
  tx: ReadTx,
  events: readonly FollowedEvent[],
  { namesOfPatients, withFamily }: { readonly namesOfPatients: NamesOfPatients; readonly withFamily: boolean },
): Promise<repository.Finding[]> {
  const pairs = pairsOf(events);
  if (pairs.length === 0) return [];
  const people = (await repository.findPeople(tx)).map((one) => ({
    ...{ id: one.id, familyName: one.last_name, givenName: one.first_name },
  }));
  const known = { people: namesOf(people), withFamily };
  const byId = new Map(people.map((one) => [one.id, one]));
  const ids = [...new Set(pairs.flatMap(([first]) => first?.patient_id ?? []))];
  const patients = new Map((await namesOfPatients(tx, ids)).map((one) => [one.id, one]));
  const found: repository.Finding[] = [];
  for (const pair of pairs) {
    const [first, last] = [pair[0], pair.at(-1)];
    if (first === undefined || last === undefined || first.actor_id === null || first.patient_id === null) continue;
    const [by, patient] = [byId.get(first.actor_id), patients.get(first.patient_id)];
    const rule = by && patient && kinshipOf(patient, by, known);
    if (rule === undefined) continue;
    const finding = {
      ...{ rule, actorId: first.actor_id, patientId: first.patient_id, eventId: first.id },
      ...{ firstAt: first.occurred_at, lastAt: last.occurred_at, amount: pair.length },
    };
    if (await isNews(tx, finding)) found.push(finding);
  }
  return found;
}

async function isNews(tx: ReadTx, { rule, actorId, patientId, lastAt }: repository.Finding): Promise<boolean> {
  const looked = await repository.findAcknowledged(tx, rule, actorId, patientId);
  return looked?.acknowledged_at == null || lastAt.getTime() - looked.acknowledged_at.getTime() > QUIET_MS;
}
