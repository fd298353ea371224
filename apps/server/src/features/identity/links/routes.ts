import { askForPassword, inviteUser, readAccountLink, setPassword } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import type { IdentityContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import * as links from './links.ts';

export function registerLinks(router: Router, context: IdentityContext): void {
  router.handle(inviteUser, ({ actor, params, body }) => links.invite(context, actor, params.id, body));
  router.handle(askForPassword, async ({ body, request }) => {
    await links.askForPassword(context, body.email, deviceOf(request));
    return undefined;
  });
  router.handle(readAccountLink, ({ body, request }) => links.read(context, body.token, deviceOf(request)));
  router.handle(setPassword, async ({ body, request }) => {
    await links.setPassword(context, body, deviceOf(request));
    return undefined;
  });
}
