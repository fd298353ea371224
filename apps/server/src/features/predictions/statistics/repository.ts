import type { FinalDiagnosis, Patient } from '@negatoscope/contract';
import type { Scope } from '../../../access/index.ts';
import { inPartition, partitionValues } from '../../../archive/in-scope.ts';
import { onLiveStudy, whoseFilm } from '../../../archive/records/films.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import { scoreSeen } from '../seen.ts';

/** Which examinations are counted, for whom. Null: any. */
export interface Counted {
  readonly scope: Scope;
  /** Of `sightOf`. */
  readonly sight: readonly [any: boolean, early: boolean, userId: string];
  readonly site: string | null;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  readonly from: Date | null;
  readonly until: Date | null;
  /** What a final diagnosis may be known by. */
  readonly sources: readonly FinalDiagnosis['source'][];
}

const given = ({ scope, sight, site, modelName, modelVersion, from, until }: Counted) => {
  return [...partitionValues(scope), ...sight, site, modelName, modelVersion, from, until] as const;
};

/** What of a film of the archive is asked about: in scope, of a site and a model version. Who asks leaves out what is in the trash. */
const ASKED = `${inPartition('p', 1)} AND p.study_id IS NOT NULL AND ($7::text IS NULL OR coalesce(p.group_id::text, 'none') = $7)
  AND ($8::text IS NULL OR p.model_name = $8) AND ($9::text IS NULL OR p.model_version = $9)` as const;
const inTime = <const A extends string>(at: A) =>
  `($10::timestamptz IS NULL OR ${at} >= $10) AND ($11::timestamptz IS NULL OR ${at} < $11)` as const;
/** What was asked about in a time may have been asked about before it: only what was not is of it. */
const IN_TIME =
  `p.study_id IN (SELECT t.study_id FROM predictions t WHERE t.study_id IS NOT NULL AND ${inTime('t.created_at')})` as const;

const BAND =
  `CASE WHEN w.age IS NULL OR w.age < 0 THEN 'UNKNOWN' WHEN w.age < 5 THEN '0-4' WHEN w.age < 15 THEN '5-14' WHEN w.age < 25 THEN '15-24' WHEN w.age < 35 THEN '25-34'
     WHEN w.age < 45 THEN '35-44' WHEN w.age < 55 THEN '45-54' WHEN w.age < 65 THEN '55-64' ELSE '65+' END` as const;

/** Of several answers about an examination the one that was decided on counts, else one that is an answer, else the newest; never by what it says. */
const FIRST = `p.validation_status IS NOT NULL DESC, p.status = 'DONE' DESC, p.id DESC` as const;

/**
 * One row for each examination and model version, with what physicians said of it. An examination is of the moment at which the model was first asked about it (`asked_at`), so that it is of one day and
 * one month, however often it is asked about after that. What depends on the score is null unless the person may see that score:
 * nothing that is counted of these columns tells more than the films one by one do. `stood_at` is when the first decision that stood was made: an amendment takes no longer. `of_study` is 1 for the row that counts where models are not told apart.
 */
const FACTS = `cases AS (
    SELECT p.id, p.group_id, min(p.created_at) OVER (PARTITION BY p.study_id) AS asked_at, p.model_name, p.model_version, p.status, p.finished_at, p.validated_at, p.validation_status, w.received_at, w.sex,
      ${BAND} AS age_band, sight.is_shown, CASE WHEN sight.is_shown THEN p.is_positive END AS is_positive,
      CASE WHEN sight.is_shown THEN p.probability END AS score,
      row_number() OVER (PARTITION BY p.study_id, p.model_name, p.model_version ORDER BY ${FIRST}) AS of_model,
      row_number() OVER (PARTITION BY p.study_id ORDER BY ${FIRST}) AS of_study
    FROM predictions p JOIN LATERAL ${whoseFilm('p.study_id')} AS w ON true CROSS JOIN LATERAL (SELECT ${scoreSeen('p', 4)} AS is_shown) AS sight
    WHERE ${ASKED} AND ${IN_TIME}
  ), facts AS (
    SELECT c.*, CASE WHEN c.validated_at IS NOT NULL
        THEN (SELECT min(o.created_at) FROM prediction_validations o WHERE o.prediction_id = c.id AND o.status <> 'REJECTED') END AS stood_at,
      f.is_blind AS is_first_blind, CASE f.opinion WHEN 'SUSPECTED' THEN true WHEN 'NOT_SUSPECTED' THEN false END AS first_suspects,
      CASE s.opinion WHEN 'SUSPECTED' THEN true WHEN 'NOT_SUSPECTED' THEN false END AS second_suspects, v.finding, v.source,
      CASE WHEN v.source = ANY ($12::text[]) THEN CASE v.finding WHEN 'TUBERCULOSIS' THEN true WHEN 'NO_TUBERCULOSIS' THEN false END END AS truth
    FROM cases c
    LEFT JOIN LATERAL (SELECT o.user_id, o.opinion, o.is_blind FROM prediction_opinions o WHERE o.prediction_id = c.id ORDER BY o.created_at, o.id LIMIT 1) f
      ON c.is_shown
    LEFT JOIN LATERAL (SELECT o.opinion FROM prediction_opinions o WHERE o.prediction_id = c.id AND o.user_id IS DISTINCT FROM f.user_id
      ORDER BY o.created_at DESC, o.id DESC LIMIT 1) s ON c.is_shown AND f.opinion IS NOT NULL
    LEFT JOIN LATERAL (SELECT o.finding, o.source FROM prediction_validations o WHERE o.prediction_id = c.id ORDER BY o.number DESC LIMIT 1) v ON c.is_shown
    WHERE c.of_model = 1 AND ${inTime('c.asked_at')}
  )` as const;

