import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import { type Caller, type Gathered, gather, merged, type NodeEvent, plainTitle } from './events.ts';
import * as repository from './repository.ts';

export interface RecorderPorts {
  readonly db: Pick<Db, 'withScope'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Which known node a caller is that was sent away before it was looked up. */
  readonly nodeIdOf: (callingAet: string, address: string) => Promise<string | undefined>;
}

/** Rows that wait for the database; of what is more only the number is told. */
const MOST_WAITING = 500;
const MOST_CALLERS = 50;
const KEPT_CALLERS = { ofOne: 5, all: 100 };

interface WaitingCaller extends Caller {
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly times: number;
}

/**
 * The log of nodes as it is written beside what it tells of: events are added up in memory and go to the database together, so that nobody waits for it. What
 * a database that is away would have got is kept and told later, as far as there is room.
 */
export class Recorder {
  readonly #ports: RecorderPorts;
  #rows = new Map<string, Gathered>();
  #callers = new Map<string, WaitingCaller>();
  #lost = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  event(event: NodeEvent): void {
    if (this.#rows.size >= MOST_WAITING) this.#lost += 1;
    else gather(this.#rows, event, this.#ports.clock.now());
  }

  caller({ address, callingAet, calledAet, code }: Caller): void {
    const at = this.#ports.clock.now();
    const titles = { callingAet: plainTitle(callingAet), calledAet: plainTitle(calledAet) };
    this.#addCaller({ address, ...titles, code, firstAt: at, lastAt: at, times: 1 });
  }

  #addCaller(caller: WaitingCaller): void {
    const key = JSON.stringify([caller.address, caller.callingAet, caller.calledAet]);
    const before = this.#callers.get(key);
    if (before === undefined && this.#callers.size >= MOST_CALLERS) {
      this.#lost += caller.times;
      return;
    }
    const { firstAt = caller.firstAt, times = 0 } = before ?? {};
    this.#callers.set(key, { ...caller, firstAt, times: times + caller.times });
  }

  /** Writes what has been gathered; resolves when it is written, or kept for the next time. Never fails. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { db, log } = this.#ports;
    if (this.#lost > 0)
      log.warn({ events: this.#lost }, 'the log of nodes has no room: some of what happened is only counted here');
    this.#lost = 0;
    if (this.#rows.size === 0 && this.#callers.size === 0) return;
    const rows = this.#rows;
    const waiting = this.#callers;
    this.#rows = new Map();
    this.#callers = new Map();
    try {
      const strangers = await this.#withoutKnown(waiting, rows);
      await db.withScope(NOTHING, async (tx) => {
        const sorted = [...rows.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
        const told = sorted.filter(({ event }) => event.isQuiet !== true);
        if (told.length > 0)
          await repository.addToLog(
            tx,
            told.map((row) => ({ ...row, id: newId() })),
          );
        if (sorted.length > 0) await repository.addToDays(tx, sorted);
        if (strangers.length === 0) return;
        await repository.addCallers(tx, strangers);
        await repository.keepNewestCallers(tx, KEPT_CALLERS);
      });
    } catch (error) {
      log.warn({ err: error }, 'the log of nodes could not be written: it is kept for now');
      for (const row of rows.values()) this.#keep(row);
      for (const caller of waiting.values()) this.#addCaller(caller);
    }
  }

  #keep(row: Gathered): void {
    const key = keyOf(row);
    const newer = this.#rows.get(key);
    if (newer !== undefined) this.#rows.set(key, merged(row, newer));
    else if (this.#rows.size < MOST_WAITING) this.#rows.set(key, row);
    else this.#lost += row.times;
  }

  /** Those that are no known node. A known one that was refused, for want of room or for whom it called, has it in its own log. */
  async #withoutKnown(waiting: Map<string, WaitingCaller>, rows: Map<string, Gathered>): Promise<WaitingCaller[]> {
    const strangers: WaitingCaller[] = [];
    for (const [key, caller] of waiting) {
      const { address, callingAet, code, lastAt, times } = caller;
      const isLookedUp = code === 'CALLING_AET' || callingAet === '';
      const nodeId = isLookedUp ? undefined : await this.#ports.nodeIdOf(callingAet, address);
      if (nodeId === undefined) {
        strangers.push(caller);
        continue;
      }
      waiting.delete(key);
      const event = { nodeId, kind: 'ASSOCIATION', isOurs: false, outcome: 'REFUSED', code, failed: 1 } as const;
      for (let time = 0; time < Math.min(times, MOST_WAITING); time += 1) gather(rows, event, lastAt);
    }
    return strangers;
  }
}

const keyOf = ({ nodeId, together }: Gathered): string => `${nodeId} ${together}`;
