import type { FinalDiagnosis, Reference } from '@negatoscope/contract';
import type { Scope } from '../../../access/index.ts';
import { inPartition, partitionValues } from '../../../archive/in-scope.ts';
import { whoseFilm } from '../../../archive/records/films.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { Curve } from './curve.ts';

/** A version of a model at a site; null: what is in no group. */
export interface OfSite {
  readonly siteId: string | null;
  readonly modelName: string;
  readonly modelVersion: string;
}

export type RecalibrationRow = FoundBy<typeof findRecalibrations>;

const COLUMNS =
  'site_id, model_name, model_version, intercept, slope, intercept_variance, covariance, slope_variance, least_logit, most_logit, reference, cases, ill, made_at';

export const findRecalibrations = (tx: ReadTx) =>
  tx.rows(`SELECT ${COLUMNS} FROM model_recalibrations ORDER BY model_name, model_version, site_id NULLS FIRST`, []);

/** That of the very site: no other place's cases say how ill people are here. */
export const findRecalibration = (tx: ReadTx, of: OfSite): Promise<RecalibrationRow | undefined> =>
  tx.first(
    `SELECT ${COLUMNS} FROM model_recalibrations WHERE site_id IS NOT DISTINCT FROM $1::uuid AND model_name = $2 AND model_version = $3`,
    [of.siteId, of.modelName, of.modelVersion],
  );

interface Counted extends OfSite {
  readonly sources: readonly FinalDiagnosis['source'][];
  /** Of whom the model may not be asked. */
  readonly minAgeYears: number;
}

/** Answers of a model version about films of a site: of nobody whom it may not be asked about, and of no film that its gates had refused. */
const FILMS = `FROM predictions p JOIN LATERAL ${whoseFilm('p.study_id')} AS w ON true` as const;
const ANSWERED =
  `${inPartition('p', 1)} AND p.status = 'DONE' AND p.study_id IS NOT NULL AND p.logit IS NOT NULL AND p.sent_on_from IS NULL
  AND p.group_id IS NOT DISTINCT FROM $4::uuid AND p.model_name = $5 AND p.model_version = $6 AND (w.age IS NULL OR w.age >= $7::float8)` as const;
const given = (scope: Scope, of: Counted) =>
  [...partitionValues(scope), of.siteId, of.modelName, of.modelVersion, of.minAgeYears] as const;
/** More cases make no other curve. */
const MOST_CASES = 20_000;

/**
 * Cases whose final diagnosis is known, one for each patient: the one that was decided last. A rejected score counts as any other, for there model and physician disagree, and so does one that is hidden from
 * who asks: without them the percentages would be wrong, and no score of theirs is told.
 */
export const findCases = (tx: ReadTx, scope: Scope, of: Counted) =>
  tx.rows(
    `SELECT c.id, c.logit, c.is_ill FROM (SELECT DISTINCT ON (w.patient_id) p.id, p.logit, v.finding = 'TUBERCULOSIS' AS is_ill, v.created_at ${FILMS}
       JOIN LATERAL (SELECT o.finding, o.source, o.created_at FROM prediction_validations o WHERE o.prediction_id = p.id ORDER BY o.number DESC LIMIT 1) v
         ON v.finding IN ('TUBERCULOSIS', 'NO_TUBERCULOSIS') AND v.source = ANY ($8::text[])
       WHERE ${ANSWERED} ORDER BY w.patient_id, v.created_at DESC, p.id DESC) c ORDER BY c.created_at DESC LIMIT ${MOST_CASES}`,
    [...given(scope, of), of.sources],
    'recalibration-cases',
  );

/** Patients about whose films the model version has answered at the site. */
export const countAnswered = async (tx: ReadTx, scope: Scope, of: Counted): Promise<number> =>
  (
    await tx.first(
      `SELECT count(DISTINCT w.patient_id)::int AS n ${FILMS} WHERE ${ANSWERED}`,
      given(scope, of),
      'recalibration-answered',
    )
  )?.n ?? 0;

/** Holds recalibrations until the transaction ends, so that who makes one makes it of the cases that they have seen. */
export const holdRecalibrations = (tx: Tx): Promise<number> =>
  tx.run('LOCK TABLE model_recalibrations IN SHARE ROW EXCLUSIVE MODE', []);

interface NewRecalibration extends OfSite {
  readonly curve: Curve;
  readonly reference: Reference;
  readonly cases: number;
  readonly ill: number;
  readonly by: string;
  readonly now: Date;
}

export const putRecalibration = (tx: Tx, { curve, ...of }: NewRecalibration): Promise<number> =>
  tx.run(
    `INSERT INTO model_recalibrations (site_id, model_name, model_version, intercept, slope, intercept_variance, covariance, slope_variance, least_logit, most_logit,
       reference, cases, ill, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (site_id, model_name, model_version) DO UPDATE SET intercept = excluded.intercept, slope = excluded.slope,
       intercept_variance = excluded.intercept_variance, covariance = excluded.covariance, slope_variance = excluded.slope_variance,
       least_logit = excluded.least_logit, most_logit = excluded.most_logit, reference = excluded.reference, cases = excluded.cases, ill = excluded.ill,
       made_by = excluded.made_by, made_at = excluded.made_at`,
    [
      ...([of.siteId, of.modelName, of.modelVersion, curve.intercept, curve.slope, curve.interceptVariance] as const),
      ...([curve.covariance, curve.slopeVariance, curve.leastLogit, curve.mostLogit] as const),
      ...([of.reference, of.cases, of.ill, of.by, of.now] as const),
    ],
  );

/** False where there was none. */
export const deleteRecalibration = async (tx: Tx, of: OfSite): Promise<boolean> =>
  (await tx.run(
    'DELETE FROM model_recalibrations WHERE site_id IS NOT DISTINCT FROM $1::uuid AND model_name = $2 AND model_version = $3',
    [of.siteId, of.modelName, of.modelVersion],
  )) > 0;

/** Of a version that is removed: one that comes under its name may be another. */
export const deleteRecalibrationsOf = (tx: Tx, name: string, version: string): Promise<number> =>
  tx.run('DELETE FROM model_recalibrations WHERE model_name = $1 AND model_version = $2', [name, version]);
