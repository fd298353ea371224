import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { ID_PATTERN } from '../../kernel/ids.ts';

export interface RefreshTokens {
  encode(sessionId: string, generation: number): string;
  /** Undefined for anything that this server did not make. */
  parse(token: string): { sessionId: string; generation: number } | undefined;
}

const SHAPE = new RegExp(`^(${ID_PATTERN})\\.(\\d{1,9})\\.([A-Za-z0-9_-]{43})$`);

/**
 * Refresh tokens are `<session>.<generation>.<HMAC-SHA256>`: the database keeps the generation only, so nothing in it can be
 * replayed, and the successor of a token is the same however often it is asked for.
 */
export function createRefreshTokens(key: KeyObject): RefreshTokens {
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    encode: (sessionId, generation) => {
      const text = `${sessionId}.${generation}`;
      return `${text}.${mac(text).toString('base64url')}`;
    },
    parse: (token) => {
      const [, sessionId, generation, given] = SHAPE.exec(token) ?? [];
      if (sessionId === undefined || generation === undefined || given === undefined) return undefined;
      const bytes = Buffer.from(given, 'base64url');
      const expected = mac(`${sessionId}.${generation}`);
      if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return undefined;
      return { sessionId, generation: Number(generation) };
    },
  };
}
