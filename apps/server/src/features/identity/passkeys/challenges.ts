import { type KeyObject, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';
import { createSealer } from '../sealed.ts';

/** What a passkey is shown for: to sign in alone, after a password, to prove again who one is, to be registered, to join one's account to a provider. */
const Step = z.enum(['SIGN_IN', 'SECOND', 'PROOF', 'ADD', 'LINK']);
export type Step = z.infer<typeof Step>;

const Challenge = z.object({
  kind: z.literal('challenge'),
  step: Step,
  /** The session or half session that it is of; empty for signing in, which is bound to the browser by its cookie alone. */
  of: z.string(),
  challenge: z.string(),
});
export type Challenge = z.infer<typeof Challenge>;

export const CHALLENGE_SECONDS = 300;
const CHALLENGE_BYTES = 32;
const PATH = '/api/auth';

/** A challenge waits with the browser that asked for it, and only this server can read it: no table that a flood could fill. */
export interface Challenges {
  /** A new one, in place of any that this browser has. */
  put(reply: FastifyReply, step: Step, of?: string): Promise<string>;
  /** Undefined for what this server did not make, or made more than five minutes ago. */
  take(request: FastifyRequest): Promise<Challenge | undefined>;
}

export function createChallenges(key: KeyObject, clock: Clock, secure: boolean): Challenges {
  const name = secure ? '__Secure-negatoscope_challenge' : 'negatoscope_challenge';
  const options = { path: PATH, httpOnly: true, sameSite: 'strict', secure, maxAge: CHALLENGE_SECONDS } as const;
  const sealer = createSealer(key, clock);
  return {
    put: async (reply, step, of = '') => {
      const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
      const sealed = await sealer.seal({ kind: 'challenge', step, of, challenge } satisfies Challenge, CHALLENGE_SECONDS);
      void reply.setCookie(name, sealed, options);
      return challenge;
    },
    take: (request) => sealer.open(Challenge, request.cookies[name] ?? ''),
  };
}
