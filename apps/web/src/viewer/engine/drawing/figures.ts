import { describe, type FramePixels } from '../../annotations/describe.ts';
import { placedPoints, placedText } from '../../annotations/placed-points.ts';
import { linesOf, type MeasurementLabels } from '../../annotations/texts.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import type { FrameModel } from '../../model/study-model.ts';
import { planOf } from '../frame-plans.ts';
import { frameStore } from '../frame-store.ts';
import type { Drawn } from '../measurements.ts';
import { drawingCounts } from './counts.ts';

export interface Said {
  readonly points: readonly PixelPoint[];
  readonly lines: readonly string[];
  /** The middle of its text where somebody has moved that. */
  readonly textAt: PixelPoint | undefined;
}

/** A frame as it is here now; undefined before there is a picture of it. */
export function pixelsOf(imageId: string): FramePixels | undefined {
  const [frame, planned] = [frameStore.get(imageId), planOf(imageId)];
  return frame === undefined || planned === undefined
    ? undefined
    : { frame, plan: planned.plan, isWhole: frameStore.isWhole(imageId) };
}

interface Kept extends Said {
  readonly frame: FrameModel;
  readonly words: MeasurementLabels;
  readonly stage: 'none' | 'preview' | 'whole';
}

const stageOf = (imageId: string): Kept['stage'] => {
  if (frameStore.isWhole(imageId)) return 'whole';
  return frameStore.has(imageId) ? 'preview' : 'none';
};

const kept = new WeakMap<Drawn, Kept>();

/** What an annotation says on a frame, worked out once, and once more when the frame comes without loss; undefined where it does not lie on it. */
export function saidOf(item: Drawn, frame: FrameModel, words: MeasurementLabels): Said | undefined {
  const stage = stageOf(frame.imageId);
  const known = kept.get(item);
  if (known?.frame === frame && known.words === words && known.stage === stage) return known;
  const points = placedPoints(item.geometry, frame);
  if (points === undefined) return undefined;
  const textAt = placedText(item.geometry, frame);
  const said = { points, textAt, lines: textLines(item, frame, words), frame, words, stage };
  kept.set(item, said);
  return said;
}

/** The lines of `saidOf`, or the same in other words than the panes': those are worked out for who asks and not kept. */
export function linesIn(item: Drawn, frame: FrameModel, shown: MeasurementLabels, words = shown): readonly string[] | undefined {
  const said = saidOf(item, frame, shown);
  return said === undefined || words.language === shown.language ? said?.lines : textLines(item, frame, words);
}

export function textLines(
  item: Pick<Drawn, 'kind' | 'geometry' | 'label'>,
  frame: FrameModel,
  words: MeasurementLabels,
): string[] {
  drawingCounts.described += 1;
  return linesOf(item.kind, describe(item, frame, pixelsOf(frame.imageId)), words);
}
