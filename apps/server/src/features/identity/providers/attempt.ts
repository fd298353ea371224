import type { KeyObject } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { createSealer } from '../sealed.ts';
import { useOnce } from '../used-once.ts';

/** What a browser carries while its person is at a provider: it binds the answer to the browser that asked. */
const Attempt = z.object({
  kind: z.literal('attempt'),
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** An address of this server. */
  next: z.string(),
  /** What the strict cookies say, which do not travel with the way back from another site. */
  device: z.string().optional(),
  previous: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Who has come from a provider and may prove with a password that an account is theirs. */
const Link = z.object({
  kind: z.literal('link'),
  provider: z.string(),
  issuer: z.string(),
  subject: z.string(),
  email: z.string(),
});
export type Link = z.infer<typeof Link>;

const Carried = z.discriminatedUnion('kind', [Attempt, Link]);
const SECONDS = 600;

export interface Carrier {
  put(reply: FastifyReply, what: Attempt | Link): Promise<void>;
  /** Undefined for what this server did not make, or made more than ten minutes ago. */
  take(request: FastifyRequest): Promise<Attempt | Link | undefined>;
  drop(reply: FastifyReply): void;
}

/** A cookie that only this server can read: no table of strangers' attempts that a flood could fill. */
export function createCarrier(key: KeyObject, clock: Clock, secure: boolean): Carrier {
  // `__Host-` and so the path `/`: a sibling site can't plant an attempt of its own, by which somebody would work in its account.
  const name = secure ? '__Host-negatoscope_oidc' : 'negatoscope_oidc';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const sealer = createSealer(key, clock);
  return {
    put: async (reply, what) => {
      void reply.setCookie(name, await sealer.seal(what, SECONDS), { ...options, maxAge: SECONDS });
    },
    take: (request) => sealer.open(Carried, request.cookies[name] ?? ''),
    drop: (reply) => void reply.clearCookie(name, options),
  };
}

/** False when this state has come back before, to whichever process. */
export const isFirstReturn = (tx: Tx, state: string, now: Date): Promise<boolean> => useOnce(tx, state, now, SECONDS);

/** An address of this server's pages to go on to; anything else is its first page. */
export function ownAddress(next: string | undefined, publicUrl: URL): string {
  const first = '/app';
  if (next === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || !URL.canParse(next, publicUrl.href)) return first;
  const { origin, pathname, search } = new URL(next, publicUrl);
  if (origin !== publicUrl.origin || !/^\/(?:app|viewer)(?:\/|$)/.test(pathname)) return first;
  return `${pathname}${search}`;
}
