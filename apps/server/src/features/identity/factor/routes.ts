import {
  beginFactor,
  beginRequiredFactor,
  confirmFactor,
  confirmRequiredFactor,
  ownFactor,
  removeFactor,
  renewRecoveryCodes,
  resetFactor,
  type SignedIn,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { IdentityContext } from '../context.ts';
import type { SessionCookies } from '../cookies.ts';
import { signInDeviceOf } from '../device.ts';
import type { NewSession } from '../opened-session.ts';
import type { Carried, Half } from './carried.ts';
import * as own from './own-factor.ts';
import * as second from './second-step.ts';

interface Parts {
  readonly context: IdentityContext;
  readonly cookies: SessionCookies;
  readonly carried: Carried;
}

export function registerFactor(
  router: Router,
  { context, cookies, carried }: Parts,
  opened: (reply: FastifyReply, session: NewSession) => SignedIn,
): void {
  router.handle(beginRequiredFactor, async ({ request }) => second.beginRequired(context, carried, await carried.half(request)));
  router.handle(confirmRequiredFactor, async ({ body, request, reply }) => {
    const half = await carried.half(request);
    const { session, recoveryCodes } = await second.confirmRequired(
      context,
      carried,
      half,
      body,
      signInDeviceOf(request, cookies),
    );
    return { ...opened(reply, session), recoveryCodes };
  });
  registerOwnFactor(router, context, carried);
}

function registerOwnFactor(router: Router, context: IdentityContext, carried: Carried): void {
  router.handle(ownFactor, ({ actor }) => own.get(context, actor));
  router.handle(beginFactor, ({ actor }) => own.begin(context, carried, actor));
  router.handle(confirmFactor, ({ actor, body }) => own.confirm(context, carried, actor, body));
  router.handle(renewRecoveryCodes, ({ actor }) => own.renewCodes(context, actor));
  router.handle(removeFactor, async ({ actor }) => {
    await own.remove(context, actor);
    return undefined;
  });
  router.handle(resetFactor, async ({ actor, params }) => {
    await own.reset(context, actor, params.id);
    return undefined;
  });
}

/** The password was right, and more is asked: what says so goes with the refusal, and opens nothing. */
export async function askSecondStep(carried: Carried, reply: FastifyReply, half: Half): Promise<never> {
  await carried.putHalf(reply, half);
  throw new Failure(half.step === 'PROVE' ? 'SECOND_FACTOR_REQUIRED' : 'SECOND_FACTOR_SETUP_REQUIRED');
}
