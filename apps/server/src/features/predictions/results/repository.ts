import { isFilmThere } from '../../../archive/records/films.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export type ResultRow = FoundBy<typeof findResult>;
const RESULT =
  `r.id, r.prediction_id, r.study_id, r.group_id, r.seq, r.series_instance_uid, r.sop_instance_uid, r.heat_series_instance_uid, r.heat_sop_instance_uid, r.made_at,
   r.stored_at, r.withdrawn_at` as const;

/** The instances that say a result: its report and its heat map. */
export const uidsOf = (of: Pick<ResultRow, 'sop_instance_uid' | 'heat_sop_instance_uid'>): string[] => [
  of.sop_instance_uid,
  of.heat_sop_instance_uid,
];

/** The result of a decision, with what was decided and by whom. */
export const findResult = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT ${RESULT}, v.status, v.comment, v.finding, v.source, u.last_name, u.first_name
     FROM prediction_results r JOIN prediction_validations v ON v.id = r.validation_id LEFT JOIN users u ON u.id = v.user_id WHERE r.id = $1`,
    [id],
  );

/** That of whoever first decided on a prediction, which names its series; French where they are gone. */
export const languageOfSeries = async (tx: ReadTx, predictionId: string) =>
  (
    await tx.first(
      `SELECT u.locale FROM prediction_results r JOIN prediction_validations v ON v.id = r.validation_id JOIN users u ON u.id = v.user_id
       WHERE r.prediction_id = $1 ORDER BY r.seq LIMIT 1`,
      [predictionId],
    )
  )?.locale ?? 'fr';

/** The latest result of a prediction. */
export const findLatest = (tx: ReadTx, predictionId: string) =>
  tx.first(`SELECT ${RESULT} FROM prediction_results r WHERE r.prediction_id = $1 ORDER BY r.seq DESC LIMIT 1`, [predictionId]);

/** The report that one takes the place of: the last one before it that was stored, still here or not, for it may have gone elsewhere. */
export const findPredecessor = (tx: ReadTx, predictionId: string, seq: number) =>
  tx.first(
    `SELECT r.series_instance_uid, r.sop_instance_uid FROM prediction_results r
     WHERE r.prediction_id = $1 AND r.seq < $2 AND r.stored_at IS NOT NULL ORDER BY r.seq DESC LIMIT 1`,
    [predictionId, seq],
  );

export interface NewResult {
  readonly id: string;
  readonly predictionId: string;
  readonly studyId: string;
  readonly groupId: string | null;
  readonly validationId: string;
  readonly seq: number;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly heatSeriesInstanceUid: string;
  readonly heatSopInstanceUid: string;
  readonly now: Date;
}

export const insertResult = (tx: Tx, of: NewResult): Promise<number> =>
  tx.run(
    `INSERT INTO prediction_results (id, prediction_id, study_id, group_id, validation_id, seq, series_instance_uid, sop_instance_uid, heat_series_instance_uid,
       heat_sop_instance_uid, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...([of.id, of.predictionId, of.studyId, of.groupId, of.validationId, of.seq, of.seriesInstanceUid] as const),
      ...([of.sopInstanceUid, of.heatSeriesInstanceUid, of.heatSopInstanceUid, of.now] as const),
    ],
  );

/** The results of a prediction stand no more; gives the instances that say them. */
export const withdrawResults = (tx: Tx, predictionId: string, now: Date) =>
  tx.rows(
    `UPDATE prediction_results SET withdrawn_at = $2 WHERE prediction_id = $1 AND withdrawn_at IS NULL RETURNING sop_instance_uid, heat_sop_instance_uid`,
    [predictionId, now],
  );

export const markStored = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE prediction_results SET stored_at = coalesce(stored_at, $2) WHERE id = $1', [id, now]);

/** What waits to be made since before a moment and can be: its film is there, in a study that is not in the trash. What was decided last is first. */
export const findWaitingResults = async (tx: ReadTx, before: Date, limit: number): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT r.id FROM prediction_results r JOIN predictions p ON p.id = r.prediction_id
       WHERE r.stored_at IS NULL AND r.withdrawn_at IS NULL AND r.made_at < $1 AND ${isFilmThere('r.study_id', 'p.sop_instance_uid')}
       ORDER BY r.made_at DESC LIMIT $2`,
      [before, limit],
    )
  ).map(({ id }) => id);