const n = <const C extends string>(condition: C) => `count(*) FILTER (WHERE ${condition})::int` as const;

/** Rows by dimension and key: TOTAL, MODEL, SITE, PERIOD (the number of its step from 1 on), AGE, SEX. */
export const findRows = (
  tx: ReadTx,
  counted: Counted,
  by: { readonly bounds: readonly Date[]; readonly ageBand: string | null; readonly sex: Patient['sex'] | null },
) =>
  tx.rows(
    `WITH ${FACTS}
     SELECT coalesce(d.dimension, '') AS dimension, coalesce(d.key, '') AS key, ${n("status = 'DONE'")} AS screened, ${n("status = 'DONE' AND NOT is_shown")} AS hidden, ${n('is_positive')} AS positive,
       ${n('validated_at IS NOT NULL')} AS validated, ${n("validation_status = 'REJECTED'")} AS rejected,
       ${n("status = 'DONE' AND validation_status IS NULL")} AS waiting, ${n("status = 'FAILED'")} AS refused,
       ${n("status IN ('QUEUED', 'RUNNING')")} AS unanswered,
       ${n('is_positive AND first_suspects')} AS model_both, ${n('is_positive AND NOT first_suspects')} AS model_first,
       ${n('NOT is_positive AND first_suspects')} AS model_second, ${n('NOT is_positive AND NOT first_suspects')} AS model_neither,
       ${n('is_first_blind AND is_positive AND first_suspects')} AS blind_both, ${n('is_first_blind AND is_positive AND NOT first_suspects')} AS blind_first,
       ${n('is_first_blind AND NOT is_positive AND first_suspects')} AS blind_second,
       ${n('is_first_blind AND NOT is_positive AND NOT first_suspects')} AS blind_neither,
       ${n('first_suspects AND second_suspects')} AS readers_both, ${n('first_suspects AND NOT second_suspects')} AS readers_first,
       ${n('NOT first_suspects AND second_suspects')} AS readers_second, ${n('NOT first_suspects AND NOT second_suspects')} AS readers_neither,
       ${n('truth AND is_positive')} AS true_positive, ${n('truth AND NOT is_positive')} AS false_negative,
       ${n('NOT truth AND is_positive')} AS false_positive, ${n('NOT truth AND NOT is_positive')} AS true_negative,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - received_at)) FILTER (WHERE status = 'DONE') AS done_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - received_at)) FILTER (WHERE status = 'DONE') AS done_p90,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM stood_at - finished_at)) FILTER (WHERE validated_at IS NOT NULL) AS validated_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM stood_at - finished_at)) FILTER (WHERE validated_at IS NOT NULL) AS validated_p90
     FROM facts CROSS JOIN LATERAL (VALUES ('TOTAL', ''), ('MODEL', model_name || ' ' || model_version), ('SITE', coalesce(group_id::text, 'none')),
       ('PERIOD', width_bucket(asked_at, $13::timestamptz[])::text), ('AGE', age_band), ('SEX', sex)) AS d (dimension, key)
     WHERE (CASE d.dimension WHEN 'MODEL' THEN model_name <> '' ELSE of_study = 1 END)
       AND ($14::text IS NULL OR age_band = $14) AND ($15::text IS NULL OR sex = $15)
     GROUP BY d.dimension, d.key ORDER BY d.dimension, d.key`,
    [...given(counted), counted.sources, by.bounds, by.ageBand, by.sex],
    'screening-statistics',
  );
export type FoundRow = FoundBy<typeof findRows>;

/**
 * Predictions that a physician decided upon, against what physicians say: the final diagnosis where there is one, else the opinion of who read first. By model version, and by the number of the month
 * from 1 on (null: of all). What has neither is counted as undecided.
 */
