import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** A value that only this server can make for a session: a cookie planted by a sibling site is worthless. */
export interface CsrfTokens {
  of(sessionId: string): string;
  matches(sessionId: string, given: unknown): boolean;
}

export function createCsrfTokens(key: KeyObject): CsrfTokens {
  const of = (sessionId: string): string => createHmac('sha256', key).update(sessionId).digest('base64url');
  return {
    of,
    matches: (sessionId, given) => {
      if (typeof given !== 'string') return false;
      const [expected, bytes] = [Buffer.from(of(sessionId)), Buffer.from(given)];
      return expected.length === bytes.length && timingSafeEqual(expected, bytes);
    },
  };
}
