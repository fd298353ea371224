import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections of this process. */
  readonly most: number;
  /** A connection must bring its first byte within this time. */
  readonly silentMs: number;
  /** How often connections are looked at. */
  readonly lookMs: number;
  /** A busy connection whose client sends or takes fewer bytes a second may have to give its place. */
  readonly leastBytesPerSecond: number;
}

export const DEFAULT_CONNECTION_LIMITS: Omit<ConnectionLimits, 'most'> = {
  silentMs: 10_000,
  lookMs: 1_000,
  leastBytesPerSecond: 100,
};

export interface ConnectionGuard {
  /** How many connections there are now. */
  readonly count: number;
  /** Closes connections without a request, and waits until those with one are answered. */
  drain(): Promise<void>;
}

interface Guarded {
  readonly openedAt: number;
  /** Since when this pace is measured: the begin of the request, or the last look. */
  since: number;
  /** Requests that are not answered yet. */
  requests: number;
  request: IncomingMessage | undefined;
  /** Bytes that had moved by then, of both directions. */
  moved: number;
  /** Bytes a second between the last two looks at this request. */
  pace: number | undefined;
}

/**
 * Keeps the connections of a server under what its process can hold. When it is full, the one that is missed least gives its place: the oldest without a byte, the
 * oldest that has not finished its headers, the one that waits longest for its next request, one that is being answered but whose
 * client neither sends nor takes anything. Only then is the newcomer refused.
 */
export function guardConnections(
  server: Server,
  log: { warn(values: Record<string, unknown>, message: string): void },
  limits: ConnectionLimits,
): ConnectionGuard {
  const room = new Room(limits);
  let turnedAway = 0;
  const look = setInterval(() => {
    room.look();
    if (turnedAway > 0) log.warn({ closed: turnedAway, most: limits.most }, 'too many connections: some were closed');
    turnedAway = 0;
  }, limits.lookMs).unref();
  server.on('connection', (socket: Socket) => {
    // The supervisor's own questions come by a Unix socket and are never in the way.
    if (socket.remoteAddress === undefined) return;
    if (room.isFull) {
      turnedAway += 1;
      const victim = room.leastMissed();
      if (victim === undefined) return void socket.destroy();
      room.remove(victim);
      victim.destroy();
    }
    room.add(socket);
    socket.once('close', () => room.remove(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    room.begin(socket, request);
    response.once('close', () => room.end(socket));
  });
  server.once('close', () => clearInterval(look));
  return {
    get count() {
      return room.size;
    },
    drain: () => room.drain(),
  };
}

/** A pace over a shorter time says nothing. */
const LEAST_SECONDS = 0.2;

const movedBy = (socket: Socket): number => socket.bytesRead + socket.bytesWritten - socket.writableLength;

/** The best of what it does now and what it did before the last look; undefined when its request has only begun. */
function paceOf(socket: Socket, { since, moved, pace }: Guarded): number | undefined {
  const seconds = (Date.now() - since) / 1000;
  if (seconds < LEAST_SECONDS) return pace;
  return Math.max(pace ?? 0, (movedBy(socket) - moved) / seconds);
}

/** Connections in three groups, each in the order in which they came into it. */
class Room {
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
    const now = Date.now();
    this.#fresh.set(socket, { openedAt: now, since: now, requests: 0, request: undefined, moved: 0, pace: undefined });
  }

  remove(socket: Socket): void {
    for (const group of [this.#fresh, this.#idle, this.#busy]) group.delete(socket);
    if (this.#busy.size === 0) this.#drained?.();
  }

  begin(socket: Socket, request: IncomingMessage): void {
    const guarded = this.#fresh.get(socket) ?? this.#idle.get(socket) ?? this.#busy.get(socket);
    if (guarded === undefined) return;
    guarded.requests += 1;
    guarded.request = request;
    guarded.since = Date.now();
    guarded.moved = movedBy(socket);
    guarded.pace = undefined;
    this.#fresh.delete(socket);
    this.#idle.delete(socket);
    this.#busy.set(socket, guarded);
  }

  end(socket: Socket): void {
    const guarded = this.#busy.get(socket);
    if (guarded === undefined) return;
    guarded.requests -= 1;
    if (guarded.requests > 0) return;
    guarded.request = undefined;
    this.#busy.delete(socket);
    if (this.#drained === undefined) this.#idle.set(socket, guarded);
    else socket.destroySoon();
    if (this.#busy.size === 0) this.#drained?.();
  }

  look(): void {
    const oldest = Date.now() - this.#limits.silentMs;
    for (const [socket, { openedAt }] of this.#fresh) {
      if (openedAt > oldest) break;
      if (socket.bytesRead === 0) socket.destroy();
    }
    for (const [socket, guarded] of this.#busy) {
      const seconds = (Date.now() - guarded.since) / 1000;
      guarded.pace = seconds < LEAST_SECONDS ? guarded.pace : (movedBy(socket) - guarded.moved) / seconds;
      guarded.since = Date.now();
      guarded.moved = movedBy(socket);
    }
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
      const waitsForClient = guarded.request?.complete === false || socket.writableLength > 0;
      const pace = waitsForClient ? paceOf(socket, guarded) : undefined;
      if (pace === undefined || pace >= least) continue;
      least = pace;
      slowest = socket;
    }
    return slowest;
  }

  drain(): Promise<void> {
    for (const group of [this.#fresh, this.#idle]) for (const socket of group.keys()) socket.destroy();
    return new Promise((resolve) => {
      this.#drained = resolve;
      if (this.#busy.size === 0) resolve();
    });
  }
}
