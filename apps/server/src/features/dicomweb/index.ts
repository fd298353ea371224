import type { Router } from '../../access/router.ts';
import { registerProgressive } from './frames/progressive-route.ts';
import { registerOpening } from './opening/opening-route.ts';
import { registerDisplay } from './rendered/display-route.ts';
import { registerRendered } from './rendered/rendered-routes.ts';
import { registerWaveforms } from './rendered/waveform-route.ts';
import { refuseAnonymized, searchOf } from './request.ts';
import { registerRoutes } from './routes.ts';
import { createDicomweb, type DicomwebPorts } from './service.ts';

export { createDatasets, type DatasetPorts } from './files/datasets.ts';
export { createHeavyWork } from './heavy.ts';
export { mappingJobs, mapSeries } from './mapping-job.ts';
export type { IngestFiles, StoredFile } from './ports.ts';
export { searchIndex } from './qido/search-index.ts';

/** Nothing is answered with names to who wants none: WADO-URI alone knows that wish, and reads it itself. */
const withNames = (router: Router): Router => ({
  handle: (operation, handler) => router.handle(operation, handler),
  raw: (route, handler) =>
    router.raw(route, async (input) => {
      if (!route.id.startsWith('wadoUri')) refuseAnonymized(searchOf(input.request));
      return handler(input);
    }),
  shown: (route, handler) =>
    router.shown(route, async (input) => {
      refuseAnonymized(searchOf(input.request));
      return handler(input);
    }),
});

/** Joins DICOMweb (PS3.18) at `/dicom-web`; the returned function stops listening for cache invalidation. */
export function registerDicomweb(given: Router, ports: DicomwebPorts): () => Promise<void> {
  const web = createDicomweb(ports);
  const router = withNames(given);
  registerRoutes(router, web);
  registerRendered(router, web);
  registerDisplay(router, web);
  registerWaveforms(router, web);
  registerProgressive(router, web);
  registerOpening(router, web);
  return () => web.close();
}
