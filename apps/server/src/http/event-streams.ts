import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { atClose } from '../platform/sending/at-close.ts';
import { isStream } from './revoked-answers.ts';

/** Of one person in one process: windows that nobody closes are fewer, and each of these asks the database at every change. */
const MOST_OF_A_PERSON = 60;
const RETRY_AFTER_SECONDS = 30;

/** Refuses streams of events beyond what one person's windows need, so that nobody makes each change of a study a thousand questions. */
export function limitEventStreams(app: FastifyInstance): void {
  const running = new Map<string, number>();
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
    atClose(reply.raw, () => {
      const left = (running.get(actor.userId) ?? 1) - 1;
      if (left > 0) running.set(actor.userId, left);
      else running.delete(actor.userId);
    });
    done(null, payload);
  });
}
