import { request } from 'node:http';

const PROBE_TIMEOUT_MS = 10_000;
/** This process itself has no descriptor for the question: that tells nothing of the other. */
const OURS = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/**
 * Asks a web process by its private socket, over a new connection as a client has it. Any answer of HTTP will do: what is down beside it (the
 * database) is not mended by replacing it. Undefined when it could not be asked.
 */
export function answersHttp(socketPath: string, timeoutMs = PROBE_TIMEOUT_MS): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath, path: '/api/health', agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (response) => {
        response.resume();
        response.once('error', () => resolve(false));
        response.once('end', () => resolve(true));
      },
    );
    asked.once('error', (error) => resolve('code' in error && OURS.has(error.code) ? undefined : false));
    asked.end();
  });
}
