import type { Types } from '@cornerstonejs/core';
import type { RenderedFrame } from '@negatoscope/dicom';
import { frameSpacing, roundScaleLengthMm } from '../model/calibration.ts';
import { toWorld } from '../model/frame-plane.ts';
import { edgeLetters } from '../model/orientation.ts';
import type { FrameModel } from '../model/study-model.ts';
import type { ImagePlace, PaneSnapshot, Shown } from './snapshot.ts';

/** Longest scale bar, as a share of the pane's width. */
const SCALE_BAR_SHARE = 0.3;

/** Where the pixels of a frame lie in its viewport, CSS px. */
export function canvasAxes(viewport: Types.IStackViewport, frame: FrameModel): ImagePlace {
  const toCanvas = (column: number, row: number): Types.Point2 => viewport.worldToCanvas(toWorld(frame, [column, row]));
  const [origin, alongRow, alongColumn] = [toCanvas(0, 0), toCanvas(1, 0), toCanvas(0, 1)];
  return {
    origin: [origin[0], origin[1]],
    i: [alongRow[0] - origin[0], alongRow[1] - origin[1]],
    j: [alongColumn[0] - origin[0], alongColumn[1] - origin[1]],
  };
}

/** Where the pixels of a frame lie that is shown whole in the middle of a pane of so many CSS px. */
export function wholeInPane({ rows, columns, drawingSpacing }: FrameModel, width: number, height: number): ImagePlace {
  const { rowMm, columnMm } = drawingSpacing;
  const pxPerMm = Math.min(width / (columns * columnMm), height / (rows * rowMm));
  const [i, j] = [pxPerMm * columnMm, pxPerMm * rowMm];
  return { origin: [(width - columns * i) / 2, (height - rows * j) / 2], i: [i, 0], j: [0, j] };
}

/** Whether a viewport has an image: the library's processor paints black before, and can't tell where anything lies. */
export const hasImage = (viewport: Types.IStackViewport): boolean => viewport.getImageData() !== undefined;

/** The frame in the viewport. */
export interface Drawn extends Shown {
  /** From 0. */
  readonly index: number;
  /** False for a preview: see the store of frames. */
  readonly isWhole: boolean;
  /** What was given to the library. */
  readonly picture: RenderedFrame;
}

/** What a label says of the drawn frame. */
export function describeDrawn(viewport: Types.IStackViewport, drawn: Drawn, isInverted: boolean): Partial<PaneSnapshot> {
  const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
  return {
    ...describeFrame(drawn),
    isInverted,
    isFlippedHorizontally: flipHorizontal,
    isFlippedVertically: flipVertical,
    ...describePlace(canvasAxes(viewport, drawn.model), viewport.canvas.clientWidth, drawn.model),
  };
}

/** What a label says of a frame wherever it lies. */
export function describeFrame({ index, model, planned, voi, isWhole }: Omit<Drawn, 'picture'>): Partial<PaneSnapshot> {
  return {
    shownIndex: index,
    isPreview: !isWhole,
    frame: model,
    isLossySyntax: planned.isLossy,
    plan: planned.plan,
    voi,
    voiName: planned.plan.choices.find((choice) => choice.voi === voi)?.explanation,
    calibration: model.calibration,
  };
}

/** Zoom, place, orientation letters and scale bar of a frame as it lies in a pane of so many CSS px. */
export function describePlace(
  axes: ImagePlace,
  paneWidth: number,
  frame: FrameModel,
): Pick<PaneSnapshot, 'zoom' | 'letters' | 'scaleBar' | 'place'> {
  const zoom = Math.hypot(...axes.i);
  const letters = edgeLetters(axes, frame.frameOrientation);
  const spacing = frameSpacing(frame.calibration);
  if (spacing === undefined) return { zoom, letters, place: axes, scaleBar: undefined };
  const { rowMm, columnMm } = spacing;
  // The bar lies horizontally, so it follows whichever image axis does.
  const isRowHorizontal = Math.abs(axes.i[0]) >= Math.abs(axes.j[0]);
  const pxPerMm = isRowHorizontal ? zoom / columnMm : Math.hypot(...axes.j) / rowMm;
  const lengthMm = roundScaleLengthMm((paneWidth * SCALE_BAR_SHARE) / pxPerMm);
  return {
    zoom,
    letters,
    place: axes,
    scaleBar: lengthMm === undefined ? undefined : { lengthMm, lengthPx: lengthMm * pxPerMm },
  };
}

/** Zooms so that one column of the image is one of the screen, and moves the image onto the screen's grid. */
export function showActualPixels(viewport: Types.IStackViewport, frame: FrameModel): void {
  const { canvas } = viewport;
  viewport.resetCamera();
  viewport.setCamera({ parallelScale: (canvas.height / 2) * frame.drawingSpacing.columnMm });
  const perPixel = canvas.width / canvas.clientWidth;
  const [x, y] = viewport.worldToCanvas(toWorld(frame, [0, 0]));
  const offGrid = (position: number): number => Math.round(position * perPixel) / perPixel - position;
  const [from, to] = [viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([offGrid(x), offGrid(y)])];
  const moved = (point: Types.Point3 | undefined): Types.Point3 => {
    const [a = 0, b = 0, c = 0] = point ?? [];
    return [a - to[0] + from[0], b - to[1] + from[1], c - to[2] + from[2]];
  };
  const { focalPoint, position } = viewport.getCamera();
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
}
