import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { atClose } from '../platform/sending/at-close.ts';
import { movedBy } from './guarded.ts';
import { isStream } from './revoked-answers.ts';

/** Of one person in one process: windows that nobody closes are fewer, and each of these asks the database at every change. */
const MOST_OF_A_PERSON = 60;
const RETRY_AFTER_SECONDS = 30;

/** How long a client may take nothing of what is written to it, and how often that is looked at. */
interface Patience {
  readonly patienceMs: number;
  readonly lookMs: number;
}
/** A page that hears nothing for 35 s has asked anew: whoever reads nothing for a minute is asleep, and comes back by the same way. */
const PATIENCE: Patience = { patienceMs: 60_000, lookMs: 10_000 };

interface Taken {
  readonly bytes: number;
  readonly since: number;
}

/** Ends answers whose client takes nothing of what waits for it: they hold one of its person's places, a connection and what was looked up for it. */
function endUnread(app: FastifyInstance, { patienceMs, lookMs }: Patience): (answer: ServerResponse) => void {
  const running = new Map<ServerResponse, Taken>();
  const look = (answer: ServerResponse, { bytes, since }: Taken): void => {
    const { socket } = answer;
    if (socket === null) return;
    const taken = movedBy(socket);
    if (socket.writableLength === 0 || taken !== bytes) running.set(answer, { bytes: taken, since: Date.now() });
    else if (Date.now() - since >= patienceMs) answer.destroy();
  };
  const timer = setInterval(() => {
    for (const [answer, taken] of running) look(answer, taken);
  }, lookMs).unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
  return (answer) => {
    running.set(answer, { bytes: 0, since: Date.now() });
    atClose(answer, () => running.delete(answer));
  };
}

/**
 * Refuses streams of events beyond what one person's windows need, so that nobody makes each change of a study a thousand questions, and ends those that
 * nobody reads.
 */
export function limitEventStreams(app: FastifyInstance, patience = PATIENCE): void {
  const running = new Map<string, number>();
  const watch = endUnread(app, patience);
  app.addHook('onSend', (request, reply, payload, done) => {
    const { actor } = request;
    const isEvents = String(reply.getHeader('content-type')).startsWith('text/event-stream');
    if (actor === undefined || !isEvents || !isStream(payload)) return done(null, payload);
    const count = running.get(actor.userId) ?? 0;
    if (count >= MOST_OF_A_PERSON) {
      payload.destroy();
      return done(new Failure('UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    }
    running.set(actor.userId, count + 1);
    watch(reply.raw);
    atClose(reply.raw, () => {
      const left = (running.get(actor.userId) ?? 1) - 1;
      if (left > 0) running.set(actor.userId, left);
      else running.delete(actor.userId);
    });
    done(null, payload);
  });
}
