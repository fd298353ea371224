import { Failure } from '../kernel/failure.ts';

/** The contract's deepest body has 4 levels. */
const DEEPEST = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether arrays and objects are nested deeper than `limit`, seen before anything is built from them. */
export function isDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('A body names no prototype.');
  return value;
}

/** The value of a JSON body (RFC 8259, UTF-8), undefined for an empty one. Fails with BAD_REQUEST. */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (isDeeperThan(DEEPEST, body)) throw new Failure('BAD_REQUEST', { detail: 'The body is nested too deep.' });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), refusePrototype);
  } catch {
    throw new Failure('BAD_REQUEST', { detail: 'The body is not JSON.' });
  }
}
