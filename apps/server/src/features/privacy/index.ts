import { liftHold, listHolds, placeHold } from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import * as holds from './holds/service.ts';

export type PrivacyDeps = holds.HoldDeps;

/** Joins the rights of patients to the router: what is held. */
export function registerPrivacy(router: Router, deps: PrivacyDeps): void {
  router.handle(listHolds, async ({ actor, query }) => ({ items: await holds.list(deps, actor, query.patient) }));
  router.handle(placeHold, async ({ actor, body, reply }) => {
    const hold = await holds.place(deps, actor, body);
    void reply.code(201);
    return hold;
  });
  router.handle(liftHold, async ({ actor, params, body }) => {
    await holds.lift(deps, actor, params.id, body);
    return undefined;
  });
}
