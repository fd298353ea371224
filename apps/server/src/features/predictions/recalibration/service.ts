import { createHash } from 'node:crypto';
import type {
  BodyOf,
  previewRecalibration,
  QueryOf,
  Recalibrated,
  Recalibration,
  RecalibrationPreview,
  recalibrateModel,
  unrecalibrateModel,
} from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type Db, NO_ROWS, type ReadTx } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import { rateOf } from '../statistics/measures.ts';
import { SOURCES } from '../statistics/sources.ts';
import { type Curve, curveOf, partsOf, refusalOf, shareAt } from './curve.ts';
import * as repository from './repository.ts';

export interface RecalibrationDeps {
  readonly db: Db;
  readonly audit: Pick<Audit, 'record' | 'noteLightly'>;
  readonly clock: Clock;
  /** What a model that can be used may be asked: from which age on. Undefined where there is none of that name and version. */
  readonly leastAgeOf: (tx: ReadTx, name: string, version: string) => Promise<number | undefined>;
}

/** Parts of one size that a curve is held against. */
const PARTS = 5;
const toHundredths = (value: number): number => Math.round(value * 100) / 100;
const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
const scoreOf = (logit: number): number => 1 / (1 + Math.exp(-logit));

type Of = repository.OfSite & Pick<QueryOf<typeof previewRecalibration>, 'reference'>;
interface Fitted {
  readonly cases: readonly { readonly id: string; readonly logit: number; readonly isIll: boolean }[];
  readonly answered: number;
  readonly curve: Curve | undefined;
}

async function fitted(tx: ReadTx, actor: Person, of: Of, minAgeYears: number): Promise<Fitted> {
  const counted = { ...of, minAgeYears, sources: SOURCES[of.reference] };
  const rows = await repository.findCases(tx, scopeOf(actor), counted);
  const cases = rows.flatMap(({ id, logit, is_ill: isIll }) => (logit === null || isIll === null ? [] : { id, logit, isIll }));
  return { cases, answered: await repository.countAnswered(tx, scopeOf(actor), counted), curve: curveOf(cases) };
}

/** Of which cases and diagnoses it is: says nothing of their scores. */
const fingerprintOf = ({ cases }: Fitted): string =>
  createHash('sha256')
    .update(
      cases
        .map(({ id, isIll }) => `${id} ${isIll}`)
        .sort()
        .join('\n'),
    )
    .digest('hex');

/** To whole hundredths, so that one case more or less tells next to nothing of that case. */
function partOf(cases: Fitted['cases'], curve: Curve): RecalibrationPreview['parts'][number] {
  const said = cases.map(({ logit }) => shareAt(curve, logit));
  return {
    score: toHundredths(mean(cases.map(({ logit }) => scoreOf(logit)))),
    observed: rateOf(cases.filter(({ isIll }) => isIll).length, cases.length),
    said: {
      share: toHundredths(mean(said.map(({ share }) => share))),
      low: toHundredths(mean(said.map(({ low }) => low))),
      high: toHundredths(mean(said.map(({ high }) => high))),
    },
  };
}

function previewOf(of: Fitted): RecalibrationPreview {
  const { cases, answered, curve } = of;
  const refusal = refusalOf(cases, curve);
  const isShown = curve !== undefined && refusal !== 'TOO_FEW' && refusal !== 'ONE_SIDED';
  return {
    cases: cases.length,
    ill: cases.filter(({ isIll }) => isIll).length,
    undiagnosed: Math.max(0, answered - cases.length),
    refusal,
    parts: isShown ? partsOf(cases, PARTS).map((part) => partOf(part, curve)) : [],
    fingerprint: fingerprintOf(of),
  };
}

async function requireAge({ leastAgeOf }: RecalibrationDeps, tx: ReadTx, { siteId, modelName, modelVersion }: repository.OfSite) {
  if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
  const age = await leastAgeOf(tx, modelName, modelVersion);
  if (age === undefined) throw new Failure('UNPROCESSABLE', { detail: 'No such model that can be used.' });
  return age;
}

