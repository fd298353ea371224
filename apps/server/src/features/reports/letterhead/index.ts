import { getReportSite, saveReportSite } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import type { TextDeps } from '../texts/keeping.ts';
import * as sites from './service.ts';

/** Joins what sites say of their reports to the router. */
export function registerSites(router: Router, deps: TextDeps): void {
  router.handle(getReportSite, ({ actor, query }) => sites.get(deps, actor, query.siteId ?? null));
  router.handle(saveReportSite, ({ actor, body }) => sites.save(deps, actor, body));
}