export const findAgreement = (tx: ReadTx, counted: Counted, bounds: readonly Date[]) =>
  tx.rows(
    `WITH ${FACTS}, decided AS (
       SELECT model_name, model_version, width_bucket(asked_at, $13::timestamptz[]) AS month, is_shown, is_positive, validation_status, coalesce(truth, first_suspects) AS ill
       FROM facts WHERE status = 'DONE' AND validation_status IS NOT NULL
     )
     SELECT model_name, model_version, month, ${n('is_positive AND ill')} AS both, ${n('is_positive AND NOT ill')} AS only_model,
       ${n('NOT is_positive AND ill')} AS only_physician, ${n('NOT is_positive AND NOT ill')} AS neither,
       ${n("validation_status = 'REJECTED'")} AS rejected, ${n('NOT is_shown')} AS hidden, ${n('is_shown AND ill IS NULL')} AS undecided
     FROM decided GROUP BY GROUPING SETS ((model_name, model_version, month), (model_name, model_version)) ORDER BY model_name, model_version, month`,
    [...given(counted), counted.sources, bounds],
    'screening-agreement',
  );

/** How cases would be judged at another threshold. */
export const comparePast = (tx: ReadTx, counted: Counted, threshold: number) =>
  tx.first(
    `WITH ${FACTS}, judged AS (SELECT *, score >= $13::float8 AS would_be FROM facts WHERE status = 'DONE')
     SELECT ${n('is_shown')} AS cases, ${n('NOT is_shown')} AS hidden, ${n('would_be AND NOT is_positive')} AS newly_positive,
       ${n('is_positive AND NOT would_be')} AS newly_negative, ${n('is_positive')} AS positive_before, ${n('would_be')} AS positive_after,
       ${n('truth')} AS ill, ${n('NOT truth')} AS healthy, ${n('truth AND is_positive')} AS ill_before, ${n('truth AND would_be')} AS ill_after,
       ${n('NOT truth AND NOT is_positive')} AS healthy_before, ${n('NOT truth AND NOT would_be')} AS healthy_after
     FROM judged`,
    [...given(counted), counted.sources, threshold],
    'screening-threshold',
  );

/** The final diagnosis where there is one, else the side of the threshold that a physician let stand. */
const IS_ILL = "CASE finding WHEN 'TUBERCULOSIS' THEN true WHEN 'NO_TUBERCULOSIS' THEN false ELSE is_positive END" as const;

/** Films of the monthly table, by site, sex and age. */
export const findMonth = (tx: ReadTx, counted: Counted) =>
  tx.rows(
    `WITH ${FACTS}
     SELECT group_id, CASE WHEN sex IN ('M', 'F') THEN sex ELSE 'X' END AS sex, age_band, ${n("status = 'DONE'")} AS screened,
       ${n("status = 'DONE' AND NOT is_shown")} AS hidden, ${n('is_positive')} AS presumptive, ${n(`validated_at IS NOT NULL AND ${IS_ILL}`)} AS validated_positive,
       ${n("finding = 'TUBERCULOSIS' AND source IN ('CULTURE', 'XPERT')")} AS bacteriological,
       ${n("finding = 'TUBERCULOSIS' AND source = 'CLINICAL'")} AS clinical, ${n("validation_status = 'REJECTED'")} AS rejected,
       ${n("status = 'DONE' AND validation_status IS NULL")} AS waiting,
       coalesce(array_agg(DISTINCT model_name || ' ' || model_version) FILTER (WHERE status = 'DONE'), '{}') AS models
     FROM facts WHERE of_study = 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [...given(counted), counted.sources],
    'screening-month',
  );
export type MonthRow = FoundBy<typeof findMonth>;

/** More scores of a month than these say nothing else. */
const MOST_SCORES = 20_000;

/** The scores of the first films of a model version, by their place, and of those behind them in a time. An examination counts by its first answer. */
export const findScores = (tx: ReadTx, counted: Counted, first: number) =>
  tx.rows(
    `SELECT one.place, one.score FROM (
       SELECT p.created_at, row_number() OVER (ORDER BY p.id)::int AS place, CASE WHEN ${scoreSeen('p', 4)} THEN p.probability END AS score
       FROM predictions p
       WHERE ${ASKED} AND ${onLiveStudy('p.study_id')} AND p.status = 'DONE' AND NOT EXISTS (SELECT FROM predictions e WHERE e.study_id = p.study_id AND e.id < p.id AND e.status = 'DONE'
         AND e.model_name = p.model_name AND e.model_version = p.model_version)) AS one
     WHERE one.place <= $12 OR (one.created_at >= $10 AND one.created_at < $11) ORDER BY one.place LIMIT ${MOST_SCORES}`,
    [...given(counted), first],
    'screening-scores',
  );
