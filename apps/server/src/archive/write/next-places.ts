import type { Tx } from '../../platform/db/database.ts';
import { isNameless } from './identity.ts';
import type { IndexableInstance, InstanceSummary } from './received.ts';

/** Where instances of a series were stored. */
export interface Place {
  readonly patientId: string;
  readonly studyId: string;
  readonly seriesId: string;
}

/** An instance that is to go where others of its series went. */
export interface PlacedInstance {
  readonly staged: IndexableInstance;
  readonly place: Place;
}

/**
 * Whether a file may go the short way: what names nobody may leave a mark on its study, which is decided by the long one.
 */
export const mayFollow = ({ identity }: InstanceSummary): boolean => !isNameless(identity);

/** What is counted of the instances of one patient, study or series. */
interface Counted {
  readonly first: PlacedInstance;
  added: number;
  bytes: number;
}

function countBy(placed: readonly PlacedInstance[], idOf: (place: Place) => string): Counted[] {
  const counted = new Map<string, Counted>();
  for (const one of placed) {
    const id = idOf(one.place);
    const count = counted.get(id) ?? { first: one, added: 0, bytes: 0 };
    count.added += 1;
    count.bytes += one.staged.sizeBytes;
    counted.set(id, count);
  }
  return [...counted.values()];
}

/**
 * Locks patients, studies and series of instances that are about to be inserted and counts them there, by one statement. Gives the number of the transaction (xid8);
 * undefined, and then it must not be committed, where a decision is needed or one of them is not what it was: something has the UID of an instance or it was withdrawn, a study's
 * files named somebody in other words, a record was merged into the patient's, or anything was moved, deleted or merged meanwhile. That a file
 * which says whose it is in the words of its study contradicts neither and marks nothing is `contradictsStudy` and `mismatchKind` of identity.ts.
 */
export async function holdPlaces(tx: Tx, groupId: string | null, placed: readonly PlacedInstance[]): Promise<string | undefined> {
  const patients = countBy(placed, ({ patientId }) => patientId);
  const studies = countBy(placed, ({ studyId }) => studyId);
  const series = countBy(placed, ({ seriesId }) => seriesId);
  const row = await tx.first(
    `SELECT ng_hold_places($1::uuid, $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::jsonb[], $8::integer[], $9::bigint[],
       $10::uuid[], $11::uuid[], $12::text[], $13::integer[], $14::bigint[]) AS xid`,
    [
      groupId,
      patients.map(({ first }) => first.place.patientId),
      placed.map(({ staged }) => staged.summary.sopInstanceUid),
      studies.map(({ first }) => first.place.studyId),
      studies.map(({ first }) => first.place.patientId),
      studies.map(({ first }) => first.staged.summary.studyInstanceUid),
      studies.map(({ first }) => JSON.stringify(first.staged.summary.identity)),
      studies.map(({ added }) => added),
      studies.map(({ bytes }) => bytes),
      series.map(({ first }) => first.place.seriesId),
      series.map(({ first }) => first.place.studyId),
      series.map(({ first }) => first.staged.summary.seriesInstanceUid),
      series.map(({ added }) => added),
      series.map(({ bytes }) => bytes),
    ],
    'ingest-hold-places',
  );
  return row?.xid ?? undefined;
}
