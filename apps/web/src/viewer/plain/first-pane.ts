import type { HangingRule, Prior } from '@negatoscope/contract';
import { candidatesOf } from '@negatoscope/dicom';
import { countsAt, siteFor } from '../../entities/group/site.ts';
import type { Question } from '../model/asked-early.ts';
import { bestOf, refOf, WIDE_PX } from '../model/beside.ts';
import { type Grid, type Hung, ONE_PANE, ownPane } from '../model/desk.ts';
import { hang, layoutFor } from '../model/hanging.ts';
import { loadStudy } from '../model/study-source.ts';
import { type Box, cellOfPlace, type Place } from './place.ts';
import { type Asked, answerOf, type Reader } from './reader.ts';

/** Longest time, in ms, that a first picture waits for what says its pane, which was asked for together with all that it needs anyway. */
const LONGEST_MS = 300;

interface List<T> {
  readonly items: readonly T[];
}

/** None where they may not be had, as in the room. */
const itemsOf = async <T>(question: Question | undefined): Promise<readonly T[]> =>
  question === undefined ? [] : ((await answerOf<List<T>>(question))?.items ?? []);

interface Divided {
  readonly grid: Grid;
  /** The pane of the study that is read. */
  readonly own: number | undefined;
  readonly seriesInstanceUid: string | undefined;
}

/** How the room will divide its desk, before anything of a prior is known but that it is there: by the same rules (`use-hanging.ts`). */
async function deskOf({ study }: Hung, { rules, priors, opened }: Asked, reader: Reader): Promise<Divided> {
  const { compare, seriesInstanceUid: asked } = opened;
  const isWide = innerWidth >= WIDE_PX;
  const [kept, others, series] = await Promise.all([itemsOf<HangingRule>(rules), itemsOf<Prior>(priors), loadStudy(study)]);
  const best = isWide ? bestOf(others) : undefined;
  const beside = compare === null ? undefined : (compare ?? (best && refOf(best)));
  const site = siteFor(reader, study.groupId);
  const counting = kept.filter((rule) => countsAt(site, rule));
  const { grid, slots } = hang({
    rule: layoutFor(series, counting, beside !== undefined),
    current: { study, series: candidatesOf(series) },
    prior: beside && { study: beside, series: undefined },
    asked,
  });
  const own = ownPane({ study, slots });
  const { seriesInstanceUid } = slots[own ?? -1] ?? {};
  return isWide || compare != null ? { grid, own, seriesInstanceUid } : { grid: ONE_PANE, own: 0, seriesInstanceUid };
}

/** Where the room will have its first picture; the place of all its images where that is not known in time. Undefined where another series than `first` comes to hang there. */
export async function boxOfFirst(place: Place, first: Hung, asked: Asked, reader: Reader): Promise<Box | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, LONGEST_MS));
  const desk = await Promise.race([deskOf(first, asked, reader).catch(() => undefined), late]);
  if (desk === undefined) return place.box;
  if (desk.own === undefined || desk.seriesInstanceUid !== first.seriesInstanceUid) return undefined;
  return cellOfPlace(place, desk.own, desk.grid);
}
