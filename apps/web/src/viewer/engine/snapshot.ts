import type { Calibration } from '../model/calibration.ts';
import type { DicomwebErrorCode } from '../model/dicomweb.ts';
import type { FrameState } from '../model/load-order.ts';
import type { EdgeLetters } from '../model/orientation.ts';
import type { FrameModel, SeriesModel } from '../model/study-model.ts';

export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
}

/** What a pane shows, as one immutable value. */
export interface PaneSnapshot {
  readonly series: SeriesModel | undefined;
  readonly status: 'empty' | 'loading' | 'ready' | 'unsupported' | 'failed';
  /** Why the series as a whole, or the present frame, cannot be shown. */
  readonly errorCode: DicomwebErrorCode | undefined;
  /** The frame asked for, from 0. */
  readonly index: number;
  readonly frame: FrameModel | undefined;
  readonly frameState: FrameState | undefined;
  readonly frameCount: number;
  readonly loadedCount: number;
  readonly states: readonly FrameState[];
  readonly window: { readonly center: number; readonly width: number } | undefined;
  /** Screen pixels (CSS) for one image pixel. */
  readonly zoom: number | undefined;
  readonly letters: EdgeLetters;
  readonly calibration: Calibration;
  readonly scaleBar: ScaleBar | undefined;
  readonly isInverted: boolean;
  readonly isFlippedHorizontally: boolean;
  readonly isFlippedVertically: boolean;
  readonly isPlaying: boolean;
  readonly framesPerSecond: number;
}

export const EMPTY_PANE: PaneSnapshot = {
  series: undefined,
  status: 'empty',
  errorCode: undefined,
  index: 0,
  frame: undefined,
  frameState: undefined,
  frameCount: 0,
  loadedCount: 0,
  states: [],
  window: undefined,
  zoom: undefined,
  letters: { top: '', right: '', bottom: '', left: '' },
  calibration: { kind: 'none' },
  scaleBar: undefined,
  isInverted: false,
  isFlippedHorizontally: false,
  isFlippedVertically: false,
  isPlaying: false,
  framesPerSecond: 10,
};
