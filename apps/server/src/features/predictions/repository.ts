import type {
  PredictionFailure,
  PredictionState,
  PredictionStatus,
  PredictionWarning,
  Recalibrated,
} from '@negatoscope/contract';
import type { Scope } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { onLiveStudy } from '../../archive/records/films.ts';
import { nameOf } from '../../archive/records/study-rows.ts';
import { isStudyOf } from '../../archive/records/whose.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import type { Judgement } from './judgement.ts';
import type { Outputs } from './rows.ts';

/** From which consultation it was asked, as long as that is of the patient whose study it is: one that has gone to another patient has left their consultations, too. */
export const CONSULTATION =
  `CASE WHEN EXISTS (SELECT FROM consultations c WHERE c.id = p.consultation_id AND ${isStudyOf('p.study_id', 'c.patient_id')}) THEN p.consultation_id END` as const;
export const COLUMNS =
  `p.id, p.group_id, p.study_id, ${CONSULTATION} AS consultation_id, p.question, p.series_instance_uid, p.sop_instance_uid, p.upload_id, p.upload_type,
  p.upload_until, p.site_id, p.age_years, p.status, p.failure_code, p.turned_degrees, p.attempts, p.warnings, p.model_name, p.model_version, p.threshold,
  p.probability, p.recalibrated, p.confidence, p.confidence_level, p.is_positive, p.interpretation, p.recommendation, p.features, p.heat_object, p.heat_size,
  p.sent_on_from, p.sent_on_code, p.sent_on_reason, p.requested_by, (${nameOf('p.requested_by')}) AS requester_name, p.created_at, p.finished_at,
  p.is_blind, p.read_at, p.validation_status, p.validated_at` as const;

export type PredictionRow = FoundBy<typeof findPrediction>;

/** What of an actor's scope is there: neither in the trash with its study, nor somebody else's upload. `$4` is the person; null for a service, who sees all uploads. */
export const SEEN =
  `${inPartition('p', 1)} AND CASE WHEN p.study_id IS NULL THEN $4::uuid IS NULL OR p.requested_by = $4 ELSE ${onLiveStudy('p.study_id')} END` as const;

export const findPrediction = (tx: ReadTx, scope: Scope, userId: string | null, id: string) =>
  tx.first(
    `SELECT ${COLUMNS} FROM predictions p WHERE ${SEEN} AND p.id = $5`,
    [...partitionValues(scope), userId, id],
    'prediction',
  );

