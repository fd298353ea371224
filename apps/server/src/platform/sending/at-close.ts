import type { ServerResponse } from 'node:http';

/**
 * Calls `end` once when an answer is over, whether it was sent or broken off. A client that goes is told of once: for who comes after that, having made
 * something meanwhile, it is called at once, and what was made is not held for ever.
 */
export function atClose(answer: Pick<ServerResponse, 'destroyed' | 'once'>, end: () => void): void {
  if (answer.destroyed) end();
  else answer.once('close', end);
}

/** Aborted once an answer is over: for work that nobody waits for any more then. */
export function goneSignal(answer: Parameters<typeof atClose>[0]): AbortSignal {
  const gone = new AbortController();
  atClose(answer, () => gone.abort());
  return gone.signal;
}
