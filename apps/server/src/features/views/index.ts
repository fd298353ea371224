import { deleteListView, listListViews, saveListView } from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import type { ViewDeps } from './service.ts';
import * as views from './service.ts';

/** Joins saved views of lists to the router. */
export function registerViews(router: Router, deps: ViewDeps): void {
  router.handle(listListViews, ({ actor }) => views.list(deps, actor));
  router.handle(saveListView, ({ actor, body }) => views.save(deps, actor, body));
  router.handle(deleteListView, async ({ actor, params }) => {
    await views.remove(deps, actor, params.id);
    return undefined;
  });
}
