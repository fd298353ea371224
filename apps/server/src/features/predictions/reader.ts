import type { Model, Prediction } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { partitionValues } from '../../archive/in-scope.ts';
import { isStudyLike } from '../../archive/records/whose.ts';
import { type Between, type Slice, type Sliced, TOTAL_CAP } from '../../kernel/list.ts';
import { withSaid } from './find.ts';
import * as models from './models/service.ts';
import { COLUMNS, CONSULTATION, SEEN } from './repository.ts';
import { finishedAsSeen, sightOf } from './seen.ts';
import type { PredictionDeps } from './service.ts';
import { predictionOf } from './shown.ts';

/** What is absent or null is not asked for; an empty list finds nothing. */
interface PredictionWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly studyIds?: readonly string[] | null;
  readonly consultationIds?: readonly string[] | null;
  readonly standings?: readonly Standing[] | null;
  readonly finished?: Between;
  readonly issued?: Between;
  /** Days of the study, both included. */
  readonly studyDays?: Between;
}

type Standing = 'ASKED' | 'FAILED' | 'ANSWERED' | 'VALIDATED' | 'AMENDED' | 'REJECTED' | 'WITHDRAWN';

interface SaidOf {
  readonly prediction: Prediction;
  readonly study: {
    readonly id: string;
    readonly patientId: string;
    readonly groupId: string | null;
    readonly date: string | null;
  };
  readonly standing: Standing;
}

/** Where a prediction stands, by what the API tells everybody of it (`state`): whether it was rejected after it had stood is told beside it. */
const STANDING =
  `CASE WHEN p.status = 'FAILED' THEN 'FAILED' WHEN p.status <> 'DONE' THEN 'ASKED' WHEN p.validation_status IS NULL THEN 'ANSWERED'
  WHEN p.validation_status = 'REJECTED' AND EXISTS (SELECT FROM prediction_validations v WHERE v.prediction_id = p.id AND v.status <> 'REJECTED') THEN 'WITHDRAWN'
  ELSE p.validation_status END` as const;
const FINISHED = finishedAsSeen('p', 16);
/** An upload is nobody's result. */
const FOUND = `FROM predictions p WHERE ${SEEN} AND p.study_id IS NOT NULL AND ($5::uuid[] IS NULL OR p.id = ANY($5))
  AND ${isStudyLike('p.study_id', { patients: '$6', from: '$7', to: '$8' })}
  AND ($9::uuid[] IS NULL OR p.study_id = ANY($9)) AND ($10::uuid[] IS NULL OR ${CONSULTATION} = ANY($10))
  AND ($11::text[] IS NULL OR ${STANDING} = ANY($11))
  AND ($12::timestamptz IS NULL OR ${FINISHED} >= $12) AND ($13::timestamptz IS NULL OR ${FINISHED} < $13)
  AND ($14::timestamptz IS NULL OR coalesce(p.validated_at, ${FINISHED}) >= $14) AND ($15::timestamptz IS NULL OR coalesce(p.validated_at, ${FINISHED}) < $15)` as const;
const PREDICTIONS =
  `SELECT ${COLUMNS}, ${STANDING} AS standing ${FOUND} AND ($19::uuid IS NULL OR p.id <= $19) ORDER BY p.id DESC LIMIT $20` as const;
const PREDICTION_COUNT = `SELECT count(*)::int AS n FROM (SELECT ${FOUND} LIMIT $19) AS counted` as const;

const ANY: Between = { from: null, to: null };

/** Predictions of films in the archive, as the API shows each to this actor: what of a score is hidden there is hidden here. */
async function predictions(
  { db }: Pick<PredictionDeps, 'db'>,
  actor: Person,
  wish: PredictionWish,
  { from, limit, isCounted }: Slice,
): Promise<Sliced<SaidOf>> {
  const { ids = null, patientIds = null, studyIds = null, consultationIds = null, standings = null } = wish;
  const { finished = ANY, issued = ANY, studyDays = ANY } = wish;
  const scope = scopeOf(actor);
  const values = [
    ...partitionValues(scope),
    ...([actor.userId, ids, patientIds, studyDays.from, studyDays.to, studyIds, consultationIds, standings] as const),
    ...([finished.from, finished.to, issued.from, issued.to] as const),
    ...sightOf(actor),
  ] as const;
  return db.reading(scope, async (tx) => {
    const rows = await tx.rows(PREDICTIONS, [...values, from, limit]);
    const total = isCounted ? ((await tx.first(PREDICTION_COUNT, [...values, TOTAL_CAP + 1]))?.n ?? 0) : null;
    const standingOf = new Map(rows.map(({ id, standing }) => [id, standing]));
    const items = (await withSaid(tx, actor, rows)).flatMap((found) => {
      const { row, study } = found;
      const standing = standingOf.get(row.id) as Standing | undefined; // One of the words of STANDING.
      if (study === undefined || standing === undefined) return [];
      const about = { id: study.id, patientId: study.patient_id, groupId: study.group_id, date: study.study_date };
      return [{ prediction: predictionOf(found, actor), study: about, standing }];
    });
    return { items, total };
  });
}

const ANSWERED_BY =
  `SELECT 1 AS found FROM predictions p WHERE ${SEEN} AND p.study_id IS NOT NULL AND p.model_name = $5 AND p.model_version = $6 LIMIT 1` as const;

/** Whether a prediction in scope was made by this model, also one that is not installed any more. */
async function hasAnswered({ db }: Pick<PredictionDeps, 'db'>, actor: Person, name: string, version: string): Promise<boolean> {
  const scope = scopeOf(actor);
  const values = [...partitionValues(scope), actor.userId, name, version] as const;
  return (await db.reading(scope, (tx) => tx.first(ANSWERED_BY, values))) !== undefined;
}

/** Films of one study that are read by the model. */
const MOST_OF_STUDY = 200;

/** Whether a person is still to say what they see on a film of a study before they are told what others say of it. */
async function isAskedFirst(deps: Pick<PredictionDeps, 'db'>, actor: Person, studyId: string): Promise<boolean> {
  const { items } = await predictions(
    deps,
    actor,
    { studyIds: [studyId] },
    { from: null, limit: MOST_OF_STUDY, isCounted: false },
  );
  return items.some(({ prediction }) => prediction.isOpinionAsked);
}

/** What other rooms are told of predictions. Who asks has been asked for the permission. */
export const readerOf = (deps: PredictionDeps & models.ModelDeps) => ({
  predictions: (actor: Person, wish: PredictionWish, slice: Slice) => predictions(deps, actor, wish, slice),
  hasAnswered: (actor: Person, name: string, version: string) => hasAnswered(deps, actor, name, version),
  isAskedFirst: (actor: Person, studyId: string) => isAskedFirst(deps, actor, studyId),
  models: async (): Promise<readonly Model[]> => (await models.list(deps)).items,
});
