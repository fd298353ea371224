import type { KeyObject } from 'node:crypto';
import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose';
import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';

/** What this server gives away and reads again, and nobody else (JWE, RFC 7516): no table of strangers' beginnings that a flood could fill. */
export interface Sealer {
  seal(what: JWTPayload, seconds: number): Promise<string>;
  /** Undefined for what this server did not seal, whose time is over, or which is something else. */
  open<T>(shape: z.ZodType<T>, text: string): Promise<T | undefined>;
}

export const createSealer = (key: KeyObject, clock: Clock): Sealer => ({
  seal: (what, seconds) =>
    new EncryptJWT(what)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime(Math.floor(clock.now().getTime() / 1000) + seconds)
      .encrypt(key),
  open: async (shape, text) => {
    try {
      return shape.safeParse((await jwtDecrypt(text, key, { currentDate: clock.now() })).payload).data;
    } catch {
      return undefined;
    }
  },
});
