import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface BodyPace {
  readonly windowMs: number;
  /** What an upload must bring in each window while the server waits for it. */
  readonly leastBytes: number;
}

const DEFAULT_PACE: BodyPace = { windowMs: 30_000, leastBytes: 3_000 };

/**
 * Ends connections of clients that hold a request open without sending it: a JSON body must be whole within one window, an upload
 * must keep a least pace. A server that is itself behind (bytes wait to be read) blames nobody.
 */
export function watchBodyPace(app: FastifyInstance, { windowMs, leastBytes }: BodyPace = DEFAULT_PACE): void {
  app.addHook('onRequest', async (request) => {
    const { raw } = request;
    if (raw.headers['content-length'] === undefined && raw.headers['transfer-encoding'] === undefined) return;
    const { socket } = raw;
    if (!(socket instanceof Socket)) return;
    const isUpload = request.routeOptions.config.rawBody === true;
    let seen = socket.bytesRead;
    const timer = setInterval(() => {
      if (raw.complete || raw.destroyed) return clearInterval(timer);
      const received = socket.bytesRead - seen;
      seen = socket.bytesRead;
      if (isUpload && (raw.readableLength > 0 || received >= leastBytes)) return undefined;
      clearInterval(timer);
      request.log.warn({ route: request.routeOptions.url, received }, 'body too slow');
      return void socket.destroy();
    }, windowMs).unref();
    raw.once('close', () => clearInterval(timer));
  });
}
