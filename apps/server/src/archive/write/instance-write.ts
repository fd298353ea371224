import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { ChangedSeries } from '../notify.ts';
import type { StudyPlan } from './batch-lookup.ts';
import { isNameless } from './identity.ts';
import type { PlacedInstance } from './next-places.ts';
import type { IndexableInstance } from './received.ts';

/** One instance that becomes a row. */
export interface Insertion {
  readonly staged: IndexableInstance;
  readonly study: StudyPlan;
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

const seriesKey = (studyId: string, uid: string): string => `${studyId} ${uid}`;

/** Ids of series, by `seriesKey`. */
export type SeriesIds = ReadonlyMap<string, string>;

/** Finds and locks the series of the instances that are there. */
export async function findSeries(tx: Tx, insertions: readonly Insertion[]): Promise<SeriesIds> {
  const known = await tx.rows(
    `SELECT id, study_id, series_instance_uid AS uid FROM series
     WHERE study_id = ANY($1::uuid[]) AND series_instance_uid = ANY($2::text[]) ORDER BY id FOR NO KEY UPDATE`,
    [unique(insertions.map(({ study }) => study.id)), unique(insertions.map(({ staged }) => staged.summary.seriesInstanceUid))],
    'ingest-series',
  );
  return new Map(known.map((row) => [seriesKey(row.study_id, row.uid), row.id]));
}

/** Inserts the series of the instances that are not among the known; gives all of them. Their studies are there, and locked. */
export async function addSeries(
  tx: Tx,
  groupId: string | null,
  { insertions, known }: { readonly insertions: readonly Insertion[]; readonly known: SeriesIds },
): Promise<SeriesIds> {
  const firsts = new Map<string, Insertion>();
  for (const insertion of insertions) {
    const key = seriesKey(insertion.study.id, insertion.staged.summary.seriesInstanceUid);
    if (!firsts.has(key)) firsts.set(key, insertion);
  }
  const ids = new Map(known);
  const added = [...firsts].flatMap(([key, insertion]) => (ids.has(key) ? [] : [{ id: newId(), key, ...insertion }]));
  for (const { id, key } of added) ids.set(key, id);
  if (added.length > 0) await insertSeries(tx, groupId, added);
  return ids;
}

/** Inserts series as their first instances describe them, and counts them in their studies. */
async function insertSeries(
  tx: Tx,
  groupId: string | null,
  added: readonly (Insertion & { readonly id: string })[],
): Promise<void> {
  const rows = added.map(({ id, study, staged: { summary } }) => ({
    id,
    study_id: study.id,
    series_instance_uid: summary.seriesInstanceUid,
    modality: summary.series.modality,
    series_number: summary.series.seriesNumber,
    description: summary.series.description,
    body_part: summary.series.bodyPart,
    attributes: JSON.parse(summary.series.attributes) as unknown,
  }));
  await tx.run(
    `INSERT INTO series (id, group_id, study_id, series_instance_uid, modality, series_number, description, body_part, attributes, version)
     SELECT id, $2::uuid, study_id, series_instance_uid, modality, series_number, description, body_part, attributes, 0
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, study_id uuid, series_instance_uid text, modality text, series_number integer,
       description text, body_part text, attributes jsonb)`,
    [JSON.stringify(rows), groupId],
    'ingest-insert-series',
  );
  await tx.run(
    `UPDATE studies SET series_count = series_count + n.added, updated_at = now(),
       modalities = (SELECT array_agg(DISTINCT modality ORDER BY modality) FROM series WHERE study_id = studies.id)
     FROM (SELECT study_id, count(*)::int AS added FROM unnest($1::uuid[]) AS r(study_id) GROUP BY 1) n WHERE studies.id = n.study_id`,
    [rows.map((row) => row.study_id)],
    'ingest-count-series',
  );
}

/** Inserts instances with their series and their metadata, and counts them in series and studies. */
export async function writeInstances(tx: Tx, groupId: string | null, insertions: readonly Insertion[]): Promise<ChangedSeries[]> {
  if (insertions.length === 0) return [];
  const series = await addSeries(tx, groupId, { insertions, known: await findSeries(tx, insertions) });
  await insertCounted(tx, groupId, { insertions, series });
  return seriesOfAll({ insertions, series });
}

interface Placed {
  readonly insertions: readonly Insertion[];
  /** Of all of them. */
  readonly series: SeriesIds;
}
const placeIn =
  (series: SeriesIds) =>
  ({ staged, study }: Insertion): string =>
    series.get(seriesKey(study.id, staged.summary.seriesInstanceUid)) ?? missingSeries();

/** Where each of them goes. */
export const placesOfAll = ({ insertions, series }: Placed): PlacedInstance[] =>
  insertions.map(({ staged, study }) => ({
    staged,
    place: { patientId: study.patient.id, studyId: study.id, seriesId: placeIn(series)({ staged, study }) },
  }));

/** The series that get instances. */
export const seriesOfPlaces = (placed: readonly Pick<PlacedInstance, 'place'>[]): ChangedSeries[] =>
  [...new Map(placed.map(({ place }) => [place.seriesId, place.studyId]))].map(([id, studyId]) => ({ id, studyId }));
export const seriesOfAll = (all: Placed): ChangedSeries[] => seriesOfPlaces(placesOfAll(all));

/** Inserts instances with their metadata and counts them in their series and studies. All of it is sent at once, before anything is awaited. */
export async function insertCounted(tx: Tx, groupId: string | null, { insertions, series }: Placed): Promise<void> {
  if (insertions.length === 0) return;
  const seriesOf = placeIn(series);
  const sizes = insertions.map(({ staged }) => staged.sizeBytes);
  await Promise.all([
    insertInstances(
      tx,
      groupId,
      insertions.map((insertion) => ({ staged: insertion.staged, seriesId: seriesOf(insertion) })),
    ),
    tx.run(
      COUNT_SERIES,
      [insertions.map(seriesOf), sizes, insertions.map(({ staged }) => isNameless(staged.summary.identity))],
      'ingest-count-instances',
    ),
    tx.run(COUNT_STUDIES, [insertions.map(({ study }) => study.id), sizes], 'ingest-count-studies'),
  ]);
}

/** Inserts instances with their metadata; whoever calls counts them. */
export function insertInstances(
  tx: Tx,
  groupId: string | null,
  insertions: readonly { readonly staged: IndexableInstance; readonly seriesId: string }[],
): Promise<number> {
  const column = <V>(value: (staged: IndexableInstance) => V): V[] => insertions.map(({ staged }) => value(staged));
  return tx.run(
    INSERT_INSTANCES,
    [
      groupId,
      column(({ draft }) => draft.id),
      insertions.map(({ seriesId }) => seriesId),
      column(({ summary }) => summary.sopInstanceUid),
      column(({ summary }) => summary.sopClassUid),
      column(({ summary }) => summary.transferSyntaxUid),
      column(({ summary }) => summary.instanceNumber),
      column(({ summary }) => summary.rows),
      column(({ summary }) => summary.columns),
      column(({ summary }) => summary.frames),
      column(({ summary }) => summary.bitsAllocated),
      column(({ sizeBytes }) => sizeBytes),
      column(({ fileSha256 }) => fileSha256),
      column(({ frameTable }) => frameTable),
      column(({ json }) => json),
    ],
    'ingest-insert-instances',
  );
}

function missingSeries(): never {
  throw new BrokenInvariant('A series was neither found nor inserted.');
}

const INSERT_INSTANCES = `
  WITH r AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[], $10::int[], $11::smallint[],
      $12::bigint[], $13::bytea[], $14::bytea[], $15::bytea[])
    AS r(id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames, bits_allocated,
      size_bytes, file_sha256, frame_table, json)
  ), inserted AS (
    INSERT INTO instances (id, group_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames,
      bits_allocated, size_bytes, file_sha256, frame_table)
    SELECT id, $1::uuid, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames,
      bits_allocated, size_bytes, file_sha256, frame_table FROM r
  )
  INSERT INTO instance_metadata (instance_id, series_id, group_id, json) SELECT id, series_id, $1::uuid, json FROM r`;

const COUNT_SERIES = `
  UPDATE series SET instance_count = instance_count + n.added, size_bytes = series.size_bytes + n.bytes, version = version + 1, updated_at = now(),
    nameless = nameless OR n.some_nameless
  FROM (SELECT id, count(*)::int AS added, sum(bytes)::bigint AS bytes, bool_or(without_name) AS some_nameless
    FROM unnest($1::uuid[], $2::bigint[], $3::boolean[]) AS r(id, bytes, without_name) GROUP BY 1) n
  WHERE series.id = n.id`;

const COUNT_STUDIES = `
  UPDATE studies SET instance_count = instance_count + n.added, size_bytes = studies.size_bytes + n.bytes, updated_at = now()
  FROM (SELECT id, count(*)::int AS added, sum(bytes)::bigint AS bytes FROM unnest($1::uuid[], $2::bigint[]) AS r(id, bytes) GROUP BY 1) n
  WHERE studies.id = n.id`;
