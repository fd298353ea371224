/** `known` for a person who is here or comes from where they have been before; `new` for everybody else. */
export type Lane = 'known' | 'new';

/** Where something that waits comes from. */
export interface Turn {
  readonly lane: Lane;
  /** Who shares turns: a network. */
  readonly source: string;
}

interface Waiter {
  go(): void;
  refuse(): void;
}

/**
 * Those of one lane who wait. Sources have turns, each in its own order. When all room is taken, the source with the most waiting gives its
 * newest one's place to a source that has less.
 */
class WaitingLane {
  readonly #bySource = new Map<string, Waiter[]>();
  readonly #room: number;
  #size = 0;

  constructor(room: number) {
    this.#room = room;
  }

  /** False when there is no room. */
  add(source: string, waiter: Waiter): boolean {
    const own = this.#bySource.get(source) ?? [];
    if (this.#size >= this.#room && !this.#makeRoom(own.length)) return false;
    this.#bySource.set(source, [...own, waiter]);
    this.#size += 1;
    return true;
  }

  #makeRoom(ownLength: number): boolean {
    let longest: [string, Waiter[]] = ['', []];
    for (const entry of this.#bySource) if (entry[1].length > longest[1].length) longest = entry;
    const [source, waiters] = longest;
    if (waiters.length <= ownLength + 1) return false;
    waiters.pop()?.refuse();
    this.#bySource.set(source, waiters);
    this.#size -= 1;
    return true;
  }

  next(): Waiter | undefined {
    const [entry] = this.#bySource;
    if (entry === undefined) return undefined;
    const [source, [waiter, ...others]] = entry;
    // Behind all the other sources.
    this.#bySource.delete(source);
    if (others.length > 0) this.#bySource.set(source, others);
    this.#size -= 1;
    return waiter;
  }
}

/**
 * Runs at most `concurrency` works at a time; in each of the two lanes at most `room` wait. When both have somebody, they go in turn, known
 * places first. Who finds no room fails with what `full` makes.
 */
export function createTurns({ concurrency, room, full }: { concurrency: number; room: number; full: () => Error }) {
  const lanes: Record<Lane, WaitingLane> = { known: new WaitingLane(room), new: new WaitingLane(room) };
  let running = 0;
  let last: Lane = 'new';

  function next(): Waiter | undefined {
    const order: readonly Lane[] = last === 'new' ? ['known', 'new'] : ['new', 'known'];
    for (const lane of order) {
      const waiter = lanes[lane].next();
      if (waiter === undefined) continue;
      last = lane;
      return waiter;
    }
    return undefined;
  }

  const wait = ({ lane, source }: Turn): Promise<void> =>
    new Promise((resolve, reject) => {
      const isIn = lanes[lane].add(source, { go: resolve, refuse: () => reject(full()) });
      if (!isIn) reject(full());
    });

  return async <T>(turn: Turn, work: () => Promise<T>): Promise<T> => {
    // The one who leaves hands its place over, so `running` stays as it is.
    if (running >= concurrency) await wait(turn);
    else running += 1;
    try {
      return await work();
    } finally {
      const waiter = next();
      if (waiter === undefined) running -= 1;
      else waiter.go();
    }
  };
}
