import type { HangingLayout, HangingPane, HangingRule as KeptRule, SeriesKind } from '@negatoscope/contract';
import {
  type Candidate,
  kindOf,
  kindsOf,
  likenessOf,
  mostLike,
  type SeriesFeatures,
  type SeriesSummary,
  type StudyKind,
} from '@negatoscope/dicom';
import { type Grid, type Hung, ONE_PANE, paneCount } from './desk.ts';
import type { StudyRef } from './dicomweb.ts';

/** A study with what may hang of it, in order of display. */
export interface HangingStudy {
  readonly study: StudyRef;
  /** Undefined while they are not known. */
  readonly series: readonly Candidate[] | undefined;
}

const beside = (like: readonly SeriesFeatures[]): HangingLayout => ({
  rows: like.length,
  columns: 2,
  panes: like.flatMap((kind, row) => [
    { of: 'CURRENT' as const, like: kind },
    { of: 'PRIOR' as const, pairOf: row * 2 },
  ]),
  isLinked: true,
});
const alone = (grid: Grid, like: readonly SeriesFeatures[]): HangingLayout => ({
  ...grid,
  panes: like.map((kind) => ({ of: 'CURRENT' as const, like: kind })),
  isLinked: true,
});

/** Breasts hang back to back, the right one on the left; both studies side by side. */
const BREASTS: HangingLayout['panes'] = [0, 2].flatMap((row) => [
  ...[0, 1].map((column) => ({ of: 'CURRENT' as const, like: { modality: 'MG', ...kindsOf('MG', 'BREAST')[row + column] } })),
  ...[0, 1].map((column) => ({ of: 'PRIOR' as const, pairOf: row * 2 + column })),
]);

/** The rule that stands for who has saved none. */
export function readyRule({ modality, region }: StudyKind, hasPrior: boolean): HangingLayout {
  const like = kindsOf(modality, region).map((kind) => ({ modality, ...kind }));
  if (modality === 'MG' && hasPrior) return { rows: 2, columns: 4, panes: BREASTS, isLinked: true };
  // Two rows at most: each image is to be large enough.
  if (hasPrior) return beside(like.slice(0, 2));
  if (like.length === 1) return alone(ONE_PANE, like);
  return alone(like.length === 2 ? { rows: 1, columns: 2 } : { rows: 2, columns: 2 }, like);
}

interface Placed {
  readonly hung: Hung | undefined;
  /** Something will hang here, or does. */
  readonly isTaken: boolean;
}

/** Leaves out rows and columns in which nothing hangs. */
function fitted(
  { rows, columns }: Grid,
  panes: readonly Placed[],
): { readonly grid: Grid; readonly slots: readonly (Hung | undefined)[] } {
  const isTaken = (row: number, column: number): boolean => panes[row * columns + column]?.isTaken === true;
  const keptRows = [...Array(rows).keys()].filter((row) => [...Array(columns).keys()].some((column) => isTaken(row, column)));
  const keptColumns = [...Array(columns).keys()].filter((column) => keptRows.some((row) => isTaken(row, column)));
  if (keptRows.length === 0) return { grid: ONE_PANE, slots: [undefined] };
  return {
    grid: { rows: keptRows.length, columns: keptColumns.length },
    slots: keptRows.flatMap((row) => keptColumns.map((column) => panes[row * columns + column]?.hung)),
  };
}

/** Takes series off a study's list, each at most once. */
class Shelf {
  readonly #study: HangingStudy | undefined;
  #left: readonly Candidate[];

  constructor(study: HangingStudy | undefined) {
    this.#study = study;
    this.#left = study?.series ?? [];
  }

