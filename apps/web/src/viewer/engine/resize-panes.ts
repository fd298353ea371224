import { type RenderingEngine, StackViewport, type Types } from '@cornerstonejs/core';

/** Whether a viewport shows its image whole and in the middle, as it is when it is opened. */
function isFitted(viewport: Types.IStackViewport): boolean {
  const [x, y] = viewport.getPan();
  return Math.abs(viewport.getZoom() - 1) < 1e-3 && Math.hypot(x, y) < 1;
}

/**
 * All panes take the size of their elements at once. What was whole stays whole: the library keeps millimetres a pixel of the height, by which an image
 * loses its sides when a second pane comes beside it. It does so for a pane that waits for its image too, and lays the image in at the zoom that came of
 * it. What somebody enlarged stays as large.
 */
export function resizePanes(rendering: RenderingEngine): void {
  const stacks = rendering.getViewports().filter((viewport) => viewport instanceof StackViewport);
  const fitted = stacks.filter(isFitted);
  rendering.resize(true, true);
  for (const viewport of fitted) {
    if (viewport.getImageIds().length === 0) viewport.resetCamera();
    else viewport.setViewPresentation({ ...viewport.getViewPresentation(), zoom: 1, pan: [0, 0] });
    viewport.render();
  }
}
