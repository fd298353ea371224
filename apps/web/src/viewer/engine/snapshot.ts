import type { ColorScaleName, DecodedFrame, FramePlan, PresentationState, Voi } from '@negatoscope/dicom';
import type { Calibration } from '../model/calibration.ts';
import type { DicomwebErrorCode } from '../model/dicomweb.ts';
import type { FrameState } from '../model/load-order.ts';
import type { CanvasAxes, EdgeLetters } from '../model/orientation.ts';
import type { FrameModel, SeriesModel } from '../model/study-model.ts';
import type { PlannedFrame } from './frame-plans.ts';

export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
}

/** Where the image lies in its pane: its corner, and the steps of one column and one row of it, CSS px. */
export interface ImagePlace extends CanvasAxes {
  readonly origin: readonly [number, number];
}

/** What is shown now, for choices that start from it. */
export interface Shown {
  readonly model: FrameModel;
  readonly frame: DecodedFrame;
  readonly planned: PlannedFrame;
  readonly voi: Voi | undefined;
}

/** How the presentation state of a pane stands to the frame that is drawn. */
export type StateStanding = 'applied' | 'elsewhere' | 'failed';

/** What a pane shows, as one immutable value. */
export interface PaneSnapshot {
  readonly series: SeriesModel | undefined;
  readonly status: 'empty' | 'loading' | 'ready' | 'unsupported' | 'failed';
  /** Why the series as a whole, or the frame asked for, cannot be shown. */
  readonly errorCode: DicomwebErrorCode | undefined;
  /** The frame asked for, from 0. */
  readonly askedIndex: number;
  /** How the frame asked for is getting on. */
  readonly frameState: FrameState | undefined;
  /** The frame that is drawn, from 0; everything that a label says is of this one. Undefined before the first and under a tile. */
  readonly shownIndex: number | undefined;
  /** Whether what is drawn was made of the beginning of the frame: not without loss yet, and nothing to measure values in. */
  readonly isPreview: boolean;
  /** The frame that is drawn. */
  readonly frame: FrameModel | undefined;
  readonly frameCount: number;
  readonly loadedCount: number;
  /** Frames of which there is a picture. */
  readonly pictureCount: number;
  readonly states: readonly FrameState[];
  /** Frames that memory holds at once; those farther off come when they are gone to. */
  readonly fitCount: number;
  /** The stored transfer syntax of the drawn frame may lose information. */
  readonly isLossySyntax: boolean;
  /** How the drawn frame is shown. */
  readonly plan: FramePlan | undefined;
  readonly voi: Voi | undefined;
  /** Name of the stored choice in use, for a table, which has no numbers. */
  readonly voiName: string | undefined;
  /** Screen pixels (CSS) for one image pixel. */
  readonly zoom: number | undefined;
  readonly place: ImagePlace | undefined;
  readonly letters: EdgeLetters;
  readonly calibration: Calibration;
  readonly scaleBar: ScaleBar | undefined;
  readonly isInverted: boolean;
  /** In which a parametric map is shown. */
  readonly colors: ColorScaleName | undefined;
  readonly isFlippedHorizontally: boolean;
  readonly isFlippedVertically: boolean;
  /** The presentation state that was chosen, and how it stands to the drawn frame. */
  readonly state: PresentationState | undefined;
  readonly stateStanding: StateStanding | undefined;
  /** Whether the reader chose a window, other colours or turned black and white round. */
  readonly isOwnWindow: boolean;
  readonly isPlaying: boolean;
  readonly framesPerSecond: number;
}

export const EMPTY_PANE: PaneSnapshot = {
  series: undefined,
  status: 'empty',
  errorCode: undefined,
  askedIndex: 0,
  frameState: undefined,
  shownIndex: undefined,
  isPreview: false,
  frame: undefined,
  frameCount: 0,
  loadedCount: 0,
  pictureCount: 0,
  states: [],
  fitCount: 0,
  isLossySyntax: false,
  plan: undefined,
  voi: undefined,
  voiName: undefined,
  zoom: undefined,
  place: undefined,
  letters: { top: '', right: '', bottom: '', left: '' },
  calibration: { kind: 'none' },
  scaleBar: undefined,
  isInverted: false,
  colors: undefined,
  isFlippedHorizontally: false,
  isFlippedVertically: false,
  state: undefined,
  stateStanding: undefined,
  isOwnWindow: false,
  isPlaying: false,
  framesPerSecond: 10,
};

/** Whether the frame that was asked for is still to come, so that what is drawn is another. */
export const isWaiting = ({ status, frameState, shownIndex, askedIndex }: PaneSnapshot): boolean =>
  (status === 'ready' || status === 'loading') && frameState !== 'failed' && shownIndex !== askedIndex;