  take(candidate: Candidate | undefined): Hung | undefined {
    if (candidate === undefined || this.#study === undefined) return undefined;
    this.#left = this.#left.filter((one) => one !== candidate);
    return { study: this.#study.study, seriesInstanceUid: candidate.seriesInstanceUid };
  }

  like(features: SeriesFeatures): Candidate | undefined {
    return mostLike(features, this.#left, (one) => one.features);
  }

  named(seriesInstanceUid: string | undefined): Candidate | undefined {
    return this.#left.find((one) => one.seriesInstanceUid === seriesInstanceUid);
  }

  get first(): Candidate | undefined {
    return this.#left[0];
  }
}

export interface HangingOptions {
  readonly rule: HangingLayout;
  readonly current: HangingStudy;
  /** What stands beside it; undefined where nothing does. */
  readonly prior: HangingStudy | undefined;
  /** The series that was asked for, in the first pane of the current study. */
  readonly asked: string | undefined;
}

/**
 * The panes in which something of a prior may come to hang whose series are not known yet: its first, whatever that is like; those for a kind of series; and those beside a series that hangs.
 * A pane beside an empty one never is: its place is no place to keep.
 */
function comingPanes({ panes }: HangingLayout, hangs: (pane: number) => boolean): ReadonlySet<number> {
  const coming = new Set<number>();
  for (const [index, pane] of panes.entries())
    if (pane?.of === 'PRIOR' && (coming.size === 0 || 'like' in pane || hangs(pane.pairOf) || coming.has(pane.pairOf)))
      coming.add(index);
  return coming;
}

/** Hangs a study by a rule: what is in which pane. Panes of a prior whose series are not known yet stay empty, and keep their place where something may come to hang there. */
export function hang({ rule, current, prior, asked }: HangingOptions): ReturnType<typeof fitted> {
  const shelves = { CURRENT: new Shelf(current), PRIOR: new Shelf(prior) };
  const chosen = new Map<number, Candidate>();
  const isPending = prior !== undefined && prior.series === undefined;
  const place = (pane: number, shelf: Shelf, candidate: Candidate | undefined): Hung | undefined => {
    if (candidate !== undefined) chosen.set(pane, candidate);
    return shelf.take(candidate);
  };
  const hung = new Map<number, Hung | undefined>();
  const isFirst = { CURRENT: true, PRIOR: true };
  const fill = (index: number, pane: HangingPane): void => {
    const shelf = shelves[pane.of];
    const wanted = 'like' in pane ? pane.like : chosen.get(pane.pairOf)?.features;
    const like = wanted === undefined ? undefined : shelf.like(wanted);
    // Of each study something hangs, whatever the rule says of its kind.
    const fallback = isFirst[pane.of] ? shelf.first : undefined;
    const candidate = (pane.of === 'CURRENT' && isFirst.CURRENT ? shelf.named(asked) : undefined) ?? like ?? fallback;
    isFirst[pane.of] = false;
    hung.set(index, place(index, shelf, candidate));
  };
  for (const of of ['CURRENT', 'PRIOR'] as const)
    rule.panes.forEach((pane, index) => {
      if (pane?.of === of) fill(index, pane);
    });
  const coming = isPending ? comingPanes(rule, (pane) => chosen.has(pane)) : undefined;
  const panes = Array.from({ length: paneCount(rule) }, (_, index) => ({
    hung: hung.get(index),
    isTaken: hung.get(index) !== undefined || coming?.has(index) === true,
  }));
  return fitted(rule, panes);
}

const CODE = /^[A-Z0-9 _]{1,16}$/;

/** A kind as it is kept: nothing of what a description says in its own words, which may name anybody. */
function kept({ text, count, bodyPart, thicknessMm, ...kind }: SeriesFeatures): SeriesKind {
  return {
    ...kind,
    ...(bodyPart !== undefined && CODE.test(bodyPart) && { bodyPart }),
    ...(thicknessMm !== undefined && thicknessMm > 0 && { thicknessMm }),
  };
}

/** The kept rule that hangs a study: one's own before the site's before the installation's, of each the one for its region before the one for any. */
export function keptRuleFor(rules: readonly KeptRule[], { modality, region }: StudyKind): KeptRule | undefined {
  const worth = (rule: KeptRule): number =>
    (rule.level === 'OWN' ? 4 : rule.siteId === null ? 0 : 2) + (rule.region === null ? 0 : 1);
  const fitting = rules.filter((rule) => rule.modality === modality && (rule.region === null || rule.region === region));
  return fitting.sort((a, b) => worth(b) - worth(a))[0];
}

/** The rule by which a study hangs, with a prior or without: the kept one, else the ready one. */
export function layoutFor(series: readonly SeriesSummary[], rules: readonly KeptRule[], hasPrior: boolean): HangingLayout {
  const kind = kindOf(series);
  return keptRuleFor(rules, kind)?.layout ?? readyRule(kind, hasPrior);
}

/** The rule that hangs what is on the screen; `describe` says of a series there whose it is and what it is like. */
export function ruleOf(
  grid: Grid,
  slots: readonly (Hung | undefined)[],
  describe: (hung: Hung) => { readonly isCurrent: boolean; readonly features: SeriesFeatures } | undefined,
  isLinked: boolean,
): HangingLayout {
  const known = slots.map((hung) => (hung === undefined ? undefined : describe(hung)));
  const panes = known.map((one): HangingPane | null => {
    if (one === undefined) return null;
    if (one.isCurrent) return { of: 'CURRENT', like: kept(one.features) };
    const alike = known.map((other) => (other?.isCurrent === true ? (likenessOf(other.features, one.features) ?? 0) : 0));
    const most = Math.max(...alike);
    return most > 0 ? { of: 'PRIOR', pairOf: alike.indexOf(most) } : { of: 'PRIOR', like: kept(one.features) };
  });
  return { rows: grid.rows, columns: grid.columns, panes, isLinked };
}
