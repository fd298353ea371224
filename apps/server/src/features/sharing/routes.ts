import {
  createShare,
  downloadShared,
  endShared,
  getShare,
  getShared,
  getSharedSeries,
  listShares,
  openShared,
  withdrawShare,
} from '@negatoscope/contract';
import { requirePermission, scopeOf } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { DOORKEEPER, type SharingDeps } from './deps.ts';
import { open } from './open.ts';
import { endVisit, insertAccess } from './repository.ts';
import { csrfOf, downloadNeeds, hashOf, isCsrfOf } from './rules.ts';
import * as shares from './shares.ts';
import { instancesOf, viewOf } from './shown.ts';
import { rowOf } from './standing.ts';
import type { Visits } from './visits.ts';

const EVERYWHERE = scopeOf(DOORKEEPER);

/** Ends the visit of a cookie, where there is one. Fails with CSRF_REQUIRED. */
async function end({ db, clock }: SharingDeps, visit: string | undefined, csrf: unknown, ip: string): Promise<void> {
  const hash = hashOf(visit);
  if (visit === undefined || hash === undefined) return;
  if (!isCsrfOf(visit, csrf)) throw new Failure('CSRF_REQUIRED');
  await db.withScope(EVERYWHERE, async (tx) => {
    const ended = await endVisit(tx, hash);
    if (ended !== undefined)
      await insertAccess(tx, { id: newId(), shareId: ended.share_id, at: clock.now(), ip, outcome: 'ENDED' });
  });
}

function registerAuthors(router: Router, deps: SharingDeps): void {
  router.handle(createShare, async ({ actor, body, reply }) => {
    const made = await shares.create(deps, actor, body);
    void reply.code(201);
    return made;
  });
  router.handle(listShares, ({ actor, query }) => shares.list(deps, actor, query));
  router.handle(getShare, ({ actor, params }) => shares.details(deps, actor, params.id));
  router.handle(withdrawShare, async ({ actor, params }) => {
    await shares.withdraw(deps, actor, params.id);
    return undefined;
  });
}

function registerDownload(router: Router, deps: SharingDeps): void {
  router.handle(downloadShared, async ({ actor, params, request, reply }) => {
    const { db, clock } = deps;
    const visit = rowOf(actor);
    const scope = scopeOf(actor);
    const [study] = await db.reading(scope, (tx) => findStudies(tx, scope, [params.id]));
    if (study === undefined) throw notFound();
    requirePermission(actor, downloadNeeds(visit.profile));
    const { patient_id: patientId, study_instance_uid: studyInstanceUid } = study;
    await db.withScope(EVERYWHERE, (tx) =>
      insertAccess(tx, { id: newId(), shareId: visit.id, at: clock.now(), ip: request.ip, outcome: 'DOWNLOADED' }),
    );
    return deps.sendStudy(actor, { patientId, studyInstanceUid }, reply);
  });
}

/** Joins sharing to the router: for its authors, and for who opens a link. */
export function registerRoutes(router: Router, deps: SharingDeps, visits: Visits): void {
  registerAuthors(router, deps);
  router.handle(openShared, async ({ body, request, reply }) => {
    const { visit, endsAt } = await open(deps, body, request.ip);
    visits.setCookie(reply, visit, Math.max(0, Math.floor((endsAt.getTime() - deps.clock.now().getTime()) / 1000)));
    void reply.code(201);
    return { csrfToken: csrfOf(visit), visitEndsAt: endsAt.toISOString() };
  });
  router.handle(getShared, ({ actor, request }) => viewOf(deps, actor, csrfOf(visits.cookie(request) ?? '')));
  router.handle(getSharedSeries, async ({ actor, params }) => ({ instances: await instancesOf(deps, actor, params.id) }));
  registerDownload(router, deps);
  router.handle(endShared, async ({ request, reply }) => {
    await end(deps, visits.cookie(request), request.headers['x-csrf-token'], request.ip);
    visits.clearCookie(reply);
    return undefined;
  });
}
