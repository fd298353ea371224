import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { MetricsSettings } from '../config/metrics-settings.ts';
import { StartError } from '../kernel/start-error.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const MOST_CONNECTIONS = 16;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compared by their hashes, in a time that tells nothing of where they differ. */
function isAllowed(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const [, given = ''] = /^Bearer +(.*)$/i.exec(header ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

/**
 * `GET /metrics` on a port of its own, for a Prometheus. Who asks while others do gets the same answer. Fails with PORT_UNAVAILABLE.
 */
export async function serveMetrics(
  { host, port, token }: MetricsSettings,
  text: () => Promise<string>,
): Promise<{ readonly port: number; close(): void }> {
  let going: Promise<string> | undefined;
  const together = (): Promise<string> => {
    going ??= text().finally(() => {
      going = undefined;
    });
    return going;
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    void answer(request, response, { token, text: together });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, { host, port });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  { token, text }: { readonly token: string | undefined; readonly text: () => Promise<string> },
): Promise<void> {
  const end = (status: number, more: Record<string, string> = {}, body = ''): void => {
    response.writeHead(status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...more });
    response.end(method === 'HEAD' ? undefined : body);
  };
  if (!isAllowed(headers.authorization, token)) return end(401, { 'www-authenticate': 'Bearer' });
  if (url?.split('?')[0] !== '/metrics') return end(404);
  if (method !== 'GET' && method !== 'HEAD') return end(405, { allow: 'GET, HEAD' });
  await text().then(
    (body) => end(200, { 'content-type': TYPE }, body),
    () => end(503),
  );
}

function listen(server: Server, where: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new StartError(
          'PORT_UNAVAILABLE',
          `METRICS_PORT ${where.port} can't be listened on (${cause.code}): choose another`,
          cause,
        ),
      ),
    );
    server.listen({ ...where, exclusive: true }, resolve);
  });
}
