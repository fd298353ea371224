import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { isStream } from './revoked-answers.ts';

/**
 * A HEAD is answered by the headers alone (RFC 9110 9.3.2). What would have been sent is ended at once: Fastify would read it to its end, an archive of gigabytes, or for
 * ever, a stream of events, and what sends itself would never hear that nobody wants it.
 */
export function endUnsentBodies(app: FastifyInstance): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (request.method !== 'HEAD' || !isStream(payload)) {
      done(null, payload);
      return;
    }
    payload.on('error', () => undefined);
    payload.destroy();
    done(null, Readable.from([]));
  });
}
