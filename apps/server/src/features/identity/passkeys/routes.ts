import {
  addPasskey,
  beginPasskey,
  beginPasskeyProof,
  beginPasskeySignIn,
  beginSecondPasskey,
  listPasskeys,
  passkeySignIn,
  proveAgain,
  proveSecondFactor,
  removePasskey,
  renamePasskey,
  type SignedIn,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Router } from '../../../access/router.ts';
import type { IdentityContext } from '../context.ts';
import type { SessionCookies } from '../cookies.ts';
import { signInDeviceOf } from '../device.ts';
import type { Carried } from '../factor/carried.ts';
import { proveSession } from '../factor/own-factor.ts';
import { prove } from '../factor/second-step.ts';
import type { NewSession } from '../opened-session.ts';
import type { Challenges } from './challenges.ts';
import * as enter from './enter.ts';
import * as own from './own-passkeys.ts';
import { proveByPasskey } from './prove.ts';

interface Parts {
  readonly context: IdentityContext;
  readonly cookies: SessionCookies;
  readonly carried: Carried;
  readonly challenges: Challenges;
}

export function registerPasskeys(
  router: Router,
  { context, cookies, carried, challenges }: Parts,
  opened: (reply: FastifyReply, session: NewSession) => SignedIn,
): void {
  router.handle(beginPasskeySignIn, ({ reply }) => enter.beginSignIn(context, challenges, reply));
  router.handle(passkeySignIn, async ({ body, request, reply }) => {
    const given = { challenge: await challenges.take(request), passkey: body.passkey, previous: cookies.refresh(request) };
    return opened(reply, await enter.signIn(context, given, signInDeviceOf(request, cookies)));
  });
  router.handle(proveSecondFactor, async ({ body, request, reply }) => {
    const { code = '', newPassword, passkey } = body;
    const [half, device] = [await carried.half(request), signInDeviceOf(request, cookies)];
    if (passkey === undefined) return opened(reply, await prove(context, half, { code, newPassword }, device));
    const given = { challenge: await challenges.take(request), passkey, newPassword };
    return opened(reply, await enter.proveByPasskey(context, half, given, device));
  });
  router.handle(beginSecondPasskey, async ({ request, reply }) =>
    enter.beginSecond(context, challenges, await carried.half(request), reply),
  );
  registerOwnPasskeys(router, context, challenges);
}

function registerOwnPasskeys(router: Router, context: IdentityContext, challenges: Challenges): void {
  router.handle(proveAgain, async ({ actor, body: { passkey, ...given }, request }) => {
    if (passkey === undefined) await proveSession(context, actor, given);
    else await proveByPasskey(context, actor, passkey, await challenges.take(request));
    return undefined;
  });
  router.handle(beginPasskeyProof, ({ actor, reply }) => own.beginProof(context, challenges, actor, reply));
  router.handle(listPasskeys, ({ actor }) => own.list(context, actor));
  router.handle(beginPasskey, ({ actor, reply }) => own.begin(context, challenges, actor, reply));
  router.handle(addPasskey, async ({ actor, body, request }) => own.add(context, actor, await challenges.take(request), body));
  router.handle(renamePasskey, ({ actor, params, body }) => own.rename(context, actor, params.id, body.name));
  router.handle(removePasskey, async ({ actor, params }) => {
    await own.remove(context, actor, params.id);
    return undefined;
  });
}
