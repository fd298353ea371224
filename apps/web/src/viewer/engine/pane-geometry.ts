import { type Types, utilities } from '@cornerstonejs/core';
import { roundScaleLengthMm } from '../model/calibration.ts';
import { type CanvasAxes, edgeLetters } from '../model/orientation.ts';
import type { FrameModel } from '../model/study-model.ts';
import type { PaneSnapshot } from './snapshot.ts';

/** Longest scale bar, as a share of the pane's width. */
const SCALE_BAR_SHARE = 0.3;

function canvasAxes(viewport: Types.IStackViewport, frame: FrameModel): CanvasAxes | undefined {
  const toCanvas = (column: number, row: number): Types.Point2 | undefined => {
    const [x, y, z] = utilities.imageToWorldCoords(frame.imageId, [column, row]) ?? [];
    return x === undefined || y === undefined || z === undefined ? undefined : viewport.worldToCanvas([x, y, z]);
  };
  const origin = toCanvas(0, 0);
  const alongRow = toCanvas(1, 0);
  const alongColumn = toCanvas(0, 1);
  if (origin === undefined || alongRow === undefined || alongColumn === undefined) return undefined;
  return {
    i: [alongRow[0] - origin[0], alongRow[1] - origin[1]],
    j: [alongColumn[0] - origin[0], alongColumn[1] - origin[1]],
  };
}

/** Zoom, orientation letters and scale bar of a frame as it lies in its viewport now. */
export function describeGeometry(
  viewport: Types.IStackViewport,
  frame: FrameModel,
): Pick<PaneSnapshot, 'zoom' | 'letters' | 'scaleBar'> | undefined {
  const axes = canvasAxes(viewport, frame);
  if (axes === undefined) return undefined;
  const zoom = Math.hypot(...axes.i);
  const letters = edgeLetters(axes, frame.frameOrientation);
  if (frame.calibration.kind === 'none') return { zoom, letters, scaleBar: undefined };
  const { rowMm, columnMm } = frame.calibration.spacing;
  // The bar lies horizontally, so it follows whichever image axis does.
  const isRowHorizontal = Math.abs(axes.i[0]) >= Math.abs(axes.j[0]);
  const pxPerMm = isRowHorizontal ? zoom / columnMm : Math.hypot(...axes.j) / rowMm;
  const lengthMm = roundScaleLengthMm((viewport.canvas.clientWidth * SCALE_BAR_SHARE) / pxPerMm);
  return { zoom, letters, scaleBar: lengthMm === undefined ? undefined : { lengthMm, lengthPx: lengthMm * pxPerMm } };
}
