import type { SharedInstance, SharedStudy, SharedView } from '@negatoscope/contract';
import { personOnPage } from '@negatoscope/contract';
import { documentKindOf } from '@negatoscope/dicom';
import { can, type Link, type Scope, scopeOf, seesIdentity } from '../../access/index.ts';
import { type InstanceEntry, isDecodable } from '../../archive/pixels/index.ts';
import { findSeries, findSeriesPath, findStudies } from '../../archive/records/studies.ts';
import { type StudyRow, seriesOf, studyOf } from '../../archive/records/study-rows.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { SharingDeps } from './deps.ts';
import { downloadNeeds } from './rules.ts';
import { rowOf } from './standing.ts';

/** So many headers are read at once to tell what of a series is held back. */
const AT_ONCE = 16;

async function studyIn(tx: ReadTx, scope: Scope, actor: Link, row: StudyRow): Promise<SharedStudy> {
  const { id, studyInstanceUid, patient, studyDate, description, modalities } = studyOf(row, actor);
  const series = await findSeries(tx, scope, id);
  return {
    ...{
      id,
      studyInstanceUid,
      patientName: personOnPage(patient),
      birthDate: patient.birthDate,
      studyDate,
      description,
      modalities,
    },
    series: series.map((one) => {
      const {
        id: seriesId,
        seriesInstanceUid,
        modality,
        seriesNumber,
        description: told,
        instanceCount,
      } = seriesOf(one, seesIdentity(actor));
      return { id: seriesId, seriesInstanceUid, modality, seriesNumber, description: told, instanceCount };
    }),
  };
}

/** What a visit shows, by the very rows and rules by which people see it. */
export async function viewOf(deps: SharingDeps, actor: Link, csrfToken: string): Promise<SharedView> {
  const { db, audit, site } = deps;
  const scope = scopeOf(actor);
  const visit = rowOf(actor);
  const { rows, studies } = await db.reading(scope, async (tx) => {
    const found = await findStudies(tx, scope, actor.studyIds);
    const told: SharedStudy[] = [];
    for (const row of found) told.push(await studyIn(tx, scope, actor, row));
    return { rows: found, studies: told };
  });
  const patients = rows.map((row) => row.patient_id);
  await audit.show(actor, { action: 'share.read', entityType: 'share', shown: patients, filters: [] });
  return {
    ...{ site, recipient: actor.recipient, profile: visit.profile, csrfToken, studies },
    mayDownload: can(actor, downloadNeeds(visit.profile)),
    expiresAt: visit.expires_at.toISOString(),
    visitEndsAt: actor.until.toISOString(),
  };
}

async function instanceIn({ pixels }: SharingDeps, actor: Link, entry: InstanceEntry): Promise<SharedInstance> {
  const { sopInstanceUid, frames } = entry;
  if (!(await pixels.heldBack.isShown(actor, entry))) return { sopInstanceUid, kind: 'HELD_BACK', frames };
  if (documentKindOf(entry.sopClassUid) === 'pdf') return { sopInstanceUid, kind: 'DOCUMENT', frames };
  const isDrawn = isDecodable(entry.transferSyntaxUid) && entry.rows !== null && entry.columns !== null && frames > 0;
  return { sopInstanceUid, kind: isDrawn ? 'IMAGE' : 'OTHER', frames };
}

/** The instances of a series in their order. Fails with NOT_FOUND for one that is not shared. */
export async function instancesOf(deps: SharingDeps, actor: Link, seriesId: string): Promise<SharedInstance[]> {
  const scope = scopeOf(actor);
  const path = await deps.db.reading(scope, (tx) => findSeriesPath(tx, scope, seriesId));
  if (path === undefined) throw notFound();
  const series = await deps.pixels.handles.series(
    actor,
    { groupId: undefined, studyInstanceUid: path.study_instance_uid },
    path.series_instance_uid,
  );
  const { instances } = await deps.pixels.tables.load(series);
  const told: SharedInstance[] = [];
  for (let at = 0; at < instances.length; at += AT_ONCE)
    told.push(...(await Promise.all(instances.slice(at, at + AT_ONCE).map((entry) => instanceIn(deps, actor, entry)))));
  return told;
}
