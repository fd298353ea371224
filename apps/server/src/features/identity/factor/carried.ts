import type { KeyObject } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';
import { createSealer } from '../sealed.ts';

/** Somebody whose password was right. It opens nothing: the routes of the second step alone read it. */
const Half = z.object({
  kind: z.literal('half'),
  userId: z.uuid(),
  /** Of the password's hash as it was compared: a new password ends this. */
  print: z.string(),
  step: z.enum(['PROVE', 'SET_UP']),
  /** The refresh token that the browser had before. */
  previous: z.string().optional(),
});
export type Half = z.infer<typeof Half>;

/** A secret that its application has not answered for yet. */
const Pending = z.object({ kind: z.literal('pending'), userId: z.uuid(), secret: z.string() });
export type Pending = z.infer<typeof Pending>;

const HALF_SECONDS = 300;
const PENDING_SECONDS = 600;
const PATH = '/api/auth/second';

/** What waits between two steps is with the browser, and only this server can read it: no table that a flood could fill. */
export interface Carried {
  putHalf(reply: FastifyReply, half: Half): Promise<void>;
  /** Undefined for what this server did not make, or made more than five minutes ago. */
  half(request: FastifyRequest): Promise<Half | undefined>;
  dropHalf(reply: FastifyReply): void;
  sealPending(pending: Pending): Promise<string>;
  pending(token: string): Promise<Pending | undefined>;
}

export function createCarried(key: KeyObject, clock: Clock, secure: boolean): Carried {
  const name = secure ? '__Secure-negatoscope_half' : 'negatoscope_half';
  const options = { path: PATH, httpOnly: true, sameSite: 'strict', secure } as const;
  const sealer = createSealer(key, clock);
  return {
    putHalf: async (reply, half) => {
      void reply.setCookie(name, await sealer.seal(half, HALF_SECONDS), { ...options, maxAge: HALF_SECONDS });
    },
    half: (request) => sealer.open(Half, request.cookies[name] ?? ''),
    dropHalf: (reply) => void reply.clearCookie(name, options),
    sealPending: (pending) => sealer.seal(pending, PENDING_SECONDS),
    pending: (token) => sealer.open(Pending, token),
  };
}
