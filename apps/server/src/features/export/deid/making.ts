import { type Person, type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import { type Claimed, type Held, keepExport } from './work-rows.ts';

const KEEP_EVERY_MS = 1_000;
/** Another takes up what was not kept for so long. */
export const GONE_AFTER_MS = 30_000;
/** Before that, whoever could not keep it stops. */
const STALE_AFTER_MS = 15_000;

export type PersonOf = (userId: string, tokenId: string | null) => Promise<Person | undefined>;

/** Who asked, as they are now, with no more than they had then; undefined where they may not any more. */
export async function personNow(personOf: PersonOf, { user_id, token_id, permissions }: Claimed): Promise<Person | undefined> {
  const found = user_id === null ? undefined : await personOf(user_id, token_id);
  if (found === undefined) return undefined;
  const left = new Set([...found.permissions].filter((one) => permissions.includes(one)));
  return left.has('exports.anonymised') ? { ...found, permissions: left } : undefined;
}

type Why = 'CANCELLED' | 'FORBIDDEN' | 'LOST';

/** The claim of one export: renewed with its progress as long as it is made, given up when it is wanted no more, may be no more, or is another's. */
export class Making {
  total: number | null = null;
  done = 0;
  refused = 0;
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #by: Service;
  readonly #held: Held;
  readonly #mayGoOn: () => Promise<boolean>;
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #keptAt: number;
  #keeping: Promise<void> | undefined;
  #why: Why | undefined;

  constructor(
    { db, clock }: { readonly db: Db; readonly clock: Clock },
    by: Service,
    held: Held,
    mayGoOn: () => Promise<boolean>,
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#by = by;
    this.#held = held;
    this.#mayGoOn = mayGoOn;
    this.#keptAt = clock.now().getTime();
    this.#timer = setInterval(() => void this.#keepOnce(), KEEP_EVERY_MS);
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  get stoppedFor(): Why | undefined {
    return this.#why;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Looks now, after whatever look is under way: that one may have asked before something changed. */
  async keep(): Promise<void> {
    await this.#keeping;
    await this.#keepOnce();
  }

  #keepOnce(): Promise<void> {
    this.#keeping ??= this.#look().finally(() => {
      this.#keeping = undefined;
    });
    return this.#keeping;
  }

  /** A database that is away is waited for, as long as nobody else can have it. */
  async #look(): Promise<void> {
    try {
      const now = this.#clock.now();
      const { total, done, refused } = this;
      const kept = await this.#db.withScope(scopeOf(this.#by), (tx) => keepExport(tx, this.#held, { total, done, refused, now }));
      if (kept === undefined) this.#stop('LOST');
      else if (kept.is_cancelled) this.#stop('CANCELLED');
      else if (!(await this.#mayGoOn())) this.#stop('FORBIDDEN');
      else this.#keptAt = now.getTime();
    } catch {
      if (this.#clock.now().getTime() - this.#keptAt > STALE_AFTER_MS) this.#stop('LOST');
    }
  }

  #stop(why: Why): void {
    this.#why ??= why;
    this.#stopping.abort();
  }
}
