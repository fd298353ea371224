import type { Router } from '../../access/router.ts';
import type { SharingDeps } from './deps.ts';
import { registerRoutes } from './routes.ts';
import type { Visits } from './visits.ts';

export { shareJobs } from './jobs.ts';
export { createVisits, type Visits } from './visits.ts';

/** Joins shares by link to the router. */
export const registerSharing = (router: Router, deps: SharingDeps, visits: Visits): void => registerRoutes(router, deps, visits);
