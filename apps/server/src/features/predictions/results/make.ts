import type { RenderedFrame } from '@negatoscope/dicom';
import sharp from 'sharp';
import { requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import { namedByIndex, readIndexValues } from '../../../archive/coercion/index.ts';
import { nameOfGroup } from '../../../archive/partitions.ts';
import { findStudies, lockStudy, storedAmong } from '../../../archive/records/studies.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { withdrawInstances } from '../../../archive/write/withdraw.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db, ReadTx } from '../../../platform/db/database.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import type { LiveEvents } from '../../../platform/shared-state/index.ts';
import type { Audit } from '../../audit/index.ts';
import type { Films } from '../film.ts';
import { tellChanged } from '../live.ts';
import { findPrediction, type PredictionRow } from '../repository.ts';
import { tooYoungAmong } from '../too-young.ts';
import { heatOf, type ResultSource, reportOf } from './content.ts';
import * as repository from './repository.ts';

/** The way of the server's own instances into the archive: see `storeMade` of ingest. */
export type StoreMade = (made: {
  readonly by: Service;
  /** No person asked for it: the decision is theirs, and said within. */
  readonly onBehalfOf: null;
  readonly studyId: string;
  readonly instances: readonly Uint8Array[];
}) => Promise<readonly { readonly outcome: string; readonly reason?: string | null | undefined }[]>;

export interface ResultTools {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: GuardedObjects;
  readonly events: Pick<LiveEvents, 'publish'>;
  readonly films: Films;
  readonly ingest: { readonly storeMade: StoreMade };
}

interface Wanted {
  readonly result: repository.ResultRow;
  readonly row: PredictionRow;
  readonly study: StudyRow;
  readonly source: Pick<ResultSource, 'organization' | 'language' | 'predecessor'>;
  /** Which of its instances are there: an amended result has the heat map of the one before, and a try that was cut off may have stored both. */
  readonly stored: ReadonlySet<string>;
  readonly values: NonNullable<Awaited<ReturnType<typeof readIndexValues>>>;
}

/** What is to be made; undefined where it stands no more, is made, or its study is out of sight. */
async function wanted(tx: ReadTx, by: Service, id: string): Promise<Wanted | undefined> {
  const result = await repository.findResult(tx, id);
  if (result === undefined || result.stored_at !== null || result.withdrawn_at !== null) return undefined;
  const row = await findPrediction(tx, scopeOf(by), null, result.prediction_id);
  const [study] = await findStudies(tx, scopeOf(by), [result.study_id]);
  const values = await readIndexValues(tx, result.study_id);
  if (row === undefined || study === undefined || values === undefined) return undefined;
  const isYoung = (await tooYoungAmong(tx, [row], new Map([[study.id, study]]))).has(row.id);
  const warned: PredictionRow = isYoung ? { ...row, recalibrated: null, warnings: [...row.warnings, 'PATIENT_TOO_YOUNG'] } : row;
  const organization = (await nameOfGroup(tx, result.group_id)) ?? 'Negatoscope';
  const predecessor = await repository.findPredecessor(tx, result.prediction_id, result.seq);
  const language = await repository.languageOfSeries(tx, result.prediction_id);
  const stored = await storedAmong(tx, repository.uidsOf(result), result.group_id);
  return { result, row: warned, study, values, source: { organization, language, predecessor }, stored };
}

/** The heat map in colours over the film, in the heat map's size. */
async function blended(film: RenderedFrame, heat: Buffer): Promise<NonNullable<ResultSource['heat']>> {
  const { pixels, columns, rows, channels } = film;
  const { width = 0, height = 0 } = await sharp(heat).metadata();
  const under = sharp(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), {
    raw: { width: columns, height: rows, channels },
  })
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb');
  const { data, info } = await sharp(await under.png().toBuffer())
    .composite([{ input: heat }])
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new BrokenInvariant(`A picture of ${info.channels} channels.`);
  return { pixels: data, rows: info.height, columns: info.width };
}

/** The files of a result; none where the film has gone. */
async function filesOf(tools: ResultTools, by: Service, of: Wanted): Promise<Uint8Array[]> {
  const { row, result } = of;
  const { sop_instance_uid: sopInstanceUid, heat_object: heatId, heat_size: heatSize } = row;
  if (sopInstanceUid === null) return [];
  const film = await tools.films.shown(by, { studyId: of.study.id, sopInstanceUid });
  if (film === undefined) return [];
  const { seriesInstanceUid, sopClassUid, rows, columns } = film;
  const hasHeat = heatId !== null && heatSize !== null;
  const isToMake = hasHeat && !of.stored.has(result.heat_sop_instance_uid);
  const source: ResultSource = {
    ...of.source,
    ...{ result, row, rows, columns, header: namedByIndex(film.header, of.values) },
    film: { seriesInstanceUid, sopInstanceUid, sopClassUid },
    hasHeat,
    heat: isToMake ? await blended(await film.picture(), await tools.objects.read(heatId, 0, heatSize)) : undefined,
  };
  return [heatOf(source), reportOf(source)].filter((file) => file !== undefined);
}

/**
 * Makes the DICOM instances of a result and stores them with its study: a report, and the heat map over its film where there is one. What was made before is the same to the byte. Where the score was rejected
 * meanwhile they leave again at once. Gives how many were stored. Fails with CONFLICT where the archive does not take them now, and as it does.
 */
export async function makeResult(tools: ResultTools, by: Service, id: string): Promise<number> {
  requirePermission(by, 'imports.create');
  const of = await tools.db.reading(scopeOf(by), (tx) => wanted(tx, by, id));
  if (of === undefined) return 0;
  const isMade = of.stored.has(of.result.sop_instance_uid);
  const instances = isMade ? [] : await filesOf(tools, by, of);
  if (instances.length === 0 && !isMade) return 0;
  const results = await tools.ingest.storeMade({ by, onBehalfOf: null, studyId: of.study.id, instances });
  // Rejected while it was made.
  if (results.some(({ reason }) => reason === 'WITHDRAWN')) return 0;
  const refused = results.find(({ outcome }) => outcome !== 'stored' && outcome !== 'duplicate');
  if (refused !== undefined) throw new Failure('CONFLICT', { detail: `The study does not take its result: ${refused.reason}.` });
  const withdrawn = await settle(tools, by, of);
  await tools.objects.delete(withdrawn);
  return withdrawn.length > 0 ? 0 : instances.length;
}

/** Notes that a result is stored, or takes it out again where it stands no more; gives the objects that nothing names then. */
async function settle({ db, audit, clock, events }: ResultTools, by: Service, { result, row, study }: Wanted): Promise<string[]> {
  return db.withScope(scopeOf(by), async (tx) => {
    // One that moves at this moment is settled by the job's next try.
    if (!(await lockStudy(tx, study, []))) throw new Failure('CONFLICT');
    const now = await repository.findResult(tx, result.id);
    const { id: entityId, study_id: studyId } = row;
    if (now === undefined || now.withdrawn_at !== null) {
      return withdrawInstances(tx, { studyId: study.id, patientId: study.patient_id }, repository.uidsOf(result));
    }
    await repository.markStored(tx, result.id, clock.now());
    await audit.record(tx, {
      ...{ action: 'prediction.result-kept', actor: by, entityType: 'prediction', entityId },
      ...{ patientId: study.patient_id, groupId: row.group_id, details: { studyId, version: result.seq } },
    });
    await tellChanged(events, tx, { id: entityId, studyId });
    return [];
  });
}
