import type { SeriesMapping } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { type Actor, holderOf, idsOf, isAmbiguous, type Scope, scopeKey, scopeOf } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { filling } from '../../kernel/filling-cache.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import type { ArchiveReader } from '../doors.ts';
import { findStudies, type StudyRow } from './study-by-uid.ts';

export interface StudyPath {
  readonly groupId: string | undefined;
  readonly studyInstanceUid: string;
}

/** A study that this actor may read: made by one query in the actor's scope, then kept for the session. */
export interface StudyHandle {
  readonly studyId: string;
  readonly patientId: string;
  readonly groupId: string | null;
  readonly studyInstanceUid: string;
  /** The scope that it was found in: what it leads to is read in the same. */
  readonly scope: Scope;
}

export interface SeriesHandle extends StudyHandle {
  readonly seriesId: string;
  readonly seriesInstanceUid: string;
  readonly version: number;
  /** Of frames that store no window, found from all frames of this version; undefined while it is not, and where none needs it. */
  readonly mapping: SeriesMapping | undefined;
}

export interface Handles {
  study(actor: Actor, path: StudyPath): Promise<StudyHandle>;
  /** From memory where it is known; `anew` asks the database, for what a notification on its way may have changed. */
  series(actor: Actor, path: StudyPath, seriesInstanceUid: string, anew?: 'anew'): Promise<SeriesHandle>;
  allSeries(study: StudyHandle): Promise<SeriesHandle[]>;
  /** `restlessMs`: for how long more may come to it that nobody tells of; so long nothing of it is kept. */
  forgetSeries(seriesId: string, restlessMs?: number): void;
  /** `restlessMs`: for how long that holds of every series. */
  forgetAll(restlessMs?: number): void;
}

const MAX_HANDLES = 50_000;
/** Series that may be coming at a time, before those are looked for that came. */
const MAX_RESTLESS = 1_000;
/** The actor's scope is part of the key: a changed role or group never meets an old decision. */
const keyOf = (actor: Actor, path: StudyPath, series = ''): string =>
  `${holderOf(actor)}|${scopeKey(scopeOf(actor))}|${path.groupId ?? ''}|${path.studyInstanceUid}|${series}`;

/** What a group in a path names, nothing for what is in no group: with one's own group, what one imported for it as well. */
const partitionsOf = (scope: Scope, groupId: string | undefined): string[] | undefined => {
  if (groupId === undefined) return undefined;
  if (groupId === 'none') return [];
  return idsOf(scope, 'group').includes(groupId) ? [groupId, ...idsOf(scope, 'own')] : [groupId];
};

function chooseStudy(scope: Scope, rows: readonly StudyRow[], groupId: string | undefined): StudyRow {
  const of = (kind: 'own' | 'group'): StudyRow[] =>
    rows.filter((row) => row.group_id !== null && idsOf(scope, kind).includes(row.group_id));
  const settled = rows.filter((row) => !row.is_held);
  if (rows.length > 1) {
    const near = [of('own'), of('group')].find((some) => some.length > 0);
    if (near?.length === 1 && near[0] !== undefined) return near[0];
    if (groupId === undefined && (near !== undefined || isAmbiguous(scope, rows))) throw new Failure('AMBIGUOUS_UID');
  }
  const row = settled[0] ?? rows[0];
  if (row === undefined) throw notFound();
  return row;
}

const SERIES = `SELECT id, version, series_instance_uid, mapping_lower, mapping_upper, is_mapped FROM series
         WHERE study_id = $1 AND ($2::text IS NULL OR series_instance_uid = $2) ORDER BY series_number NULLS LAST, id`;
type SeriesRow = RowOf<typeof SERIES>;

function handleOf(study: StudyHandle, row: SeriesRow): SeriesHandle {
  const { mapping_lower: lower, mapping_upper: upper } = row;
  const mapping = row.is_mapped && lower !== null && upper !== null ? { lower, upper } : undefined;
  return { ...study, seriesId: row.id, seriesInstanceUid: row.series_instance_uid, version: row.version, mapping };
}

