import type { NodeEventCode } from '@negatoscope/contract';
import { type Service, scopeOf } from '../../../access/index.ts';
import { AssociationFailure } from '../ask/failure.ts';
import type { TransferPorts } from './ports.ts';
import { type Held, keepTransfer } from './work-repository.ts';

const KEEP_EVERY_MS = 1_000;
/** Another takes up what was not kept for so long. */
export const GONE_AFTER_MS = 30_000;
/** Before that, whoever could not keep it stops: a process that was paused finds out by its own clock, before it has asked anybody. */
const STALE_AFTER_MS = 15_000;

type Why = NodeEventCode | 'LOST_CLAIM';

/** The claim of one transfer: renewed as long as it is worked at, and given up when it is wanted no more, may be no more, or is another's. */
export class Holding {
  readonly #ports: Pick<TransferPorts, 'db' | 'clock'>;
  readonly #by: Service;
  readonly #held: Held;
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #keptAt: number;
  #isKeeping = false;
  #why: Why | undefined;
  #mayGoOn: () => Promise<NodeEventCode | undefined> = async () => undefined;

  constructor(ports: Pick<TransferPorts, 'db' | 'clock' | 'keepEveryMs'>, by: Service, held: Held) {
    this.#ports = ports;
    this.#by = by;
    this.#held = held;
    this.#keptAt = ports.clock.now().getTime();
    this.#timer = setInterval(() => void this.#keep(), ports.keepEveryMs ?? KEEP_EVERY_MS);
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Why it was stopped; `CANCELLED`: nobody wants it. */
  get stoppedFor(): NodeEventCode | undefined {
    return this.#why === 'LOST_CLAIM' ? undefined : this.#why;
  }

  /** It is another's, or will be. */
  get isLost(): boolean {
    return this.#why === 'LOST_CLAIM';
  }

  /** From now on it is asked each time whether it may go on. */
  watch(mayGoOn: () => Promise<NodeEventCode | undefined>): void {
    this.#mayGoOn = mayGoOn;
  }

  /** Fails where it was stopped, or not kept for so long that another may have it. */
  readonly check = (): void => {
    if (this.#ports.clock.now().getTime() - this.#keptAt > STALE_AFTER_MS) this.#stop('LOST_CLAIM');
    if (this.isLost) throw new AssociationFailure('CANCELLED');
  };

  end(): void {
    clearInterval(this.#timer);
  }

  #stop(why: Why): void {
    this.#why ??= why;
    this.#stopping.abort();
  }

  async #keep(): Promise<void> {
    if (this.#isKeeping) return;
    this.#isKeeping = true;
    try {
      const now = this.#ports.clock.now();
      const kept = await this.#ports.db.withScope(scopeOf(this.#by), (tx) => keepTransfer(tx, this.#held, now));
      if (kept === undefined) this.#stop('LOST_CLAIM');
      else if (kept.is_cancelled) this.#stop('CANCELLED');
      else {
        this.#keptAt = now.getTime();
        const why = await this.#mayGoOn();
        if (why !== undefined) this.#stop(why);
      }
    } catch {
      // A database that is away is waited for, as long as nobody else can have it.
    } finally {
      this.#isKeeping = false;
    }
  }
}
