import {
  decideDeidHeld,
  findDeidText,
  listDeidHeld,
  listDeidHeldFiles,
  previewDeid,
  resumeDeidExport,
} from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import { type DeidExportDeps, resume } from './exports.ts';
import * as held from './held.ts';
import { findText, preview } from './looking.ts';

/** Joins what people decide about files that may show text to the router. */
export function registerDeidHeld(router: Router, deps: DeidExportDeps): void {
  router.handle(listDeidHeld, ({ actor, params }) => held.listSeries(deps, actor, params.id));
  router.handle(listDeidHeldFiles, ({ actor, params, query }) => held.listFiles(deps, actor, { ...params, ...query }));
  router.handle(findDeidText, async ({ actor, params, query }) => {
    const { header, looks } = await findText(deps, actor, params.id, query.frame);
    return { header: [...header], looks: [...looks] };
  });
  router.handle(previewDeid, ({ actor, body }) => preview(deps, actor, body));
  router.handle(decideDeidHeld, ({ actor, params, body }) => held.decide(deps, actor, params.id, body));
  router.handle(resumeDeidExport, async ({ actor, params, reply }) => {
    const resumed = await resume(deps, actor, params.id);
    void reply.code(202);
    return resumed;
  });
}
