import { previewRecalibration, recalibrateModel, unrecalibrateModel } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import * as recalibration from './service.ts';

export function registerRecalibration(router: Router, deps: recalibration.RecalibrationDeps): void {
  router.handle(previewRecalibration, ({ actor, query }) => recalibration.preview(deps, actor, query));
  router.handle(recalibrateModel, async ({ actor, body }) => ({
    recalibrations: await recalibration.recalibrate(deps, actor, body),
  }));
  router.handle(unrecalibrateModel, async ({ actor, query }) => {
    await recalibration.unrecalibrate(deps, actor, query);
    return undefined;
  });
}
