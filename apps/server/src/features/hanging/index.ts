import { deleteHangingRule, listHangingRules, saveHangingRule } from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import type { HangingDeps } from './service.ts';
import * as hanging from './service.ts';

/** Joins how studies hang to the router. */
export function registerHanging(router: Router, deps: HangingDeps): void {
  router.handle(listHangingRules, ({ actor }) => hanging.list(deps, actor));
  router.handle(saveHangingRule, ({ actor, body }) => hanging.save(deps, actor, body));
  router.handle(deleteHangingRule, async ({ actor, params }) => {
    await hanging.remove(deps, actor, params.id);
    return undefined;
  });
}