export interface PredictionFilter {
  readonly studyId: string | null;
  readonly status: PredictionStatus | null;
  readonly isUpload: boolean | null;
  readonly state: PredictionState | null;
  /** A partition: a group's id, or `none`. */
  readonly partition: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** How far it is, as `PredictionState` has it. */
const STATE =
  `CASE WHEN p.status = 'FAILED' THEN 'FAILED' WHEN p.status <> 'DONE' THEN 'QUEUED' WHEN p.validated_at IS NOT NULL THEN 'VALIDATED'
     WHEN p.validation_status IS NOT NULL THEN 'REJECTED' WHEN p.read_at IS NOT NULL THEN 'READ' ELSE 'DONE' END` as const;
const FILTER = `${SEEN} AND ($5::uuid IS NULL OR p.study_id = $5) AND ($6::text IS NULL OR p.status = $6)
  AND ($7::boolean IS NULL OR (p.study_id IS NULL) = $7) AND ($8::text IS NULL OR ${STATE} = $8)
  AND ($9::text IS NULL OR CASE $9 WHEN 'none' THEN p.group_id IS NULL ELSE p.group_id::text = $9 END)
  AND ($10::timestamptz IS NULL OR p.created_at >= $10) AND ($11::timestamptz IS NULL OR p.created_at < $11)` as const;
type Filtered = readonly [
  ...[boolean, string[], boolean, string, string | null, PredictionStatus | null, boolean | null],
  ...[string | null, string | null, string | null, string | null],
];
const filtered = (scope: Scope, userId: string, of: PredictionFilter): Filtered => [
  ...partitionValues(scope),
  ...([userId, of.studyId, of.status, of.isUpload, of.state, of.partition, of.from, of.to] as const),
];

/** The newest first, behind the one of `after`. */
export const findPredictions = (
  tx: ReadTx,
  scope: Scope,
  userId: string,
  { after, limit, ...filter }: PredictionFilter & { readonly after: string | null; readonly limit: number },
) =>
  tx.rows(
    `SELECT ${COLUMNS} FROM predictions p WHERE ${FILTER} AND ($12::uuid IS NULL OR p.id < $12) ORDER BY p.id DESC LIMIT $13`,
    [...filtered(scope, userId, filter), after, limit],
    'predictions',
  );

/** How many there are, counted as far as `most`. */
export const countPredictions = async (
  tx: ReadTx,
  scope: Scope,
  userId: string,
  { most, ...filter }: PredictionFilter & { readonly most: number },
): Promise<number> =>
  (
    await tx.first(
      `SELECT count(*)::int AS n FROM (SELECT FROM predictions p WHERE ${FILTER} LIMIT $12) AS counted`,
      [...filtered(scope, userId, filter), most],
      'predictions-count',
    )
  )?.n ?? 0;

/** How many of a person's have no answer yet. */
export const countWaiting = async (tx: ReadTx, userId: string): Promise<number> =>
  (
    await tx.first("SELECT count(*)::int AS n FROM predictions WHERE requested_by = $1 AND status IN ('QUEUED', 'RUNNING')", [
      userId,
    ])
  )?.n ?? 0;

export interface NewPrediction {
  readonly id: string;
  readonly groupId: string | null;
  /** Whose choice of a model counts. */
  readonly siteId: string | null;
  readonly question: string;
  readonly requestedBy: string;
  readonly now: Date;
  readonly studyId?: string;
  readonly consultationId?: string | null;
  readonly seriesInstanceUid?: string | null;
  readonly sopInstanceUid?: string | null;
  readonly upload?: {
    readonly id: string;
    readonly type: 'application/dicom' | 'image/png' | 'image/jpeg';
    readonly until: Date;
  };
  readonly ageYears?: number | null;
  readonly sentOn?: { readonly from: string; readonly code: PredictionFailure; readonly reason: string };
}

export const insertPrediction = (tx: Tx, of: NewPrediction): Promise<number> =>
  tx.run(
    `INSERT INTO predictions (id, group_id, study_id, consultation_id, question, series_instance_uid, sop_instance_uid, upload_id, upload_type, upload_until,
       age_years, sent_on_from, sent_on_code, sent_on_reason, requested_by, created_at, site_id, status, is_blind)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::uuid, 'QUEUED',
       coalesce((SELECT b.is_on FROM blind_readings b WHERE b.site_id IS NULL OR b.site_id = $17::uuid ORDER BY b.site_id NULLS LAST LIMIT 1), false))`,
    [
      of.id,
      of.groupId,
      of.studyId ?? null,
      of.consultationId ?? null,
      of.question,
      of.seriesInstanceUid ?? null,
      of.sopInstanceUid ?? null,
      of.upload?.id ?? null,
      of.upload?.type ?? null,
      of.upload?.until ?? null,
      of.ageYears ?? null,
      of.sentOn?.from ?? null,
      of.sentOn?.code ?? null,
      of.sentOn?.reason ?? null,
      of.requestedBy,
      of.now,
      of.siteId,
    ],
  );

/** Begins one that has no answer yet; how often it was begun. Undefined where it has one, or is gone. */
export const beginPrediction = (tx: Tx, id: string, now: Date): Promise<{ attempts: number } | undefined> =>
  tx.first(
    "UPDATE predictions SET status = 'RUNNING', attempts = attempts + 1, started_at = $2 WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING attempts",
    [id, now],
  );

/** Begins others that wait, and that nobody has begun yet; their jobs find them answered. */
export const beginOthers = async (tx: Tx, limit: number, now: Date): Promise<string[]> =>
  (
    await tx.rows(
      `UPDATE predictions SET status = 'RUNNING', attempts = attempts + 1, started_at = $2
       WHERE id IN (SELECT id FROM predictions WHERE status = 'QUEUED' AND attempts = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id`,
      [limit, now],
    )
  ).map(({ id }) => id);

/** Gives back what was begun and not answered, through no fault of its own. */
export const putBack = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run(
    "UPDATE predictions SET status = 'QUEUED', attempts = greatest(0, attempts - 1) WHERE id = ANY($1::uuid[]) AND status = 'RUNNING'",
    [ids],
  );

export const countAttempt = (tx: Tx, id: string): Promise<{ attempts: number } | undefined> =>
  tx.first("UPDATE predictions SET attempts = attempts + 1 WHERE id = $1 AND status = 'RUNNING' RETURNING attempts", [id]);

/** Which image it is about, once that is known. */
export interface Looked {
  readonly seriesInstanceUid: string | null;
  readonly sopInstanceUid: string | null;
  readonly imageSha256: Buffer | null;
}

export interface JudgedBy {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

export interface Failed {
  readonly code: PredictionFailure;
  readonly turnedDegrees: number | null;
  readonly warnings: readonly PredictionWarning[];
  readonly outputs: Outputs | null;
  readonly by: JudgedBy | undefined;
  readonly now: Date;
}

/** Ends it without an answer. False where it was answered, ended or removed meanwhile. */
export const failPrediction = async (tx: Tx, id: string, looked: Looked | undefined, failed: Failed): Promise<boolean> =>
  (await tx.run(
    `UPDATE predictions SET status = 'FAILED', failure_code = $2, turned_degrees = $3, warnings = $4, outputs = $5::jsonb, model_name = $6, model_version = $7,
       model_digest = $8, finished_at = $9, series_instance_uid = coalesce($10, series_instance_uid), sop_instance_uid = coalesce($11, sop_instance_uid), image_sha256 = $12
     WHERE id = $1 AND status IN ('QUEUED', 'RUNNING')`,
    [
      id,
      failed.code,
      failed.turnedDegrees,
      [...failed.warnings],
      failed.outputs === null ? null : JSON.stringify(failed.outputs),
      failed.by?.name ?? '',
      failed.by?.version ?? '',
      failed.by?.digest ?? '',
      failed.now,
      looked?.seriesInstanceUid ?? null,
      looked?.sopInstanceUid ?? null,
      looked?.imageSha256 ?? null,
    ],
  )) > 0;

export interface Answered {
  readonly by: JudgedBy;
  readonly threshold: number;
  readonly probability: number;
  readonly logit: number;
  readonly spread: number;
  readonly recalibrated: Recalibrated | null;
  readonly judgement: Judgement;
  readonly outputs: Outputs;
  readonly heat: { readonly object: string; readonly sizeBytes: number; readonly sha256: Buffer } | undefined;
  readonly now: Date;
}

/** Keeps an answer, once: false where it was answered, ended or removed meanwhile. */
export const answerPrediction = async (tx: Tx, id: string, looked: Looked, answered: Answered): Promise<boolean> => {
  const { by, judgement, heat } = answered;
  const count = await tx.run(
    `UPDATE predictions SET status = 'DONE', model_name = $2, model_version = $3, model_digest = $4, threshold = $5, probability = $6, logit = $7, spread = $8,
       confidence = $9, confidence_level = $10, is_positive = $11, warnings = $12, interpretation = $13::jsonb, recommendation = $14::jsonb, features = $15::jsonb,
       outputs = $16::jsonb, heat_object = $17, heat_size = $18, heat_sha256 = $19, finished_at = $20, series_instance_uid = $21, sop_instance_uid = $22, image_sha256 = $23,
       recalibrated = $24::jsonb
     WHERE id = $1 AND status IN ('QUEUED', 'RUNNING')`,
    [
      id,
      by.name,
      by.version,
      by.digest,
      answered.threshold,
      answered.probability,
      answered.logit,
      answered.spread,
      judgement.confidence,
      judgement.level,
      judgement.isPositive,
      [...judgement.warnings],
      JSON.stringify(judgement.interpretation),
      JSON.stringify(judgement.recommendation),
      JSON.stringify(judgement.features),
      JSON.stringify(answered.outputs),
      heat?.object ?? null,
      heat?.sizeBytes ?? null,
      heat?.sha256 ?? null,
      answered.now,
      looked.seriesInstanceUid,
      looked.sopInstanceUid,
      looked.imageSha256,
      answered.recalibrated === null ? null : JSON.stringify(answered.recalibrated),
    ],
  );
  return count > 0;
};

/** Uploads whose time is over; with `FOR UPDATE`, so that nobody answers them any more. */
export const findOverdueUploads = (tx: Tx, now: Date, limit: number) =>
  tx.rows(
    'SELECT id, upload_id, heat_object FROM predictions WHERE upload_until < $1 ORDER BY upload_until LIMIT $2 FOR UPDATE SKIP LOCKED',
    [now, limit],
  );
export const deletePredictions = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM predictions WHERE id = ANY($1::uuid[])', [ids]);

/** What has waited or run since before a moment, in the order of its asking. */
export const findWaiting = async (tx: ReadTx, before: Date, limit: number): Promise<string[]> =>
  (
    await tx.rows(
      "SELECT id FROM predictions WHERE status IN ('QUEUED', 'RUNNING') AND coalesce(started_at, created_at) < $1 ORDER BY id LIMIT $2",
      [before, limit],
    )
  ).map(({ id }) => id);
