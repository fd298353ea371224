import type { Prng } from '@negatoscope/testkit';

/** The machine has stopped: nothing that is called afterwards does anything. */
export class MachineStopped extends Error {
  constructor() {
    super('The machine has stopped.');
    this.name = 'MachineStopped';
  }
}

export const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** What a call does: succeed, fail with nothing done, fail although it is done, or do a part. */
export type Fate =
  | { readonly kind: 'do' }
  | { readonly kind: 'fail' | 'fail-after'; readonly code: string }
  | { readonly kind: 'short' };
const DO: Fate = { kind: 'do' };

/** How often each kind of thing goes wrong in one schedule. */
export interface Weather {
  /** Of calls that need room while there is none. */
  readonly full: number;
  readonly eio: number;
  /** EMFILE, which passes. */
  readonly descriptors: number;
  readonly short: number;
  /** Of transactions. */
  readonly database: number;
  /** Nobody can say afterwards how a transaction ended. */
  readonly deaf: boolean;
  /** Of jobs of a writer: it is gone in the middle of one. */
  readonly threads: number;
  /** Calls until the machine stops; none when it goes on. */
  readonly stopsAfter: number;
  readonly hasDirectWrites: boolean;
}

const CALM: Weather = {
  full: 0,
  eio: 0,
  descriptors: 0,
  short: 0,
  database: 0,
  deaf: false,
  threads: 0,
  stopsAfter: Number.POSITIVE_INFINITY,
  hasDirectWrites: true,
};

export function drawWeather(prng: Prng): Weather {
  const some = (share: number, most: number): number => (prng.next() < share ? prng.between(0, most) : 0);
  return {
    full: some(0.6, 0.5),
    eio: some(0.2, 0.02),
    descriptors: some(0.2, 0.05),
    short: some(0.3, 0.3),
    database: some(0.4, 0.4),
    deaf: prng.next() < 0.1,
    threads: some(0.15, 0.05),
    stopsAfter: prng.next() < 0.5 ? prng.integer(5, 300) : Number.POSITIVE_INFINITY,
    hasDirectWrites: prng.next() < 0.85,
  };
}

/** Decides the fate of each call, and stops the machine. */
export class Faults {
  readonly prng: Prng;
  weather: Weather;
  isStopped = false;
  /** Whether the disk is full now: it comes and goes. */
  isFull = false;
  #calls = 0;

  constructor(prng: Prng, weather: Weather) {
    this.prng = prng;
    this.weather = weather;
  }

  /** Nothing goes wrong from now on, also after a stop. */
  end(): void {
    this.weather = { ...CALM, hasDirectWrites: this.weather.hasDirectWrites };
    this.isFull = false;
    this.isStopped = false;
  }

  /** The disk is full, all the time but for moments, until the end, and fails so often. */
  fill(eio = 0): void {
    this.weather = { ...this.weather, full: 1, eio };
    this.isFull = true;
  }

  /** `needsRoom`: the call may find the disk full. */
  of(needsRoom: boolean, isOpen = false): Fate {
    this.#count();
    const { full, eio, descriptors, short } = this.weather;
    if (full > 0 && this.prng.next() < 0.03) this.isFull = !this.isFull;
    const draw = this.prng.next();
    if (needsRoom && this.isFull && draw < full) return { kind: 'fail', code: 'ENOSPC' };
    if (draw > 1 - eio) return { kind: this.prng.next() < 0.5 ? 'fail' : 'fail-after', code: 'EIO' };
    if (isOpen && this.prng.next() < descriptors) return { kind: 'fail', code: 'EMFILE' };
    if (needsRoom && short > 0 && this.prng.next() < short) return { kind: 'short' };
    return DO;
  }

  hits(share: number): boolean {
    if (this.isStopped) throw new MachineStopped();
    return share > 0 && this.prng.next() < share;
  }

  /** Some turns of others. */
  async turns(most = 6): Promise<void> {
    for (let turn = this.prng.integer(0, most); turn > 0; turn -= 1) await Promise.resolve();
    if (this.isStopped) throw new MachineStopped();
  }

  /** How many calls were made. */
  get calls(): number {
    return this.#calls;
  }

  #count(): void {
    this.#calls += 1;
    if (this.#calls >= this.weather.stopsAfter) this.isStopped = true;
    if (this.isStopped) throw new MachineStopped();
  }
}