/** What a recalibration on the final diagnoses of a site would say. Fails with UNPROCESSABLE for an unknown group or model. */
export async function preview(
  deps: RecalibrationDeps,
  actor: Person,
  { site, ...query }: QueryOf<typeof previewRecalibration>,
): Promise<RecalibrationPreview> {
  const of = { ...query, siteId: site === 'none' ? null : site };
  await deps.audit.noteLightly({
    action: 'statistics.read',
    actor,
    details: { what: 'recalibration', filters: Object.keys(query).sort() },
  });
  return deps.db.reading(scopeOf(actor), async (tx) => previewOf(await fitted(tx, actor, of, await requireAge(deps, tx, of))));
}

export const recalibrationOf = (row: repository.RecalibrationRow): Recalibration => ({
  siteId: row.site_id,
  modelName: row.model_name,
  modelVersion: row.model_version,
  reference: row.reference,
  cases: row.cases,
  ill: row.ill,
  madeAt: row.made_at.toISOString(),
});

export const list = async (tx: ReadTx): Promise<Recalibration[]> =>
  (await repository.findRecalibrations(tx)).map(recalibrationOf);

/**
 * Has scores of a model version at a site said as percentages from now on; what was judged before stays as it was. Fails with UNPROCESSABLE as `preview`, and for cases that make no percentage, CONFLICT where the cases are
 * others than those that the actor has seen.
 */
export async function recalibrate(
  deps: RecalibrationDeps,
  actor: Person,
  { fingerprint, ...of }: BodyOf<typeof recalibrateModel>,
): Promise<Recalibration[]> {
  const { db, audit, clock } = deps;
  return db.withScope(scopeOf(actor), async (tx) => {
    await repository.holdRecalibrations(tx);
    const found = await fitted(tx, actor, of, await requireAge(deps, tx, of));
    const { cases, ill, refusal, fingerprint: now } = previewOf(found);
    if (now !== fingerprint) throw new Failure('CONFLICT', { detail: 'Other cases are known meanwhile.' });
    if (refusal !== null || found.curve === undefined)
      throw new Failure('UNPROCESSABLE', { detail: refusal ?? 'NOT_INFORMATIVE' });
    await repository.putRecalibration(tx, { ...of, curve: found.curve, cases, ill, by: actor.userId, now: clock.now() });
    await audit.record(tx, {
      ...{
        action: 'model.recalibrated',
        outcome: 'SUCCESS',
        actor,
        entityType: 'model',
        entityId: of.modelName,
        groupId: of.siteId,
      },
      details: { version: of.modelVersion, reference: of.reference, cases, ill },
    });
    return list(tx);
  });
}

/** Scores are scores again, from now on; nothing where they were. */
export async function unrecalibrate(
  { db, audit }: Pick<RecalibrationDeps, 'db' | 'audit'>,
  actor: Person,
  { site, ...query }: QueryOf<typeof unrecalibrateModel>,
): Promise<void> {
  const of = { ...query, siteId: site === 'none' ? null : site };
  await db.withScope(NO_ROWS, async (tx) => {
    if (!(await repository.deleteRecalibration(tx, of))) return;
    await audit.record(tx, {
      ...{
        action: 'model.unrecalibrated',
        outcome: 'SUCCESS',
        actor,
        entityType: 'model',
        entityId: of.modelName,
        groupId: of.siteId,
      },
      details: { version: of.modelVersion },
    });
  });
}

/** What a film is told by a recalibration, as it is kept with its answer. Nothing of a file that was sent, which is nobody's of the site, nor of a film that the gates had refused: no such case was seen. */
export function recalibratedOf(
  row: repository.RecalibrationRow | undefined,
  logit: number,
  film: { readonly study_id: string | null; readonly sent_on_from: string | null },
): Recalibrated | null {
  if (row === undefined || film.study_id === null || film.sent_on_from !== null) return null;
  const curve: Curve = {
    ...{ intercept: row.intercept, slope: row.slope, interceptVariance: row.intercept_variance, covariance: row.covariance },
    ...{ slopeVariance: row.slope_variance, leastLogit: row.least_logit, mostLogit: row.most_logit },
  };
  return { ...shareAt(curve, logit), cases: row.cases, at: row.made_at.toISOString() };
}
