import { type BodyOf, type DeidPreview, MOST_DEID_PREVIEWS, personOnPage, type previewDeid } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import {
  previewedFile,
  previewedPicture,
  substitutesOf,
  suspectedText,
  unseenText,
} from '../../../archive/deidentified/index.ts';
import * as repository from '../../../archive/records/exported.ts';
import { notFound } from '../../../kernel/failure.ts';
import { verifiedReader } from '../../../platform/objects/store/index.ts';
import type { Treatment } from '../deidentified-archive.ts';
import type { Wanted } from '../service.ts';
import type { DeidExportDeps } from './exports.ts';
import { requireHeld } from './held.ts';
import { HeldFiles } from './held-files.ts';
import { treatmentFor } from './projects.ts';

/** Where in a frame of a held file text may be. Fails with NOT_FOUND for a file or frame that is not there. */
export async function findText(deps: DeidExportDeps, actor: Person, id: string, frame: number): ReturnType<typeof suspectedText> {
  const { sop_instance_uid: uid } = await requireHeld(deps, actor, id);
  const scope = scopeOf(actor);
  const found = await deps.db.reading(scope, (tx) => repository.findStored(tx, scope, uid, null));
  const stored = found.find((one) => one.id === id);
  if (stored === undefined) throw notFound();
  const { study_id: studyId, patient_id: patientId, group_id: groupId } = stored;
  await deps.audit.use(actor, { studyId, patientId, groupId, kind: 'rendered' });
  return suspectedText(deps.masking, deps.objects, { id, sizeBytes: stored.size_bytes }, frame);
}

/** The first file of a study's first series. */
async function firstFile(
  { db }: DeidExportDeps,
  actor: Person,
  studyId: string,
): Promise<{ series: repository.ExportedSeries; instance: repository.ExportedInstance } | undefined> {
  const scope = scopeOf(actor);
  return db.reading(scope, async (tx) => {
    const [series] = await repository.findSeries(tx, scope, studyId);
    const [instance] = series === undefined ? [] : await repository.findInstances(tx, scope, series.id, null);
    return series === undefined || instance === undefined ? undefined : { series, instance };
  });
}

async function previewOf(
  deps: DeidExportDeps,
  actor: Person,
  { json: study, patient_id: patientId }: repository.ExportedStudy,
  { hash, profile }: Treatment,
): Promise<DeidPreview> {
  const { studyInstanceUid, studyDate, description, patient } = study;
  const of = { patient: personOnPage(patient), studyInstanceUid, studyDate, description };
  const first = await firstFile(deps, actor, study.id);
  if (first === undefined)
    return {
      ...of,
      seriesInstanceUid: null,
      sopInstanceUid: null,
      because: null,
      isRecognisable: false,
      changes: [],
      picture: null,
      unseen: null,
    };
  await deps.audit.use(actor, { studyId: study.id, patientId, groupId: study.groupId, kind: 'metadata' });
  const { id, size_bytes: sizeBytes, file_sha256: sha256, sop_instance_uid: sopInstanceUid } = first.instance;
  const objects = verifiedReader(deps.objects, { id, sizeBytes, sha256 }, deps.objects);
  const place = { seriesInstanceUid: first.series.seriesInstanceUid, sopInstanceUid };
  const wish = { profile, substitutes: substitutesOf(hash, patientId) };
  const previewed = await previewedFile(deps.masking, objects, { id, sizeBytes }, wish);
  const { isRecognisable, changes } = previewed;
  // As an export would have it: by what somebody has said of its pixels.
  const held = await HeldFiles.of(deps, actor, [first.instance]);
  const because = held.reasonAfter(first.instance, previewed.because);
  const decision = because === null ? held.decisionOf(first.instance)?.decision : undefined;
  const stored = { id, sizeBytes };
  const drawn = because === null ? await previewedPicture(deps.masking, objects, stored, { ...wish, decision }) : null;
  const picture = drawn === null ? null : `data:image/jpeg;base64,${drawn.toString('base64')}`;
  const unseen = because === null && decision === undefined ? await unseenText(deps.masking, objects, stored) : null;
  return { ...of, ...place, because, isRecognisable, changes: [...changes], picture, unseen };
}

/**
 * One file of each study as it is and as it would leave, of ten studies at most; nothing is kept but in the journal that somebody looked. Pseudonyms of an export
 * for this once are others each time. Fails with NOT_FOUND where a patient or study is not seen, and as the key of the project does.
 */
export async function preview(
  deps: DeidExportDeps,
  actor: Person,
  body: BodyOf<typeof previewDeid>,
): Promise<{ items: DeidPreview[]; studies: number }> {
  const treatment = await treatmentFor(deps, actor, body.projectId);
  const studies = await seenStudies(deps, actor, body);
  const items: DeidPreview[] = [];
  for (const study of studies.slice(0, MOST_DEID_PREVIEWS)) items.push(await previewOf(deps, actor, study, treatment));
  return { items, studies: studies.length };
}

async function seenStudies(
  { db }: DeidExportDeps,
  actor: Person,
  { patientIds, studyInstanceUids }: Pick<Wanted, 'patientIds' | 'studyInstanceUids'>,
): Promise<repository.ExportedStudy[]> {
  const scope = scopeOf(actor);
  const ids = [...new Set(patientIds)];
  return db.reading(scope, async (tx) => {
    const patients = await repository.findPatients(tx, scope, ids);
    const studies = await repository.findStudies(tx, scope, ids, studyInstanceUids);
    const found = new Set(studies.map(({ json }) => json.studyInstanceUid));
    if (patients.length !== ids.length || studyInstanceUids?.some((uid) => !found.has(uid)) === true) throw notFound();
    return studies;
  });
}
