import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface Guarded {
  readonly openedAt: number;
  /** Since when this pace is measured: the begin of the request, or the last look. */
  since: number;
  /** Requests that are not answered yet. */
  requests: number;
  exchange: Exchange | undefined;
  /** Bytes that had moved by then, of both directions. */
  moved: number;
  /** Bytes a second between the last two looks at this request. */
  pace: number | undefined;
  /** The better of the last two such paces: a second may be lost anywhere, so slow is who was slow at two looks. */
  best: number | undefined;
}

/** A pace over a shorter time says nothing. */
const LEAST_SECONDS = 0.2;

export const movedBy = (socket: Socket): number => socket.bytesRead + socket.bytesWritten - socket.writableLength;

/** Whether all that the client has sent is read and more is to come, or what is written waits for it: a server that is itself behind blames nobody. */
export function waitsForClient(socket: Socket, { exchange }: Guarded): boolean {
  if (socket.writableLength > 0) return true;
  return exchange !== undefined && !exchange.request.complete && exchange.request.readableLength === 0;
}

/** The best of what it does now and what it did before the last look; undefined when its request has only begun. */
export function paceOf(socket: Socket, { since, moved, pace }: Guarded): number | undefined {
  const seconds = (Date.now() - since) / 1000;
  if (seconds < LEAST_SECONDS) return pace;
  return Math.max(pace ?? 0, (movedBy(socket) - moved) / seconds);
}

/** Measures its pace anew, unless that was done a moment ago: what was found then stands. */
export function measure(socket: Socket, guarded: Guarded): void {
  const seconds = (Date.now() - guarded.since) / 1000;
  if (seconds < LEAST_SECONDS) return;
  const pace = (movedBy(socket) - guarded.moved) / seconds;
  guarded.best = guarded.pace === undefined ? undefined : Math.max(pace, guarded.pace);
  guarded.pace = pace;
  guarded.since = Date.now();
  guarded.moved = movedBy(socket);
}
