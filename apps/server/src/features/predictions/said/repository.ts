import type { FinalDiagnosis, OpinionKind, ValidationStatus } from '@negatoscope/contract';
import { onLiveStudy, whoseFilm } from '../../../archive/records/films.ts';
import { nameOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export type OwnOpinionRow = FoundBy<typeof findOwnOpinions>;
export type OpinionRow = FoundBy<typeof findOpinions>;
export type ValidationRow = FoundBy<typeof findValidations>;

/** What a person said last of each of these predictions. */
export const findOwnOpinions = (tx: ReadTx, userId: string, ids: readonly string[]) =>
  tx.rows(
    `SELECT DISTINCT ON (o.prediction_id) o.prediction_id, o.id, o.opinion, o.number FROM prediction_opinions o
     WHERE o.user_id = $1 AND o.prediction_id = ANY($2::uuid[]) ORDER BY o.prediction_id, o.number DESC`,
    [userId, ids],
    'predictions-own-opinions',
  );

const VALIDATION =
  `v.prediction_id, v.id, v.number, v.status, v.comment, v.finding, v.source, v.created_at, (${nameOf('v.user_id')}) AS author` as const;

/** What was decided last of each of these predictions. */
export const findStanding = (tx: ReadTx, ids: readonly string[]): Promise<ValidationRow[]> =>
  tx.rows(
    `SELECT DISTINCT ON (v.prediction_id) ${VALIDATION} FROM prediction_validations v
     WHERE v.prediction_id = ANY($1::uuid[]) ORDER BY v.prediction_id, v.number DESC`,
    [ids],
    'predictions-standing',
  );

/** All that was decided of one, the newest first. */
export const findValidations = (tx: ReadTx, predictionId: string) =>
  tx.rows(`SELECT ${VALIDATION} FROM prediction_validations v WHERE v.prediction_id = $1 ORDER BY v.number DESC`, [predictionId]);

/** All that physicians said of one, the newest first. */
export const findOpinions = (tx: ReadTx, predictionId: string) =>
  tx.rows(
    `SELECT o.id, o.opinion, o.comment, o.number, o.is_blind, o.created_at, (${nameOf('o.user_id')}) AS author
     FROM prediction_opinions o WHERE o.prediction_id = $1 ORDER BY o.created_at DESC, o.id DESC`,
    [predictionId],
  );

/** Of these uploads those whose very file is a film in scope that is read blind, and of which this person has not said yet what they see. */
export const findWaitingElsewhere = async (tx: ReadTx, userId: string, ids: readonly string[]): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT p.id FROM predictions p WHERE p.id = ANY($2::uuid[]) AND EXISTS (
         SELECT FROM predictions f WHERE f.image_sha256 = p.image_sha256 AND f.is_blind AND f.study_id IS NOT NULL AND f.status <> 'FAILED'
           AND f.validated_at IS NULL AND ${onLiveStudy('f.study_id')}
           AND NOT EXISTS (SELECT FROM prediction_opinions o WHERE o.prediction_id = f.id AND o.user_id = $1))`,
      [userId, ids],
    )
  ).map(({ id }) => id);

/** Holds a prediction until the end of the transaction, so that what is decided of it is decided one after the other. */
export const holdPrediction = (tx: Tx, id: string) => tx.first('SELECT id FROM predictions WHERE id = $1 FOR UPDATE', [id]);

/** Clocks and time zones of devices differ: how long before its day, or before it came where it has none, a film may have been made, and a copy of it sent. */
const BEFORE_IT_WAS_MADE = '24 hours';

/**
 * Whether a person may have been shown what a model says of this study: by a prediction that is not blind, by one that was ever validated (a rejection afterwards takes back nothing that was
 * seen), by having decided or answered; or of a file that they sent, which may be an altered copy of any film that was made by then, wherever it was: no copy is older than its film. That the file is gone after a day changes nothing of it.
 */
export const hasSeenScore = async (tx: ReadTx, studyId: string | null, userId: string, now: Date): Promise<boolean> =>
  (await tx.first(
    `SELECT 1 AS seen WHERE EXISTS (SELECT FROM predictions p WHERE p.status = 'DONE' AND p.study_id = $1::uuid AND (NOT p.is_blind
         OR EXISTS (SELECT FROM prediction_validations v WHERE v.prediction_id = p.id AND (v.status <> 'REJECTED' OR v.user_id = $2))
         OR EXISTS (SELECT FROM prediction_opinions o WHERE o.prediction_id = p.id AND o.user_id = $2)))
       OR EXISTS (SELECT FROM upload_scores_seen s WHERE s.user_id = $2 AND (
         s.asked_at > coalesce((SELECT least(film.received_at, film.study_date::timestamp AT TIME ZONE 'UTC') FROM ${whoseFilm('$1::uuid')} film), $3)
           - interval '${BEFORE_IT_WAS_MADE}'
         OR s.image_sha256 IN (SELECT f.image_sha256 FROM predictions f WHERE f.study_id = $1::uuid)))`,
    [studyId, userId, now],
  )) !== undefined;

/** A person is shown the scores of these files of theirs. */
export const noteUploadsSeen = (tx: Tx, userId: string, ids: readonly string[]): Promise<number> =>
  tx.run(
    `INSERT INTO upload_scores_seen (user_id, image_sha256, asked_at)
     SELECT $1, coalesce(p.image_sha256, ''), max(p.created_at) FROM predictions p
     WHERE p.id = ANY($2::uuid[]) AND p.study_id IS NULL AND p.status = 'DONE' GROUP BY 2
     ON CONFLICT (user_id, image_sha256) DO UPDATE SET asked_at = excluded.asked_at WHERE upload_scores_seen.asked_at < excluded.asked_at`,
    [userId, ids],
    'predictions-uploads-seen',
  );

interface Said {
  readonly id: string;
  readonly predictionId: string;
  readonly groupId: string | null;
  readonly userId: string;
  readonly number: number;
  readonly comment: string;
  readonly now: Date;
}

export const insertOpinion = (
  tx: Tx,
  of: Said & { readonly studyId: string | null; readonly opinion: OpinionKind; readonly isBlind: boolean },
): Promise<number> =>
  tx.run(
    `INSERT INTO prediction_opinions (id, prediction_id, study_id, group_id, user_id, number, opinion, comment, is_blind, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [of.id, of.predictionId, of.studyId, of.groupId, of.userId, of.number, of.opinion, of.comment, of.isBlind, of.now],
  );

export const insertValidation = (
  tx: Tx,
  of: Said & {
    readonly studyId: string;
    readonly status: ValidationStatus;
    readonly finalDiagnosis: FinalDiagnosis | null;
  },
): Promise<number> =>
  tx.run(
    `INSERT INTO prediction_validations (id, prediction_id, study_id, group_id, user_id, number, status, comment, finding, source, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...([of.id, of.predictionId, of.studyId, of.groupId, of.userId, of.number, of.status, of.comment] as const),
      ...([of.finalDiagnosis?.finding ?? null, of.finalDiagnosis?.source ?? null, of.now] as const),
    ],
  );

export const markRead = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE predictions SET read_at = coalesce(read_at, $2) WHERE id = $1', [id, now]);

/** Makes a decision the one that stands; false for one that is not answered. */
export const markDecided = async (tx: Tx, id: string, status: ValidationStatus, now: Date): Promise<boolean> =>
  (await tx.run(
    `UPDATE predictions SET validation_status = $2, validated_at = CASE WHEN $2 = 'REJECTED' THEN NULL ELSE $3::timestamptz END,
       read_at = coalesce(read_at, $3::timestamptz) WHERE id = $1 AND status = 'DONE'`,
    [id, status, now],
  )) > 0;

/** Whether a result of a study stands. */
export const hasStanding = async (tx: ReadTx, studyId: string): Promise<boolean> =>
  (await tx.first('SELECT 1 AS stands FROM predictions WHERE study_id = $1 AND validated_at IS NOT NULL LIMIT 1', [studyId])) !==
  undefined;

export const findBlindReadings = (tx: ReadTx) =>
  tx.rows('SELECT site_id, is_on, changed_at FROM blind_readings ORDER BY site_id NULLS FIRST', []);

export const putBlindReading = (
  tx: Tx,
  of: { readonly siteId: string | null; readonly isOn: boolean; readonly by: string; readonly now: Date },
): Promise<number> =>
  tx.run(
    `INSERT INTO blind_readings (site_id, is_on, changed_by, changed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (site_id) DO UPDATE SET is_on = excluded.is_on, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [of.siteId, of.isOn, of.by, of.now],
  );

export const deleteBlindReading = (tx: Tx, siteId: string | null): Promise<number> =>
  tx.run('DELETE FROM blind_readings WHERE site_id IS NOT DISTINCT FROM $1::uuid', [siteId]);
