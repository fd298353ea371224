import type { Socket } from 'node:net';
import { type Exchange, type Guarded, measure, movedBy, paceOf, waitsForClient } from './guarded.ts';

export interface ConnectionLimits {
  /** Connections of this process. */
  readonly most: number;
  /** Of these, clients that send a body or take an answer more slowly than `slowBytesPerSecond`. */
  readonly mostSlow: number;
  /** A connection must bring its first byte within this time. */
  readonly silentMs: number;
  /** How often connections are looked at. */
  readonly lookMs: number;
  readonly slowBytesPerSecond: number;
  /** When the process is full, a client that sends or takes fewer bytes a second may have to give its place. */
  readonly leastBytesPerSecond: number;
}

/** How long answers may go on when the server ends. */
export interface DrainPatience {
  /** Those that wait for their client: bodies, downloads, event streams. */
  readonly clientsMs: number;
  /** Those that the server itself works on. */
  readonly workMs: number;
}

/** Connections in three groups, each in the order in which they came into it. */
export class ConnectionRoom {
  readonly #limits: ConnectionLimits;
  /** No request yet. */
  readonly #fresh = new Map<Socket, Guarded>();
  /** Between two requests. */
  readonly #idle = new Map<Socket, Guarded>();
  readonly #busy = new Map<Socket, Guarded>();
  #drained: (() => void) | undefined;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#fresh.size + this.#idle.size + this.#busy.size;
  }

  get isFull(): boolean {
    return this.size >= this.#limits.most;
  }

  add(socket: Socket): void {
    // One that was on its way when the server began to end.
    if (this.#drained !== undefined) return void socket.destroy();
    const now = Date.now();
    this.#fresh.set(socket, {
      openedAt: now,
      since: now,
      requests: 0,
      exchange: undefined,
      moved: 0,
      pace: undefined,
      best: undefined,
    });
  }

  remove(socket: Socket): void {
    for (const group of [this.#fresh, this.#idle, this.#busy]) group.delete(socket);
    if (this.#busy.size === 0) this.#drained?.();
  }

  begin(socket: Socket, exchange: Exchange): void {
    const guarded = this.#fresh.get(socket) ?? this.#idle.get(socket) ?? this.#busy.get(socket);
    if (guarded === undefined) return;
    guarded.requests += 1;
    guarded.exchange = exchange;
    guarded.since = Date.now();
    guarded.moved = movedBy(socket);
    guarded.pace = undefined;
    guarded.best = undefined;
    this.#fresh.delete(socket);
    this.#idle.delete(socket);
    this.#busy.set(socket, guarded);
  }

  end(socket: Socket): void {
    const guarded = this.#busy.get(socket);
    if (guarded === undefined) return;
    guarded.requests -= 1;
    if (guarded.requests > 0) return;
    guarded.exchange = undefined;
    this.#busy.delete(socket);
    if (this.#drained === undefined) this.#idle.set(socket, guarded);
    else socket.destroySoon();
    if (this.#busy.size === 0) this.#drained?.();
  }

  /** Closes who is silent for too long, and the slowest of those that are too many. Gives the number of these. */
  look(): number {
    const oldest = Date.now() - this.#limits.silentMs;
    for (const [socket, { openedAt }] of this.#fresh) {
      if (openedAt > oldest) break;
      if (socket.bytesRead === 0) socket.destroy();
    }
    const slow: { readonly socket: Socket; readonly pace: number }[] = [];
    for (const [socket, guarded] of this.#busy) {
      measure(socket, guarded);
      const { best = Number.POSITIVE_INFINITY } = guarded;
      if (best < this.#limits.slowBytesPerSecond && waitsForClient(socket, guarded)) slow.push({ socket, pace: best });
    }
    const tooMany = slow.sort((left, right) => left.pace - right.pace).slice(0, Math.max(0, slow.length - this.#limits.mostSlow));
    for (const { socket } of tooMany) socket.destroy();
    return tooMany.length;
  }

  leastMissed(): Socket | undefined {
    for (const socket of this.#fresh.keys()) if (socket.bytesRead === 0) return socket;
    for (const socket of this.#fresh.keys()) return socket;
    for (const socket of this.#idle.keys()) return socket;
    return this.#slowest();
  }

  /** Of those that wait for their client; undefined when all of them move. */
  #slowest(): Socket | undefined {
    let slowest: Socket | undefined;
    let least = this.#limits.leastBytesPerSecond;
    for (const [socket, guarded] of this.#busy) {
      const pace = waitsForClient(socket, guarded) ? paceOf(socket, guarded) : undefined;
      if (pace === undefined || pace >= least) continue;
      least = pace;
      slowest = socket;
    }
    return slowest;
  }

  drain({ clientsMs, workMs }: DrainPatience): Promise<void> {
    for (const group of [this.#fresh, this.#idle]) for (const socket of group.keys()) socket.destroy();
    return new Promise((resolve) => {
      const timers = [
        setTimeout(() => this.#endBusy((exchange) => !exchange.request.complete || exchange.response.headersSent), clientsMs),
        setTimeout(() => this.#endBusy(() => true), workMs),
      ];
      this.#drained = () => {
        for (const timer of timers) clearTimeout(timer);
        resolve();
      };
      if (this.#busy.size === 0) this.#drained();
    });
  }

  #endBusy(isOver: (exchange: Exchange) => boolean): void {
    for (const [socket, { exchange }] of this.#busy) if (exchange === undefined || isOver(exchange)) socket.destroy();
  }
}
