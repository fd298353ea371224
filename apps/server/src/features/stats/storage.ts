import { PACE_DAYS, type QueryOf, type StorageStatistics, type storageStatistics } from '@negatoscope/contract';
import { can, type Person, scopeOf } from '../../access/index.ts';
import { findReceived, firstReceived, keptBefore } from '../../archive/records/received-studies.ts';
import { receivedBytes } from '../../archive/records/work-figures.ts';
import { countedOf, type FigureDeps, spanOf, steps } from './counted.ts';
import { forecastsOf } from './forecast.ts';

const DAY_MS = 86_400_000;

export interface StorageDeps extends FigureDeps {
  /** How much room the disk of DATA_DIR has, in bytes. */
  readonly disk: () => Promise<{ readonly totalBytes: number; readonly freeBytes: number }>;
}

/** The disk, and when it is full at the pace of all that comes. */
async function diskOf({ db, clock, disk }: StorageDeps, actor: Person): Promise<StorageStatistics['disk']> {
  if (!can(actor, 'system.manage')) return null;
  const now = clock.now();
  const scope = scopeOf(actor);
  const room = await disk();
  const { first, paces } = await db.reading(scope, async (tx) => {
    const paces = new Map<number, number>();
    for (const days of PACE_DAYS) paces.set(days, await receivedBytes(tx, scope, new Date(now.getTime() - days * DAY_MS)));
    return { first: await firstReceived(tx, scope), paces };
  });
  const received = (days: number): number => paces.get(days) ?? 0;
  return { ...room, forecasts: forecastsOf({ freeBytes: room.freeBytes, first, now, received }) };
}

/** What came and is kept in the actor's scope, by period; the disk to who manages the system. Fails with UNPROCESSABLE for a period that is none. */
export async function storage(
  deps: StorageDeps,
  actor: Person,
  query: QueryOf<typeof storageStatistics>,
): Promise<StorageStatistics> {
  const period = steps(query, deps.clock.now());
  const counted = countedOf(actor, query);
  const [from] = spanOf(period);
  const { rows, before } = await deps.db.reading(counted.scope, async (tx) => ({
    rows: await findReceived(tx, counted, period.bounds),
    before: await keptBefore(tx, counted, from),
  }));
  let keptBytes = before;
  const periods = period.starts.map((key, at) => {
    const of = rows.filter(({ step }) => step === at + 1);
    const bytes = of.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
    keptBytes += bytes;
    return { key, bytes, studies: of.reduce((sum, row) => sum + row.studies, 0), keptBytes };
  });
  return { from: period.from, to: period.to, step: period.step, periods, keptBytes, disk: await diskOf(deps, actor) };
}
