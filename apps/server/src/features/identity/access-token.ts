import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';

export const ACCESS_SECONDS = 15 * 60;
const ISSUER = 'negatoscope';
const AUDIENCE = 'negatoscope-api';
/** RFC 9068 2.1: tells an access token from every other JWT. */
const TYPE = 'at+jwt';
const ALGORITHM = 'HS256';
/** Ours have about 320 characters; longer ones are refused before any work is done on them. */
const LONGEST = 1024;

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() });

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  sign(userId: string, sessionId: string): Promise<{ token: string; expiresAt: Date }>;
  /** The claims, or why the token counts for nothing: `EXPIRED` when it was once ours, `REFUSED` for everything else. */
  verify(token: string): Promise<AccessClaims | 'EXPIRED' | 'REFUSED'>;
}

/**
 * Access tokens: a JWT of 15 minutes (RFC 7519) whose algorithm, key, issuer, audience and type are pinned here; what its
 * header names is never followed (`jku`, `jwk`, `kid`).
 */
export function createAccessTokens(key: KeyObject, clock: Clock): AccessTokens {
  return {
    sign: async (userId, sessionId) => {
      const issued = Math.floor(clock.now().getTime() / 1000);
      const expires = issued + ACCESS_SECONDS;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(expires)
        .sign(key);
      return { token, expiresAt: new Date(expires * 1000) };
    },
    verify: async (token) => {
      if (token.length > LONGEST) return 'REFUSED';
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'sid', 'iat', 'exp'],
          maxTokenAge: ACCESS_SECONDS,
          currentDate: clock.now(),
        });
        const claims = Claims.safeParse(payload);
        if (!claims.success) return 'REFUSED';
        const { sub, sid, exp } = claims.data;
        return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'EXPIRED' : 'REFUSED';
      }
    },
  };
}
