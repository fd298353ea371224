import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ConnectionLimits, ConnectionRoom, type DrainPatience } from './connection-room.ts';

/** A line of 0.5 Mbit/s brings 62,500 bytes a second: who has one that is twice as slow is still no attacker. */
export const DEFAULT_CONNECTION_LIMITS: Omit<ConnectionLimits, 'most' | 'mostSlow'> = {
  silentMs: 10_000,
  lookMs: 1_000,
  slowBytesPerSecond: 1_000,
  leastBytesPerSecond: 32_000,
};

const DRAIN_PATIENCE: DrainPatience = { clientsMs: 3_000, workMs: 10_000 };

export interface ConnectionGuard {
  /** How many connections there are now. */
  readonly count: number;
  /** Closes connections without a request, waits for those with one, and ends them when their patience is over. */
  drain(patience?: DrainPatience): Promise<void>;
}

/**
 * Keeps the connections of a server under what its process can hold. When it is full, the one that is missed least gives its place: the oldest without a byte, the
 * oldest that has not finished its headers, the one that waits longest for its next request, the one whose client sends or takes the fewest bytes.
 * Only then is the newcomer refused. Of slow clients there may be some at any time, and no more: each holds a file or a connection to the database.
 */
export function guardConnections(
  server: Server,
  log: { warn(values: Record<string, unknown>, message: string): void },
  limits: ConnectionLimits,
): ConnectionGuard {
  const room = new ConnectionRoom(limits);
  let turnedAway = 0;
  const look = setInterval(() => {
    const slow = room.look();
    if (turnedAway + slow > 0)
      log.warn({ closed: turnedAway, slow, most: limits.most }, 'too many connections: some were closed');
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
    room.begin(socket, { request, response });
    response.once('close', () => room.end(socket));
  });
  server.once('close', () => clearInterval(look));
  return {
    get count() {
      return room.size;
    },
    drain: (patience = DRAIN_PATIENCE) => room.drain(patience),
  };
}
