import { DicomwebError, type DicomwebErrorCode } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import type { Cine } from './cine.ts';
import { frameStore } from './frame-store.ts';
import type { Drawn } from './pane-geometry.ts';
import type { PaneState } from './pane-state.ts';
import { colorsOf, type Presentation } from './presentation.ts';
import type { SeriesLoader } from './series-loader.ts';
import { EMPTY_PANE, type PaneSnapshot } from './snapshot.ts';

export const errorCodeOf = (error: unknown): DicomwebErrorCode => (error instanceof DicomwebError ? error.code : 'UNDECODABLE');

/** What a label says of the loading of a series, of which the frame `asked` is the one that the reader wants. */
function describeLoading(loader: SeriesLoader, asked: number): Partial<PaneSnapshot> {
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

interface Described {
  readonly series: SeriesModel | undefined;
  readonly status: PaneSnapshot['status'];
  readonly errorCode: DicomwebErrorCode | undefined;
  readonly asked: number;
  readonly loader: SeriesLoader | undefined;
  readonly cine: Cine;
  readonly presentation: Presentation;
  readonly state: PaneState;
  readonly drawn: Drawn | undefined;
}

/** What a pane tells whatever is drawn. */
export const describeWithout = ({
  series,
  asked,
  loader,
  cine,
  presentation,
  state,
  drawn,
  ...told
}: Described): PaneSnapshot => ({
  ...EMPTY_PANE,
  ...{ series, ...told },
  askedIndex: asked,
  frameCount: series?.frames.length ?? 0,
  ...(loader === undefined ? {} : describeLoading(loader, asked)),
  colors: drawn && colorsOf(drawn.planned, presentation),
  state: state.chosen,
  stateStanding: state.standing(drawn?.model),
  isOwnWindow: presentation.choice.kind !== 'own' || presentation.isInverted,
  isPlaying: cine.isPlaying,
  framesPerSecond: cine.framesPerSecond,
});

/** The drawn frame, with the better picture of it that has come meanwhile, where it is a preview; else itself. */
export function latestOf(drawn: Drawn): Drawn {
  const { imageId } = drawn.model;
  const frame = drawn.isWhole ? undefined : frameStore.get(imageId);
  return frame === undefined || frame === drawn.frame ? drawn : { ...drawn, frame, isWhole: frameStore.isWhole(imageId) };
}
