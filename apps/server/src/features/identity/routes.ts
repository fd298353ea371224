import {
  createGroup,
  createToken,
  createUser,
  deleteGroup,
  deleteUser,
  endSession,
  getUser,
  listGroups,
  listSessions,
  listTokens,
  listUsers,
  login,
  logout,
  me,
  refresh,
  revokeToken,
  type SignedIn,
  updateGroup,
  updateProfile,
  updateUser,
} from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Router } from '../../access/router.ts';
import { Failure } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';
import type { SessionCookies } from './cookies.ts';
import { createGroups } from './groups.ts';
import { createOwnSessions } from './own-sessions.ts';
import { createProfile } from './profile.ts';
import { createSignIn, type Device, type OpenSession } from './sign-in.ts';
import { createTokens } from './tokens.ts';
import { createUsers } from './users.ts';

const deviceOf = (request: FastifyRequest): Device => ({ ip: request.ip, userAgent: request.headers['user-agent'] ?? '' });

export function registerIdentity(router: Router, context: IdentityContext, cookies: SessionCookies): void {
  registerSignIn(router, context, cookies);
  registerOwn(router, context, cookies);
  const users = createUsers(context);
  router.handle(listUsers, ({ actor, query }) => users.list(actor, query));
  router.handle(createUser, ({ actor, body }) => users.create(actor, body));
  router.handle(getUser, ({ actor, params }) => users.get(actor, params.id));
  router.handle(updateUser, ({ actor, params, body }) => users.update(actor, params.id, body));
  router.handle(deleteUser, async ({ actor, params }) => {
    await users.remove(actor, params.id);
    return undefined;
  });
  const groups = createGroups(context);
  router.handle(listGroups, ({ actor, query }) => groups.list(actor, query));
  router.handle(createGroup, ({ actor, body }) => groups.create(actor, body.name));
  router.handle(updateGroup, ({ actor, params, body }) => groups.rename(actor, params.id, body.name));
  router.handle(deleteGroup, async ({ actor, params }) => {
    await groups.remove(actor, params.id);
    return undefined;
  });
}

function registerSignIn(router: Router, context: IdentityContext, cookies: SessionCookies): void {
  const signIn = createSignIn(context);
  const answer = (reply: FastifyReply, session: OpenSession): SignedIn => {
    cookies.set(reply, session);
    return { user: session.user, csrfToken: session.csrf, expiresAt: session.accessExpiresAt.toISOString() };
  };
  router.handle(login, async ({ body, request, reply }) => {
    const from = { ...deviceOf(request), device: cookies.device(request) };
    const session = await signIn.login(body.email, body.password, from, cookies.refresh(request));
    const signedIn = answer(reply, session);
    cookies.setDevice(reply, session.device);
    return signedIn;
  });
  router.handle(refresh, async ({ request, reply }) => {
    try {
      return answer(reply, await signIn.refresh(cookies.refresh(request), deviceOf(request)));
    } catch (error) {
      if (error instanceof Failure && (error.code === 'SESSION_EXPIRED' || error.code === 'REFRESH_REUSED')) cookies.clear(reply);
      throw error;
    }
  });
  router.handle(logout, async ({ actor, reply }) => {
    await signIn.logout(actor);
    cookies.clear(reply);
    return undefined;
  });
}

function registerOwn(router: Router, context: IdentityContext, cookies: SessionCookies): void {
  const profile = createProfile(context);
  router.handle(me, async ({ actor, request }) => {
    const claims = actor.via === 'session' ? await context.accessTokens.verify(cookies.access(request) ?? '') : undefined;
    return profile.me(actor, typeof claims === 'object' ? claims.expiresAt : null);
  });
  router.handle(updateProfile, ({ actor, body }) => profile.update(actor, body));
  const sessions = createOwnSessions(context);
  router.handle(listSessions, async ({ actor }) => ({ items: await sessions.list(actor) }));
  router.handle(endSession, async ({ actor, params }) => {
    await sessions.end(actor, params.id);
    return undefined;
  });
  const tokens = createTokens(context);
  router.handle(createToken, ({ actor, body }) => tokens.create(actor, body));
  router.handle(listTokens, async ({ actor }) => ({ items: await tokens.list(actor) }));
  router.handle(revokeToken, async ({ actor, params }) => {
    await tokens.revoke(actor, params.id);
    return undefined;
  });
}