interface Memory {
  readonly db: ArchiveReader;
  readonly changes: Pick<Changes, 'isTrusted'>;
  readonly series: LRUCache<string, SeriesHandle>;
  readonly studies: LRUCache<string, StudyHandle>;
  /** Until when more may come to a series that nobody tells of, and to any. */
  readonly restless: Map<string, number>;
  allRestlessUntil: number;
  readonly now: () => number;
  /** Counts what was forgotten: an answer that was asked for before is not kept, for it may be from before the change. */
  epoch: number;
}

/** Changes make it forget; while they may be missed nothing is taken from memory. */
export function createHandles(db: ArchiveReader, changes: Pick<Changes, 'isTrusted'>, now = () => performance.now()): Handles {
  const series = new LRUCache<string, SeriesHandle>(filling(MAX_HANDLES));
  const studies = new LRUCache<string, StudyHandle>(filling(MAX_HANDLES));
  const memory: Memory = {
    db,
    changes,
    series,
    studies,
    restless: new Map(),
    allRestlessUntil: Number.NEGATIVE_INFINITY,
    now,
    epoch: 0,
  };
  return {
    study: (actor, path) => studyOf(memory, actor, path),
    series: (actor, path, seriesInstanceUid, anew) => seriesOf(memory, actor, path, seriesInstanceUid, anew),
    allSeries: async (study) => (await selectSeries(memory, study, undefined)).map((row) => handleOf(study, row)),
    forgetSeries: (seriesId, restlessMs) => forgetSeries(memory, seriesId, restlessMs),
    forgetAll: (restlessMs = 0) => {
      memory.epoch += 1;
      if (restlessMs > 0) memory.allRestlessUntil = now() + restlessMs;
      series.clear();
      studies.clear();
    },
  };
}

async function studyOf(memory: Memory, actor: Actor, path: StudyPath): Promise<StudyHandle> {
  const { changes, db, studies } = memory;
  const key = keyOf(actor, path);
  const known = changes.isTrusted ? studies.get(key) : undefined;
  if (known !== undefined) return known;
  const begun = memory.epoch;
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => findStudies(tx, path.studyInstanceUid, partitionsOf(scope, path.groupId)));
  const { id: studyId, patient_id: patientId, group_id: groupId } = chooseStudy(scope, rows, path.groupId);
  const handle = { studyId, patientId, groupId, studyInstanceUid: path.studyInstanceUid, scope };
  if (begun === memory.epoch) studies.set(key, handle);
  return handle;
}

async function seriesOf(
  memory: Memory,
  actor: Actor,
  path: StudyPath,
  seriesInstanceUid: string,
  anew?: 'anew',
): Promise<SeriesHandle> {
  const { changes, series } = memory;
  const key = keyOf(actor, path, seriesInstanceUid);
  const known = changes.isTrusted && anew === undefined ? series.get(key) : undefined;
  if (known !== undefined) return known;
  const begun = memory.epoch;
  const study = await studyOf(memory, actor, path);
  const [row] = await selectSeries(memory, study, seriesInstanceUid);
  if (row === undefined) throw notFound();
  const handle = handleOf(study, row);
  if (begun === memory.epoch && !isRestless(memory, row.id)) series.set(key, handle);
  return handle;
}

const selectSeries = ({ db }: Memory, study: StudyHandle, uid: string | undefined): Promise<SeriesRow[]> =>
  db.reading(study.scope, (tx) => tx.rows(SERIES, [study.studyId, uid ?? null], 'dicomweb-series'));

function isRestless({ restless, allRestlessUntil, now }: Memory, seriesId: string): boolean {
  if (now() < allRestlessUntil) return true;
  const until = restless.get(seriesId);
  if (until === undefined || now() < until) return until !== undefined;
  restless.delete(seriesId);
  return false;
}

function forgetSeries(memory: Memory, seriesId: string, restlessMs = 0): void {
  memory.epoch += 1;
  if (restlessMs > 0) {
    // Those that nobody read since are cleared away now and then.
    if (memory.restless.size >= MAX_RESTLESS) for (const id of memory.restless.keys()) isRestless(memory, id);
    memory.restless.set(seriesId, memory.now() + restlessMs);
  }
  const gone: string[] = [];
  memory.series.forEach((handle, key) => {
    if (handle.seriesId === seriesId) gone.push(key);
  });
  for (const key of gone) memory.series.delete(key);
}
