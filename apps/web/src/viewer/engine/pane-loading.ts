import { DicomwebError, type DicomwebErrorCode } from '../model/dicomweb.ts';
import { frameStore } from './frame-store.ts';
import type { Drawn } from './pane-geometry.ts';
import type { SeriesLoader } from './series-loader.ts';
import type { PaneSnapshot } from './snapshot.ts';

export const errorCodeOf = (error: unknown): DicomwebErrorCode => (error instanceof DicomwebError ? error.code : 'UNDECODABLE');

/** What a label says of the loading of a series, of which the frame `asked` is the one that the reader wants. */
export function describeLoading(loader: SeriesLoader, asked: number): Partial<PaneSnapshot> {
  const frameState = loader.stateOf(asked);
  return {
    frameState,
    loadedCount: loader.loadedCount,
    pictureCount: loader.pictureCount,
    states: loader.states,
    fitCount: loader.fitCount,
    ...(frameState === 'failed' && { errorCode: errorCodeOf(loader.errorOf(asked)) }),
  };
}

/** The drawn frame, with the better picture of it that has come meanwhile, where it is a preview; else itself. */
export function latestOf(drawn: Drawn): Drawn {
  const { imageId } = drawn.model;
  const frame = drawn.isWhole ? undefined : frameStore.get(imageId);
  return frame === undefined || frame === drawn.frame ? drawn : { ...drawn, frame, isWhole: frameStore.isWhole(imageId) };
}
