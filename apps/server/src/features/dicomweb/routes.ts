import type { RawHandler, ReaderHandler, Router } from '../../access/router.ts';
import { Failure } from '../../kernel/failure.ts';
import { CAPABILITIES } from './capabilities.ts';
import { capabilitiesHandler } from './capabilities-route.ts';
import { retrieveHandler } from './files/retrieve-route.ts';
import { allBulkdataHandler, bulkdataHandler } from './frames/bulkdata-route.ts';
import { framesHandler } from './frames/frames-route.ts';
import { pixeldataHandler } from './frames/pixeldata-route.ts';
import { metadataHandler } from './metadata/metadata-route.ts';
import { searchHandler } from './qido/search-route.ts';
import type { Dicomweb } from './service.ts';
import { storeHandler } from './stow/store-route.ts';
import { wadoUriHandler } from './wado-uri.ts';

/** What whoever has a link to a study sees of it by DICOMweb, beside its pictures: no file leaves by these. */
function shownOf(web: Dicomweb): Readonly<Record<string, ReaderHandler>> {
  return {
    qidoStudies: searchHandler(web, 'studies'),
    qidoSeries: searchHandler(web, 'series'),
    qidoInstances: searchHandler(web, 'instances'),
    qidoStudySeries: searchHandler(web, 'series'),
    qidoStudyInstances: searchHandler(web, 'instances'),
    qidoSeriesInstances: searchHandler(web, 'instances'),
    studyMetadata: metadataHandler(web, 'study'),
    seriesMetadata: metadataHandler(web, 'series'),
    instanceMetadata: metadataHandler(web, 'instance'),
    frames: framesHandler(web),
  };
}

function handlersOf(web: Dicomweb): Readonly<Record<string, RawHandler>> {
  const bulkdata = allBulkdataHandler(web);
  const pixeldata = pixeldataHandler(web);
  const retrieve = retrieveHandler(web);
  const store = storeHandler(web);
  return {
    retrieveStudy: retrieve,
    retrieveSeries: retrieve,
    retrieveInstance: retrieve,
    bulkdata: bulkdataHandler(web),
    studyBulkdata: bulkdata,
    seriesBulkdata: bulkdata,
    instanceBulkdata: bulkdata,
    studyPixeldata: pixeldata,
    seriesPixeldata: pixeldata,
    instancePixeldata: pixeldata,
    wadoUri: wadoUriHandler(web),
    stow: store,
    stowStudy: store,
  };
}

const SCOPES = [
  ['/dicom-web', ''],
  ['/dicom-web/groups/:group', 'OfGroup'],
] as const;

/** Joins every capability, for all groups and for one (an administrator names it where a UID is ambiguous). */
export function registerRoutes(router: Router, web: Dicomweb): void {
  const shown = shownOf(web);
  const handlers = { ...handlersOf(web), ...shown };
  for (const [prefix, suffix] of SCOPES) {
    for (const { id, method, path, permission } of CAPABILITIES) {
      const route = { id: `${id}${suffix}`, method, path: prefix + path.replaceAll(/\{(\w+)\}/g, ':$1'), permission };
      const [byLink, handler] = [shown[id], handlers[id]];
      if (handler === undefined) throw new Failure('INTERNAL', { detail: 'A capability has no handler.' });
      // What is shared names each study once: nobody who has a link knows a group.
      if (byLink !== undefined && suffix === '') router.shown(route, byLink);
      else router.raw(route, handler);
    }
    for (const method of ['GET', 'OPTIONS'] as const)
      router.raw(
        { id: `capabilities${method}${suffix}`, method, path: `${prefix}/`, permission: 'signed-in' },
        capabilitiesHandler(web),
      );
  }
}
