import { decideConflict, decideIdentityReview, getConflict, listConflicts, listIdentityReviews } from '@negatoscope/contract';
import type { Router } from '../../kernel/router.ts';
import { scopeOf } from '../access/index.ts';
import { type DecisionTools, decideConflict as decide } from './conflict-decision.ts';
import { describeConflict, listConflictPage, requireConflict } from './conflicts.ts';
import { decideReview, listReviews } from './identity-review.ts';

export function registerReviews(router: Router, tools: DecisionTools): void {
  const { db } = tools;
  router.handle(listConflicts, ({ actor, query }) => listConflictPage(tools, scopeOf(actor), query));
  router.handle(getConflict, async ({ actor, params }) => {
    const row = await db.withScope(scopeOf(actor), (tx) => requireConflict(tx, params.id));
    return describeConflict(tools, scopeOf(actor), row, true);
  });
  router.handle(decideConflict, ({ actor, params, body }) => decide(tools, actor, { id: params.id, decision: body.decision }));
  router.handle(listIdentityReviews, ({ actor, query }) => listReviews(db, actor, query));
  router.handle(decideIdentityReview, async ({ actor, params, body, reply }) => {
    await decideReview(tools, actor, { id: params.id, ...body });
    return reply.code(204).send();
  });
}
