import { can, type Person } from '../../access/index.ts';

/**
 * What decides whether a person may see a score: whether they see any; whether they may see one that nobody has taken over yet, as staff at the desk may not;
 * and who they are, whose own opinion ends their blind reading.
 */
export const sightOf = (actor: Person): [any: boolean, early: boolean, userId: string] => [
  can(actor, 'predictions.read'),
  actor.role !== 'STAFF',
  actor.userId,
];

const SECOND = { 4: 5, 16: 17 } as const;
const THIRD = { 4: 6, 16: 18 } as const;

/**
 * The same decision as `seesScore`, as an SQL condition on a prediction, for what counts many: whoever counts is told nothing by a count that the films one by
 * one would not tell them. The three parameters of `sightOf` are those from `first` on.
 */
export const scoreSeen = <const A extends string, const N extends keyof typeof SECOND>(alias: A, first: N) =>
  `(${alias}.status = 'DONE' AND $${first}::boolean AND (${alias}.validated_at IS NOT NULL OR ($${SECOND[first]}::boolean
     AND (NOT ${alias}.is_blind OR EXISTS (SELECT FROM prediction_opinions own WHERE own.prediction_id = ${alias}.id AND own.user_id = $${THIRD[first]}::uuid)))))` as const;

/**
 * When a model answered, as somebody may know it to whom its score is hidden: to the minute, never before it was asked. What is above the threshold takes the model longer, for its heat map is drawn:
 * to the millisecond the moment tells the side.
 */
export const coarseMoment = (createdAt: Date, finishedAt: Date): Date =>
  new Date(Math.max(createdAt.getTime(), finishedAt.getTime() - (finishedAt.getTime() % 60_000)));

/** The same in SQL, for what is found by that moment. */
export const finishedAsSeen = <const A extends string, const N extends keyof typeof SECOND>(alias: A, first: N) =>
  `CASE WHEN ${alias}.status = 'FAILED' OR ${scoreSeen(alias, first)} THEN ${alias}.finished_at
    ELSE greatest(${alias}.created_at, date_trunc('minute', ${alias}.finished_at, 'UTC')) END` as const;
