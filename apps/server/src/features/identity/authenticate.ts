import { createHash } from 'node:crypto';
import { login, logout, refresh } from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import { type Person, person } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';
import type { SessionCookies } from './cookies.ts';
import { isOwnOrigin } from './origin.ts';
import { findBySession, findByTokenHash, type Principal, touch } from './principals.ts';

export const TOKEN_PREFIX = 'ngs_';
const TOKEN_SHAPE = /^ngs_[A-Za-z0-9_-]{43}$/;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Last uses are noted this often at most. */
const TOUCH_AFTER_MS = 5 * 60_000;

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value);

/**
 * Who sends a request. Fails with ORIGIN_REFUSED for another site's, NOT_AUTHENTICATED for a bearer token that counts for
 * nothing, CSRF_REQUIRED for a change made by cookies alone; cookies that count for nothing make an anonymous request.
 */
export function createAuthenticate(context: IdentityContext, cookies: SessionCookies, publicUrl: URL) {
  const { accessTokens, cache, clock, csrfTokens, db, log, refreshTokens } = context;
  const touched = new Map<string, number>();

  function noteUse(principal: Principal): void {
    const now = clock.now();
    const last = Math.max(principal.lastUsedAt?.getTime() ?? 0, touched.get(principal.sessionId) ?? 0);
    if (now.getTime() - last < TOUCH_AFTER_MS) return;
    if (touched.size > 10_000) touched.clear();
    touched.set(principal.sessionId, now.getTime());
    db.withSystem((tx) => touch(tx, principal.via, principal.sessionId, now)).catch((error: Error) =>
      log.warn({ error: error.message }, 'last use not noted'),
    );
  }

  function actorOf(principal: Principal | undefined, request: FastifyRequest): Person | undefined {
    if (principal === undefined || principal.expiresAt <= clock.now()) return undefined;
    noteUse(principal);
    const { userId, role, level, groupId, permissions, sessionId, via } = principal;
    return person({ userId, role, level, groupId, permissions, sessionId, via, ip: request.ip });
  }

  const bySession = (sessionId: string): Promise<Principal | undefined> =>
    cache.find(`session ${sessionId}`, () => db.withSystem((tx) => findBySession(tx, sessionId)));

  async function byBearer(token: string, request: FastifyRequest): Promise<Person> {
    const hash = TOKEN_SHAPE.test(token) ? hashToken(token) : undefined;
    const principal =
      hash && (await cache.find(`token ${hash.toString('base64')}`, () => db.withSystem((tx) => findByTokenHash(tx, hash))));
    const actor = actorOf(principal, request);
    if (actor === undefined) throw new Failure('NOT_AUTHENTICATED');
    return actor;
  }

  async function sessionOf(request: FastifyRequest): Promise<string | undefined> {
    const token = cookies.access(request);
    const claims = token === undefined ? 'EXPIRED' : await accessTokens.verify(token);
    if (claims === 'REFUSED') log.warn({ ip: request.ip }, 'access token refused');
    if (typeof claims === 'object') return claims.sessionId;
    // Signing out must work after the access token's end too; the refresh cookie travels to that route.
    if (request.routeOptions.url !== logout.path) return undefined;
    return refreshTokens.parse(cookies.refresh(request) ?? '')?.sessionId;
  }

  return async (request: FastifyRequest): Promise<Person | undefined> => {
    const { headers, method } = request;
    const unsafe = !SAFE_METHODS.has(method);
    const fetchSite = single(headers['sec-fetch-site']);
    if (!isOwnOrigin({ origin: headers.origin, fetchSite, host: request.host, unsafe }, publicUrl))
      throw new Failure('ORIGIN_REFUSED');
    const bearer = /^Bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
    if (bearer !== null) return byBearer(bearer[1] ?? '', request);
    const route = request.routeOptions.url;
    if (route === login.path || route === refresh.path) return undefined;
    const sessionId = await sessionOf(request);
    if (sessionId === undefined) return undefined;
    const actor = actorOf(await bySession(sessionId), request);
    if (actor === undefined) return undefined;
    if (unsafe && !csrfTokens.matches(sessionId, headers['x-csrf-token'])) throw new Failure('CSRF_REQUIRED');
    return actor;
  };
}
