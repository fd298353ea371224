import type { Types } from '@cornerstonejs/core';
import { areaOf, edgesOf, type PresentationState, type StateArea, type Way, waysOf } from '@negatoscope/dicom';
import { toWorld } from '../model/frame-plane.ts';
import type { FrameModel } from '../model/study-model.ts';
import { canvasAxes } from './pane-geometry.ts';

const points = (way: readonly [number, number], wanted: Way): boolean => {
  const length = Math.hypot(...way);
  return length > 0 && Math.abs(way[0] / length - wanted[0]) < 0.01 && Math.abs(way[1] / length - wanted[1]) < 0.01;
};

/** Turned and flipped: in which order the library does both is found by looking where the image's axes lie. */
function turn(viewport: Types.IStackViewport, state: PresentationState, frame: FrameModel): void {
  const wanted = waysOf(state);
  viewport.setViewPresentation({ rotation: 0 });
  viewport.resetCamera();
  viewport.setCamera({ flipHorizontal: state.isFlipped, flipVertical: false });
  for (const rotation of [state.rotation, (360 - state.rotation) % 360]) {
    viewport.setViewPresentation({ rotation });
    const axes = canvasAxes(viewport, frame);
    if (points(axes.i, wanted.i) && points(axes.j, wanted.j)) return;
  }
}

/** Millimetres of the frame for one pixel of the canvas. */
function mmPerPixel(
  viewport: Types.IStackViewport,
  { rotation }: PresentationState,
  area: StateArea | undefined,
  frame: FrameModel,
): number {
  const { canvas } = viewport;
  const { rowMm, columnMm } = frame.drawingSpacing;
  if (area?.sizing === 'magnify' && area.magnification !== undefined) return columnMm / area.magnification;
  const { left, right, top, bottom } = edgesOf(area, frame);
  const [across, down] = [(right - left) * columnMm, (bottom - top) * rowMm];
  const [width, height] = rotation % 180 === 0 ? [across, down] : [down, across];
  return Math.max(width / canvas.width, height / canvas.height);
}

/** Puts a place of the frame in the middle of the pane. */
function centre(viewport: Types.IStackViewport, frame: FrameModel, at: Way): void {
  const { clientWidth, clientHeight } = viewport.canvas;
  const [x, y] = viewport.worldToCanvas(toWorld(frame, at));
  const [from, to] = [viewport.canvasToWorld([clientWidth / 2, clientHeight / 2]), viewport.canvasToWorld([x, y])];
  const moved = (point: Types.Point3 | undefined): Types.Point3 => {
    const [a = 0, b = 0, c = 0] = point ?? [];
    return [a + to[0] - from[0], b + to[1] - from[1], c + to[2] - from[2]];
  };
  const { focalPoint, position } = viewport.getCamera();
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
}

/** Shows the area of a frame that a state names, turned and flipped as it says. */
export function placeByState(viewport: Types.IStackViewport, state: PresentationState, frame: FrameModel): void {
  const area = areaOf(state, frame);
  turn(viewport, state, frame);
  const mm = mmPerPixel(viewport, state, area, frame);
  if (!(mm > 0) || !Number.isFinite(mm)) return;
  viewport.setCamera({ parallelScale: (viewport.canvas.height / 2) * mm });
  const { left, right, top, bottom } = edgesOf(area, frame);
  centre(viewport, frame, [(left + right) / 2, (top + bottom) / 2]);
}
