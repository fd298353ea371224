import type { IncomingMessage } from 'node:http';
import { failureOf, OrthancFailure } from './failure.ts';

/** What comes more slowly than this keeps a place from others for nothing. */
const LEAST_BYTES = 64 * 1024;
const WITHIN_MS = 60_000;

/** The body of an answer, given up when it trickles. Fails with CUT or TIMEOUT. */
export async function* watched(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const looking = setInterval(() => {
    // What waits for our disk is not Orthanc's fault.
    if (bytes < LEAST_BYTES && answer.readableLength === 0) answer.destroy(new OrthancFailure('TIMEOUT'));
    bytes = 0;
  }, WITHIN_MS).unref();
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw failureOf(error, 'CUT');
  } finally {
    clearInterval(looking);
    answer.destroy();
  }
}
