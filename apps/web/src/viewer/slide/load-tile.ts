import { fetchRenderedFrame } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { frameUrl, seriesUrl } from '../model/study-url.ts';
import type { LoadTile } from './tile-store.ts';

/** Of what has lost something already: a fifth of the bytes, and no difference that could be seen. */
export const LOSSY_QUALITY = 95;

/** Tiles as the server renders them, whatever they were stored as: without loss where they were kept so. */
export const tileLoader =
  ({ study, seriesInstanceUid }: SeriesModel): LoadTile =>
  async (level, { frame }, signal) => {
    const url = `${frameUrl(seriesUrl(study, seriesInstanceUid), level.sopInstanceUid, frame)}/rendered`;
    const picture =
      level.lossyRatio === undefined
        ? fetchRenderedFrame(url, 'image/png', signal)
        : fetchRenderedFrame(`${url}?quality=${LOSSY_QUALITY}`, 'image/jpeg', signal);
    const bitmap = await createImageBitmap(await picture);
    return { source: bitmap, close: () => bitmap.close() };
  };
