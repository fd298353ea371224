import { type ChangedSeries, notifyArriving, RESTLESS_MS } from '../../../archive/notify.ts';
import { type Db, NO_ROWS, type Tx } from '../../../platform/db/database.ts';

/** So long after a series was told of, what else comes to it is not: a small part of RESTLESS_MS, which a commit that takes long must not outlast. */
const QUIET_MS = 250;
const LATE_MS = RESTLESS_MS / 2;
/** Series that may be coming at a time, before those are looked for that came. */
const MANY = 1_000;

interface Arriving {
  readonly series: ChangedSeries;
  /** When it was about to be told of last, in a transaction that was committed. */
  toldAt: number;
  /** Tells of what came since. */
  timer: NodeJS.Timeout | undefined;
}

/** What a transaction tells, and what is to be done once it is committed. */
interface Telling {
  readonly sent: Promise<void>;
  readonly committed: () => Promise<void>;
}

/**
 * Tells every process of series that are coming, four times a second at most: the first instance within its own transaction, of those that follow the last once it
 * is committed. Meanwhile nobody keeps anything of the series in memory (`notifyArriving`).
 */
export class Arrivals {
  readonly #arriving = new Map<string, Arriving>();
  readonly #db: Pick<Db, 'withScope'>;
  readonly #now: () => number;

  constructor(db: Pick<Db, 'withScope'>, now: () => number = () => performance.now()) {
    this.#db = db;
    this.#now = now;
  }

  /** Sends what has to be told with this transaction, before anything is awaited. */
  tell(tx: Tx, all: readonly ChangedSeries[]): Telling {
    const at = this.#now();
    const isQuiet = ({ id }: ChangedSeries): boolean =>
      at - (this.#arriving.get(id)?.toldAt ?? Number.NEGATIVE_INFINITY) < QUIET_MS;
    const quiet = all.filter(isQuiet);
    const told = all.filter((series) => !quiet.includes(series));
    return {
      sent: told.length === 0 ? Promise.resolve() : notifyArriving(tx, told),
      committed: async () => {
        for (const series of told) this.#told(series, at);
        await this.#untold(quiet);
      },
    };
  }

  /** What came and was not told of is told of now. */
  async close(): Promise<void> {
    const untold = [...this.#arriving.values()].filter(({ timer }) => timer !== undefined);
    await this.#tellOf(untold.map(({ series }) => series));
  }

  /** A timer stays: what it is to tell of may have been committed behind this. */
  #told(series: ChangedSeries, at: number): void {
    this.#forgetOld(at);
    const arriving = this.#arriving.get(series.id);
    if (arriving === undefined) this.#arriving.set(series.id, { series, toldAt: at, timer: undefined });
    else arriving.toldAt = Math.max(arriving.toldAt, at);
  }

  async #untold(quiet: readonly ChangedSeries[]): Promise<void> {
    const now = this.#now();
    const late: ChangedSeries[] = [];
    for (const series of quiet) {
      const arriving = this.#arriving.get(series.id);
      if (arriving === undefined || now - arriving.toldAt > LATE_MS) late.push(series);
      else arriving.timer ??= setTimeout(() => void this.#tellOf([series]), arriving.toldAt + QUIET_MS - now).unref();
    }
    await this.#tellOf(late);
  }

  async #tellOf(all: readonly ChangedSeries[]): Promise<void> {
    if (all.length === 0) return;
    const at = this.#now();
    // What comes from now on has a timer of its own.
    for (const { id } of all) this.#stop(id);
    try {
      await this.#db.withScope(NO_ROWS, (tx) => notifyArriving(tx, all));
      for (const series of all) this.#told(series, at);
    } catch {
      // Nothing is wrong in anybody's memory: they were told that more may come. A page asks again by itself.
    }
  }

  #stop(id: string): void {
    const arriving = this.#arriving.get(id);
    clearTimeout(arriving?.timer);
    if (arriving !== undefined) arriving.timer = undefined;
  }

  #forgetOld(now: number): void {
    if (this.#arriving.size < MANY) return;
    for (const [id, { toldAt, timer }] of this.#arriving)
      if (timer === undefined && now - toldAt > QUIET_MS) this.#arriving.delete(id);
  }
}
