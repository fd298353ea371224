import { getSeriesDisplay } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import type { Dicomweb } from '../service.ts';

/** The mapping of a series' frames that store no window, as rendered resources and thumbnails use it. */
export function registerDisplay(router: Router, web: Dicomweb): void {
  router.handle(getSeriesDisplay, async ({ actor, params, query }) => {
    const path = { studyInstanceUid: params.studyInstanceUid, groupId: query.groupId };
    const series = await web.handles.series(actor, path, params.seriesInstanceUid);
    await web.use(actor, series, 'metadata');
    const { mapping, isWhole } = await web.mappings.of(series);
    return { mapping: mapping ?? null, isWhole };
  });
}
