import {
  type Delay,
  type DelayRow,
  type DelayStatistics,
  type delayStatistics,
  OPEN_HOURS,
  type QueryOf,
  URGENCIES,
} from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import { can, type Person, seesIdentity } from '../../access/index.ts';
import {
  countImpossible,
  findArrivalDelays,
  findOpen,
  findOpeningDelays,
  findReportDelays,
  namesOfReaders,
} from '../../archive/records/delays.ts';
import type { Period } from '../../kernel/periods.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { countedOf, type FigureDeps, spanOf, steps } from './counted.ts';

const HOUR_MS = 3_600_000;

type Found = Pick<FoundBy<typeof findReportDelays>, 'by' | 'key' | 'n' | 'seconds'>;

interface Shown {
  readonly period: Period;
  readonly names: ReadonlyMap<string, string | null>;
  /** Whether a modality may be told as it is written. */
  readonly isNamed: boolean;
}

/** A period is named by its first day, a person by who they are. */
function rowsOf(delay: Delay, found: readonly Found[], { period, names, isNamed }: Shown): DelayRow[] {
  return found.flatMap(({ by, key, n, seconds }) => {
    if (by === null || key === null || (by === 'MODALITY' && !isNamed && !isKnownCode(key))) return [];
    const told = by === 'PERIOD' ? period.starts[Number(key) - 1] : key;
    const row = { n, medianSeconds: seconds?.[0] ?? null, p90Seconds: seconds?.[1] ?? null };
    return told === undefined ? [] : [{ delay, by: by as DelayRow['by'], key: told, name: names.get(key) ?? null, ...row }]; // The statement's own words.
  });
}

/** Of each urgency what waits: all, and what came longer ago than each of the hours. `passed` counts from the longest. */
function openOf(found: readonly FoundBy<typeof findOpen>[]): DelayStatistics['open'] {
  return URGENCIES.map((urgency) => {
    const of = found.filter((row) => row.urgency === urgency);
    const sum = (rows: typeof of): number => rows.reduce((total, { studies }) => total + studies, 0);
    return {
      urgency,
      all: sum(of),
      older: OPEN_HOURS.map((hours, at) => ({
        hours,
        studies: sum(of.filter(({ passed }) => (passed ?? 0) < OPEN_HOURS.length - at)),
      })),
    };
  });
}

const isReader = ({ by }: Found): boolean => by === 'READER';

/** Who may be told of readers: of all who manages people, of oneself who reads, of nobody who sees pseudonyms. */
async function reported(
  tx: ReadTx,
  actor: Person,
  { counted, period }: { readonly counted: ReturnType<typeof countedOf>; readonly period: Period },
): Promise<readonly Found[]> {
  const found = await findReportDelays(tx, counted, period.bounds, can(actor, 'users.manage') ? null : actor.userId);
  return seesIdentity(actor) ? found : found.filter((row) => !isReader(row));
}

/** How long studies in the actor's scope took to come, to be opened and to be reported. Fails with UNPROCESSABLE for a period that is none. */
export async function delays(
  { db, clock }: FigureDeps,
  actor: Person,
  query: QueryOf<typeof delayStatistics>,
): Promise<DelayStatistics> {
  const now = clock.now();
  const period = steps(query, now);
  const counted = countedOf(actor, query);
  const before = OPEN_HOURS.map((hours) => new Date(now.getTime() - hours * HOUR_MS)).toReversed();
  return db.reading(counted.scope, async (tx) => {
    const arrived = await findArrivalDelays(tx, counted, period.bounds, query.timeZone);
    const opened = await findOpeningDelays(tx, counted, period.bounds);
    const signed = await reported(tx, actor, { counted, period });
    const names = await namesOfReaders(
      tx,
      signed.filter(isReader).flatMap(({ key }) => key ?? []),
    );
    const shown = { period, names: new Map(names.map(({ id, name }) => [id, name])), isNamed: seesIdentity(actor) };
    return {
      ...{ from: period.from, to: period.to, step: period.step, starts: [...period.starts] },
      rows: [
        ...rowsOf('ACQUIRED_TO_ARRIVED', arrived, shown),
        ...rowsOf('ARRIVED_TO_OPENED', opened, shown),
        ...rowsOf('ARRIVED_TO_REPORTED', signed, shown),
      ],
      impossible: await countImpossible(tx, counted, ...spanOf(period), query.timeZone),
      open: openOf(await findOpen(tx, counted, before)),
    };
  });
}
