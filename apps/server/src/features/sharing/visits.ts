import type { FastifyReply, FastifyRequest } from 'fastify';
import { searchOf } from '../../access/asked.ts';
import { type Link, scopeOf } from '../../access/index.ts';
import { DOORKEEPER, type VisitDeps } from './deps.ts';
import { findVisit, findVisitById, touchVisit, type VisitRow } from './repository.ts';
import { hashOf } from './rules.ts';
import { linkOf, standingOf, type Visit } from './standing.ts';

/** A visit ends after so long without a request. */
export const IDLE_MS = 30 * 60_000;
/** And after so long whatever is done. */
export const MOST_VISIT_MS = 8 * 3_600_000;
/** How long what a visit shows is believed without asking again. */
const FRESH_MS = 1000;
/** That it goes on is noted this often. */
const TOUCH_AFTER_MS = 60_000;
const MOST_KEPT = 10_000;
/** Who has a session of their own in this browser names the visit by it: then the request is the visit's, and has nothing of the person's. */
const HEADER = 'x-shared-visit';
/** The same in the address of what a browser asks for by itself, with no header of the page's: small pictures, and documents in another tab. */
const PARAMETER = 'shared-visit';

export interface Visits {
  /** Whether a request says that it is a visit's, whoever else is signed in. */
  asks(request: FastifyRequest): boolean;
  /** Whose visit a request is by its cookie; undefined where none stands. */
  of(request: FastifyRequest): Promise<Link | undefined>;
  /** Whether a visit still shows all that it did when its answer was begun; asked anew. */
  stillHolds(actor: Link): Promise<boolean>;
  /** Whether it has ended by itself. */
  isOver(actor: Link): boolean;
  cookie(request: FastifyRequest): string | undefined;
  setCookie(reply: FastifyReply, visit: string, secondsLeft: number): void;
  clearCookie(reply: FastifyReply): void;
}

interface Kept {
  readonly visit: Visit;
  readonly readAt: number;
}

interface Memory {
  readonly deps: VisitDeps;
  readonly kept: Map<string, Kept>;
  /** Counts what was forgotten: what was asked for before is not kept. */
  epoch: number;
}

/** Visits by links: found by their cookie, believed for a second, and forgotten as soon as a share or somebody's rights change. */
export function createVisits(deps: VisitDeps): Visits {
  const memory: Memory = { deps, kept: new Map(), epoch: 0 };
  deps.onChange(() => {
    memory.epoch += 1;
    memory.kept.clear();
  });
  const name = deps.isSecure ? '__Host-negatoscope_visit' : 'negatoscope_visit';
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure: deps.isSecure } as const;
  const cookie = (request: FastifyRequest): string | undefined => request.cookies[name];
  return {
    cookie,
    setCookie: (reply, visit, maxAge) => void reply.setCookie(name, visit, { ...options, maxAge }),
    clearCookie: (reply) => void reply.clearCookie(name, options),
    asks: (request) => request.headers[HEADER] !== undefined || searchOf(request).has(PARAMETER),
    of: async (request) => {
      const visit = await visitOf(memory, cookie(request));
      return visit === undefined ? undefined : linkOf(visit, request.ip);
    },
    stillHolds: async (actor) => {
      const now = await read(deps, await deps.db.reading(scopeOf(DOORKEEPER), (tx) => findVisitById(tx, actor.sessionId)));
      if (now === undefined || !stands(now, deps.clock.now())) return false;
      const seen = linkOf(now, actor.ip);
      return (
        actor.studyIds.every((id) => seen.studyIds.includes(id)) &&
        [...actor.permissions].every((one) => seen.permissions.has(one))
      );
    },
    isOver: ({ until }) => until <= deps.clock.now(),
  };
}

const stands = ({ row, until }: Visit, now: Date): boolean =>
  until > now && row.used_at !== null && now.getTime() - row.used_at.getTime() < IDLE_MS;

async function visitOf(memory: Memory, cookie: string | undefined): Promise<Visit | undefined> {
  const { deps, kept } = memory;
  const hash = hashOf(cookie);
  if (hash === undefined) return undefined;
  const key = hash.toString('base64');
  const now = deps.clock.now();
  const known = kept.get(key);
  const age = known === undefined ? FRESH_MS : now.getTime() - known.readAt;
  if (known !== undefined && age >= 0 && age < FRESH_MS) return stands(known.visit, now) ? known.visit : undefined;
  kept.delete(key);
  const begun = memory.epoch;
  const visit = await read(deps, await deps.db.reading(scopeOf(DOORKEEPER), (tx) => findVisit(tx, hash)));
  if (visit === undefined || !stands(visit, now)) return undefined;
  await touch(deps, visit, now);
  if (kept.size >= MOST_KEPT) kept.clear();
  if (begun === memory.epoch) kept.set(key, { visit, readAt: now.getTime() });
  return visit;
}

async function read(deps: VisitDeps, row: VisitRow | undefined): Promise<Visit | undefined> {
  if (row === undefined || row.withdrawn_at !== null || row.closed_at !== null || row.ends_at === null) return undefined;
  const standing = await standingOf(deps, row);
  if (standing === undefined) return undefined;
  return { ...standing, row, until: row.ends_at };
}

async function touch({ db }: VisitDeps, { row }: Visit, now: Date): Promise<void> {
  if (row.used_at !== null && now.getTime() - row.used_at.getTime() < TOUCH_AFTER_MS) return;
  await db.withScope(scopeOf(DOORKEEPER), (tx) => touchVisit(tx, row.visit_id, now));
}
