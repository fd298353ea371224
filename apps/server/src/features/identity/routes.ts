import {
  createGroup,
  createToken,
  createUser,
  deleteGroup,
  deleteUser,
  endOtherSessions,
  endSession,
  getUser,
  joinUser,
  listGroups,
  listSessions,
  listTokens,
  listUserEvents,
  listUsers,
  login,
  logout,
  me,
  nameSession,
  refresh,
  revokeToken,
  type SignedIn,
  updateGroup,
  updateProfile,
  updateUser,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Router } from '../../access/router.ts';
import { Failure } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';
import type { SessionCookies } from './cookies.ts';
import { deviceOf, signInDeviceOf } from './device.ts';
import type { Carried } from './factor/carried.ts';
import { askSecondStep, registerFactor } from './factor/routes.ts';
import * as groups from './groups.ts';
import { history } from './history.ts';
import { join } from './join.ts';
import { registerLinks } from './links/routes.ts';
import type { NewSession, OpenSession } from './opened-session.ts';
import * as ownSessions from './own-sessions.ts';
import type { Challenges } from './passkeys/challenges.ts';
import { registerPasskeys } from './passkeys/routes.ts';
import * as profile from './profile.ts';
import { type Providers, registerProviders } from './providers/routes.ts';
import * as signIn from './sign-in.ts';
import * as tokens from './tokens.ts';
import * as users from './users.ts';

export interface IdentityParts {
  readonly context: IdentityContext;
  readonly cookies: SessionCookies;
  readonly providers: Providers;
  readonly carried: Carried;
  readonly challenges: Challenges;
}

export function registerIdentity(router: Router, parts: IdentityParts): void {
  const { context, cookies } = parts;
  registerSignIn(router, parts);
  registerOwn(router, context, cookies);
  registerLinks(router, context);
  router.handle(listUsers, ({ actor, query }) => users.list(context, actor, query));
  router.handle(createUser, ({ actor, body }) => users.create(context, actor, body));
  router.handle(getUser, ({ actor, params }) => users.get(context, actor, params.id));
  router.handle(updateUser, ({ actor, params, body }) => users.update(context, actor, params.id, body));
  router.handle(deleteUser, async ({ actor, params }) => {
    await users.remove(context, actor, params.id);
    return undefined;
  });
  router.handle(listUserEvents, ({ actor, params, query }) => history(context, actor, params.id, query));
  router.handle(joinUser, ({ actor, params, body }) => join(context, actor, { ...body, id: params.id }));
  router.handle(listGroups, ({ actor, query }) => groups.list(context, actor, query));
  router.handle(createGroup, ({ actor, body }) => groups.create(context, actor, body.name));
  router.handle(updateGroup, ({ actor, params, body }) => groups.rename(context, actor, params.id, body.name));
  router.handle(deleteGroup, async ({ actor, params }) => {
    await groups.remove(context, actor, params.id);
    return undefined;
  });
}

function registerSignIn(router: Router, { context, cookies, providers, carried, challenges }: IdentityParts): void {
  const answer = (reply: FastifyReply, session: OpenSession): SignedIn => {
    cookies.set(reply, session);
    return { user: session.user, csrfToken: session.csrf, expiresAt: session.accessExpiresAt.toISOString() };
  };
  registerProviders(router, { ...providers, context, cookies, challenges }, answer);
  const opened = (reply: FastifyReply, session: NewSession): SignedIn => {
    carried.dropHalf(reply);
    cookies.setDevice(reply, session.device);
    return answer(reply, session);
  };
  registerFactor(router, { context, cookies, carried }, opened);
  registerPasskeys(router, { context, cookies, carried, challenges }, opened);
  router.handle(login, async ({ body, request, reply }) => {
    const previous = cookies.refresh(request);
    const session = await signIn.login(context, body, signInDeviceOf(request, cookies), previous);
    if ('step' in session) return askSecondStep(carried, reply, { kind: 'half', ...session, previous });
    const signedIn = answer(reply, session);
    cookies.setDevice(reply, session.device);
    return signedIn;
  });
  router.handle(refresh, async ({ request, reply }) => {
    try {
      return answer(reply, await signIn.refresh(context, cookies.refresh(request), deviceOf(request)));
    } catch (error) {
      if (error instanceof Failure && (error.code === 'SESSION_EXPIRED' || error.code === 'REFRESH_REUSED')) cookies.clear(reply);
      throw error;
    }
  });
  router.handle(logout, async ({ actor, reply }) => {
    await signIn.logout(context, actor);
    cookies.clear(reply);
    return undefined;
  });
}

function registerOwn(router: Router, context: IdentityContext, cookies: SessionCookies): void {
  router.handle(me, async ({ actor, request }) => {
    const claims = actor.via === 'session' ? await context.accessTokens.verify(cookies.access(request) ?? '') : undefined;
    return profile.me(context, actor, typeof claims === 'object' ? claims.expiresAt : null);
  });
  router.handle(updateProfile, ({ actor, body }) => profile.update(context, actor, body));
  router.handle(listSessions, async ({ actor }) => ({ items: await ownSessions.list(context, actor) }));
  router.handle(endSession, async ({ actor, params }) => {
    await ownSessions.end(context, actor, params.id);
    return undefined;
  });
  router.handle(nameSession, async ({ actor, params, body }) => {
    await ownSessions.name(context, actor, params.id, body.name);
    return undefined;
  });
  router.handle(endOtherSessions, async ({ actor }) => {
    await ownSessions.endOthers(context, actor);
    return undefined;
  });
  router.handle(createToken, ({ actor, body }) => tokens.create(context, actor, body));
  router.handle(listTokens, async ({ actor }) => ({ items: await tokens.list(context, actor) }));
  router.handle(revokeToken, async ({ actor, params }) => {
    await tokens.revoke(context, actor, params.id);
    return undefined;
  });
}
