import type { Router } from '../../access/router.ts';
import { registerProgressive } from './frames/progressive-route.ts';
import { registerDisplay } from './rendered/display-route.ts';
import { registerRendered } from './rendered/rendered-routes.ts';
import { registerWaveforms } from './rendered/waveform-route.ts';
import { registerRoutes } from './routes.ts';
import { createDicomweb, type DicomwebPorts } from './service.ts';

export { createDatasets, type DatasetPorts } from './files/datasets.ts';
export { createHeavyWork } from './heavy.ts';
export { mappingJobs, mapSeries } from './mapping-job.ts';
export type { IngestFiles, StoredFile } from './ports.ts';
export { searchIndex } from './qido/search-index.ts';

/** Joins DICOMweb (PS3.18) at `/dicom-web`; the returned function stops listening for cache invalidation. */
export function registerDicomweb(router: Router, ports: DicomwebPorts): () => Promise<void> {
  const web = createDicomweb(ports);
  registerRoutes(router, web);
  registerRendered(router, web);
  registerDisplay(router, web);
  registerWaveforms(router, web);
  registerProgressive(router, web);
  return () => web.close();
}
