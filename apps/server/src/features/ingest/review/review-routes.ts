import {
  type Conflict,
  decideConflict,
  decideConflicts,
  decideIdentityReview,
  getConflict,
  listConflicts,
  listIdentityReviews,
  listPatientMerges,
  reopenConflict,
  reopenConflicts,
  undoPatientMerge,
} from '@negatoscope/contract';
import { type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { findHeld } from '../../../archive/lifecycle/held.ts';
import { findConflict } from '../../../archive/records/conflicts.ts';
import { type DecisionTools, decideConflict as decide, forEachConflict } from './conflict-decision.ts';
import { reopenConflict as reopen } from './conflict-undo.ts';
import { describeConflict, listConflictPage, requireConflict, withoutIdentity } from './conflicts.ts';
import { decideHeld } from './held-imports.ts';
import { decideReview, heldBy, listReviews } from './identity-review.ts';
import { listMerges, undoMergeOf } from './merges.ts';

export function registerReviews(router: Router, tools: DecisionTools): void {
  const { db } = tools;
  const shown = (actor: Person, conflict: Conflict): Conflict => (seesIdentity(actor) ? conflict : withoutIdentity(conflict));
  router.handle(listConflicts, async ({ actor, query }) => {
    const page = await listConflictPage(tools, scopeOf(actor), query);
    return { ...page, items: page.items.map((conflict) => shown(actor, conflict)) };
  });
  router.handle(getConflict, async ({ actor, params }) => {
    const row = await db.reading(scopeOf(actor), (tx) => requireConflict(findConflict(tx, params.id)));
    return shown(actor, await describeConflict(tools, scopeOf(actor), row, true));
  });
  router.handle(decideConflict, async ({ actor, params, body }) =>
    shown(actor, await decide(tools, actor, { id: params.id, decision: body.decision })),
  );
  router.handle(decideConflicts, ({ actor, body: { ids, decision } }) =>
    forEachConflict(ids, (id) => decide(tools, actor, { id, decision })),
  );
  router.handle(reopenConflict, async ({ actor, params }) => shown(actor, await reopen(tools, actor, params.id)));
  router.handle(reopenConflicts, ({ actor, body }) => forEachConflict(body.ids, (id) => reopen(tools, actor, id)));
  router.handle(listIdentityReviews, ({ actor, query }) => listReviews(db, actor, query));
  router.handle(listPatientMerges, async ({ actor, params }) => ({ items: await listMerges(tools, actor, params.id) }));
  router.handle(undoPatientMerge, async ({ actor, params, reply }) => {
    await undoMergeOf(tools, actor, params.id);
    return reply.code(204).send();
  });
  router.handle(decideIdentityReview, async ({ actor, params, body, reply }) => {
    const request = { id: params.id, ...body };
    const isHeld =
      seesIdentity(actor) &&
      (await db.reading(await heldBy(db, actor), (tx) => findHeld(tx, scopeOf(actor), params.id))) !== undefined;
    await (isHeld ? decideHeld(tools, actor, request) : decideReview(tools, actor, request));
    return reply.code(204).send();
  });
}
