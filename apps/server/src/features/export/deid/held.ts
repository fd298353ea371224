import { type BodyOf, type DeidHeldFile, type DeidHeldSeries, type decideDeidHeld, personOnPage } from '@negatoscope/contract';
import { masksWithin } from '@negatoscope/dicom';
import { type Person, scopeOf } from '../../../access/index.ts';
import { findSeries, findStudies } from '../../../archive/records/exported.ts';
import { findStudyPlace } from '../../../archive/records/studies.ts';
import { personOfParts } from '../../../archive/records/study-rows.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { type DeidExportDeps, requireExport } from './exports.ts';
import * as rows from './held-rows.ts';

const MOST_SERIES = 1_000;

export const heldFileOf = (row: rows.HeldRow): DeidHeldFile => ({
  id: row.instance_id,
  sopInstanceUid: row.sop_instance_uid,
  rows: row.rows,
  columns: row.columns,
  frames: row.frames,
  because: row.because,
  version: row.version,
  decision: row.decision,
  masks: row.masks,
  by: personOfParts(row.by_name),
  at: row.decided_at?.toISOString() ?? null,
});

/** Series of one's export with files that may show text, those that wait first. Fails with NOT_FOUND for other people's exports. */
export async function listSeries(deps: DeidExportDeps, actor: Person, id: string): Promise<{ items: DeidHeldSeries[] }> {
  const { patient_ids: patientIds, study_ids: studyIds } = await requireExport(deps, actor, id);
  const scope = scopeOf(actor);
  return deps.db.reading(scope, async (tx) => {
    const found = await rows.countHeld(tx, studyIds ?? [], MOST_SERIES);
    if (found.length === 0) return { items: [] };
    const studies = new Map((await findStudies(tx, scope, patientIds, undefined)).map(({ json }) => [json.id, json]));
    const series = new Map<string, Awaited<ReturnType<typeof findSeries>>[number]>();
    for (const studyId of new Set(found.map(({ study_id }) => study_id)))
      for (const one of studies.has(studyId) ? await findSeries(tx, scope, studyId) : []) series.set(one.id, one);
    const items = found.flatMap(({ study_id, series_id, files, waiting }): DeidHeldSeries[] => {
      const [study, one] = [studies.get(study_id), series.get(series_id)];
      if (study === undefined || one === undefined) return [];
      const { patient, studyInstanceUid, studyDate, description: studyDescription } = study;
      const { seriesInstanceUid, modality, description } = one;
      const of = { patientId: patient.id, patient: personOnPage(patient) };
      const names = { studyInstanceUid, studyDate, studyDescription, seriesInstanceUid, modality, description };
      return [{ id: series_id, ...of, ...names, files, waiting }];
    });
    return { items };
  });
}

/** Fails with NOT_FOUND for other people's exports. */
export async function listFiles(
  deps: DeidExportDeps,
  actor: Person,
  { id, seriesId, after, limit }: { id: string; seriesId: string; after?: string | undefined; limit: number },
): Promise<{ items: DeidHeldFile[]; next: string | null }> {
  const { study_ids: studyIds } = await requireExport(deps, actor, id);
  const page = { seriesId, studyIds: studyIds ?? [], after: after ?? null, limit: limit + 1 };
  const found = await deps.db.reading(scopeOf(actor), (tx) => rows.findHeldFiles(tx, page));
  const items = found.slice(0, limit).map(heldFileOf);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A held file of a study that this person sees: of whichever export. Fails with NOT_FOUND. */
export async function requireHeld(deps: Pick<DeidExportDeps, 'db'>, actor: Person, id: string): Promise<rows.HeldRow> {
  const row = await deps.db.reading(scopeOf(actor), (tx) => rows.findHeldFile(tx, id));
  if (row === undefined) throw notFound();
  return row;
}

type Body = BodyOf<typeof decideDeidHeld>;

/** Masks are of MASKED alone, and lie in the picture. Fails with VALIDATION_FAILED. */
function requireMasks(row: rows.HeldRow, { decision, masks }: Body): Body['masks'] {
  const within = masksWithin(masks, row);
  const isRight = decision === 'MASKED' ? masks.length > 0 : masks.length === 0;
  if (within === undefined || !isRight)
    throw new Failure('VALIDATION_FAILED', {
      errors: [{ path: 'masks', message: 'Not in the picture, or not of this decision.' }],
    });
  return [...within];
}

/**
 * Notes what becomes of a held file, and of others of its series and size that nobody has decided about. Fails with NOT_FOUND, with VALIDATION_FAILED for
 * masks outside of the picture, and with STALE_UPDATE where somebody else was first.
 */
export async function decide(
  deps: DeidExportDeps,
  actor: Person,
  id: string,
  body: Body,
): Promise<{ file: DeidHeldFile; files: number }> {
  const seen = await requireHeld(deps, actor, id);
  const decided = { decision: body.decision, masks: requireMasks(seen, body), userId: actor.userId, now: deps.clock.now() };
  const scope = scopeOf(actor);
  const files = await deps.db.withScope(scope, async (tx) => {
    const place = await findStudyPlace(tx, scope, seen.study_id);
    if (place === undefined) throw notFound();
    if ((await rows.decideFile(tx, id, body.version, decided)) === 0) throw new Failure('STALE_UPDATE');
    // A frame of one file is no frame of another.
    const isOfAll = body.series && decided.masks.every(({ frame }) => frame === undefined);
    const others = isOfAll
      ? await rows.decideSeries(tx, { seriesId: seen.series_id, rows: seen.rows, columns: seen.columns }, decided)
      : 0;
    const details = { decision: body.decision, files: 1 + others, masks: decided.masks.length, series: seen.series_id };
    const of = { entityType: 'study', entityId: place.id, patientId: place.patient_id, groupId: place.group_id };
    await deps.audit.record(tx, { action: 'deid-held.decided', actor, ...of, details });
    return 1 + others;
  });
  return { file: heldFileOf(await requireHeld(deps, actor, id)), files };
}
