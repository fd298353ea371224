import {
  AGE_BANDS,
  type MonthlyTable,
  type monthlyTable,
  type previewThreshold,
  type QueryOf,
  type Rate,
  type ScoreDrift,
  type ScreeningRow,
  type ScreeningStatistics,
  type scoreDrift,
  type screeningStatistics,
  type ThresholdPreview,
} from '@negatoscope/contract';
import { type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import { namesOfGroups } from '../../../archive/partitions.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import { midnight, nextMonth, type Period, periodOf } from '../../../kernel/periods.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { sightOf } from '../seen.ts';
import { BASELINE, driftOf } from './drift.ts';
import { agreementOf, rateOf } from './measures.ts';
import * as repository from './repository.ts';
import { SOURCES } from './sources.ts';

export interface StatisticsDeps {
  readonly db: ArchiveReader;
  readonly clock: Clock;
}

interface Which {
  readonly site?: string | undefined;
  readonly modelName?: string | undefined;
  readonly modelVersion?: string | undefined;
}
const counted = (actor: Person, { site, modelName, modelVersion }: Which): repository.Counted => ({
  ...{ scope: scopeOf(actor), sight: sightOf(actor), from: null, until: null, sources: SOURCES.ANY },
  ...{ site: site ?? null, modelName: modelName ?? null, modelVersion: modelVersion ?? null },
});

/** Names of sites by their ids: none of what is in no group, nor of what somebody imported for themselves. */
async function siteNames(tx: ReadTx, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const rows = await namesOfGroups(tx, [...new Set(ids.flatMap((id) => (id === null || id === 'none' ? [] : id)))]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function rowOf(key: string, name: string | null, row: Omit<repository.FoundRow, 'dimension' | 'key'>): ScreeningRow {
  const { screened, hidden, positive, validated, rejected, waiting, refused, unanswered } = row;
  return {
    ...{ key, name, counts: { screened, hidden, positive, validated, rejected, waiting, refused, unanswered } },
    modelAndReader: agreementOf({
      ...{ both: row.model_both, onlyFirst: row.model_first, onlySecond: row.model_second, neither: row.model_neither },
    }),
    modelAndBlindReader: agreementOf({
      ...{ both: row.blind_both, onlyFirst: row.blind_first, onlySecond: row.blind_second, neither: row.blind_neither },
    }),
    readers: agreementOf({
      ...{ both: row.readers_both, onlyFirst: row.readers_first, onlySecond: row.readers_second, neither: row.readers_neither },
    }),
    accuracy: accuracyOf(row.true_positive, row.true_negative, {
      ill: row.true_positive + row.false_negative,
      healthy: row.true_negative + row.false_positive,
    }),
    receivedToDone: { n: screened, medianSeconds: row.done_median, p90Seconds: row.done_p90 },
    doneToValidated: { n: validated, medianSeconds: row.validated_median, p90Seconds: row.validated_p90 },
  };
}

const accuracyOf = (
  truePositive: number,
  trueNegative: number,
  { ill, healthy }: { readonly ill: number; readonly healthy: number },
): { sensitivity: Rate; specificity: Rate } => ({
  sensitivity: rateOf(truePositive, ill),
  specificity: rateOf(trueNegative, healthy),
});

/** A row in which nothing was counted. */
const NOTHING_COUNTED: Omit<repository.FoundRow, 'dimension' | 'key'> = {
  ...{ screened: 0, hidden: 0, positive: 0, validated: 0, rejected: 0, waiting: 0, refused: 0, unanswered: 0 },
  ...{ model_both: 0, model_first: 0, model_second: 0, model_neither: 0, blind_both: 0, blind_first: 0, blind_second: 0 },
  ...{ blind_neither: 0, readers_both: 0, readers_first: 0, readers_second: 0, readers_neither: 0 },
  ...{ true_positive: 0, false_negative: 0, false_positive: 0, true_negative: 0 },
  ...{ done_median: null, done_p90: null, validated_median: null, validated_p90: null },
};

/** What has no name comes last. */
const byName = (a: { readonly name: string | null }, b: { readonly name: string | null }): number =>
  (a.name ?? '\uffff').localeCompare(b.name ?? '\uffff', 'fr');

const inOrder = (order: readonly string[], rows: readonly ScreeningRow[]): ScreeningRow[] =>
  rows.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));

function told(
  { from, to, step, starts }: Period<'DAY' | 'MONTH'>,
  rows: readonly repository.FoundRow[],
  names: ReadonlyMap<string, string>,
): Omit<ScreeningStatistics, 'reference'> {
  const of = (dimension: string): repository.FoundRow[] => rows.filter((row) => row.dimension === dimension);
  const plain = (dimension: string): ScreeningRow[] => of(dimension).map((row) => rowOf(row.key, null, row));
  const periods = new Map(of('PERIOD').map((row) => [row.key, row]));
  const [total] = of('TOTAL');
  return {
    ...{ from, to, step },
    total: rowOf('', null, total ?? NOTHING_COUNTED),
    models: plain('MODEL'),
    sites: of('SITE')
      .map((row) => rowOf(row.key, names.get(row.key) ?? null, row))
      .toSorted(byName),
    periods: starts.map((start, at) => rowOf(start, null, periods.get(String(at + 1)) ?? NOTHING_COUNTED)),
    ages: inOrder(AGE_BANDS, plain('AGE')),
    sexes: inOrder(['M', 'F', 'O', 'U'], plain('SEX')),
  };
}

/** Of a site and a day with one film an age band is that patient's age, which who sees pseudonyms is not told. Fails with FORBIDDEN. */
function requireHarmless(actor: Person, ageBand: string | undefined): void {
  if (ageBand !== undefined && !seesIdentity(actor))
    throw new Failure('FORBIDDEN', { detail: 'Your role sees pseudonyms; it can’t count by age.' });
}

/** Figures of the screening in the actor's scope; of ages for who may see identities alone. Fails with UNPROCESSABLE for a period that is none, FORBIDDEN for an age that is hidden. */
export async function screening(
  { db, clock }: StatisticsDeps,
  actor: Person,
  query: QueryOf<typeof screeningStatistics>,
): Promise<ScreeningStatistics> {
  requireHarmless(actor, query.ageBand);
  const period = periodOf(query, clock.now());
  const { reference, ageBand = null, sex = null } = query;
  const of = {
    ...counted(actor, query),
    ...{ from: period.bounds[0] ?? null, until: period.bounds.at(-1) ?? null, sources: SOURCES[reference] },
  };
  return db.reading(of.scope, async (tx) => {
    const rows = await repository.findRows(tx, of, { bounds: period.bounds, ageBand, sex });
    const sites = rows.filter(({ dimension }) => dimension === 'SITE').map(({ key }) => key);
    const figures = told(period, rows, await siteNames(tx, sites));
    return { ...figures, ages: seesIdentity(actor) ? figures.ages : [], reference };
  });
}

const monthOf = (month: string, timeZone: string): { from: Date; until: Date } => {
  const first = `${month}-01`;
  return { from: midnight(first, timeZone), until: midnight(nextMonth(first), timeZone) };
};

export async function drift({ db }: StatisticsDeps, actor: Person, query: QueryOf<typeof scoreDrift>): Promise<ScoreDrift> {
  const of = { ...counted(actor, query), ...monthOf(query.month, query.timeZone) };
  const rows = await db.reading(of.scope, (tx) => repository.findScores(tx, of, BASELINE));
  const sample = (some: readonly { score: number | null }[]) => ({
    films: some.length,
    scores: some.flatMap(({ score }) => score ?? []),
  });
  return driftOf(
    query.month,
    sample(rows.filter(({ place }) => place <= BASELINE)),
    sample(rows.filter(({ place }) => place > BASELINE)),
  );
}

/** How past cases would have been judged at another threshold: those alone whose score the actor may see. */
export async function preview(
  { db }: StatisticsDeps,
  actor: Person,
  query: QueryOf<typeof previewThreshold>,
): Promise<ThresholdPreview> {
  const of = { ...counted(actor, query), sources: SOURCES[query.reference] };
  const row = await db.reading(of.scope, (tx) => repository.comparePast(tx, of, query.threshold));
  if (row === undefined) throw new BrokenInvariant('Counting gave no row.');
  return {
    ...{ cases: row.cases, hidden: row.hidden, newlyPositive: row.newly_positive, newlyNegative: row.newly_negative },
    before: { positive: row.positive_before, accuracy: accuracyOf(row.ill_before, row.healthy_before, row) },
    after: { positive: row.positive_after, accuracy: accuracyOf(row.ill_after, row.healthy_after, row) },
  };
}

const cellsOf = (row: repository.MonthRow): MonthlyTable['sites'][number]['cells'] => {
  const of = { sex: row.sex as 'M' | 'F' | 'X', ageBand: row.age_band as (typeof AGE_BANDS)[number] }; // The statement's own words.
  const measured = [
    ['SCREENED', row.screened],
    ['PRESUMPTIVE', row.presumptive],
    ['VALIDATED_POSITIVE', row.validated_positive],
    ['BACTERIOLOGICAL', row.bacteriological],
    ['CLINICAL', row.clinical],
    ['REJECTED', row.rejected],
    ['WAITING', row.waiting],
  ] as const;
  return measured.flatMap(([measure, n]) => (n === 0 ? [] : { measure, ...of, n }));
};

/** Cells of which none tells an age: of each measure and sex one sum. */
function ageless(cells: MonthlyTable['sites'][number]['cells']): MonthlyTable['sites'][number]['cells'] {
  const sums = new Map<string, (typeof cells)[number]>();
  for (const { measure, sex, n } of cells) {
    const key = `${measure} ${sex}`;
    sums.set(key, { measure, sex, ageBand: 'UNKNOWN', n: (sums.get(key)?.n ?? 0) + n });
  }
  return [...sums.values()];
}

/** The monthly table; who sees pseudonyms is told all ages in one sum. */
export async function monthly(
  { db, clock }: StatisticsDeps,
  actor: Person,
  query: QueryOf<typeof monthlyTable>,
): Promise<MonthlyTable> {
  const of = { ...counted(actor, query), ...monthOf(query.month, query.timeZone) };
  const { rows, names } = await db.reading(of.scope, async (tx) => {
    const rows = await repository.findMonth(tx, of);
    return { rows, names: await siteNames(tx, [...rows.map(({ group_id }) => group_id), query.site ?? null]) };
  });
  const sites = new Map<string | null, MonthlyTable['sites'][number]>();
  for (const row of rows) {
    const site = sites.get(row.group_id) ?? { siteId: row.group_id, name: names.get(row.group_id ?? '') ?? null, cells: [] };
    site.cells.push(...cellsOf(row));
    sites.set(row.group_id, site);
  }
  const hasAges = seesIdentity(actor);
  const told = [...sites.values()].map((site) => (hasAges ? site : { ...site, cells: ageless(site.cells) }));
  return {
    month: query.month,
    hasAges,
    hidden: rows.reduce((total, { hidden }) => total + hidden, 0),
    sites: told.toSorted(byName),
    models: [...new Set(rows.flatMap(({ models }) => models))].sort(),
    madeAt: clock.now().toISOString(),
  };
}
