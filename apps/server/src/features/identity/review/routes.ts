import { exportAccessReview, readAccessReview } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import { csvLines } from '../../../platform/csv.ts';
import { tableOf } from './csv.ts';
import { type ReviewDeps, reviewFor } from './review.ts';

/** Joins the review of access to the router. */
export function registerAccessReview(router: Router, deps: ReviewDeps): void {
  router.handle(readAccessReview, ({ actor }) => reviewFor(deps, actor, 'read'));
  router.handle(exportAccessReview, async ({ actor, reply }) => {
    const table = tableOf(await reviewFor(deps, actor, 'export'));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="access.csv"')
      .header('cache-control', 'no-store')
      .send(csvLines(table));
  });
}
