import { Enums, type RenderingEngine } from '@cornerstonejs/core';
import { resizePanes } from './resize-panes.ts';

const REFRESHING = [Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE];

interface Heard {
  /** What a label says may have changed: place, image or size. */
  readonly onChange: () => void;
  readonly onRendered: () => void;
}
/**
 * A viewport of frames in the element of a pane. Hears what the library does there, and gives all panes their new size when that of this one
 * changes. The answer ends the hearing; who closes the pane takes the viewport away.
 */
export function openStack(rendering: RenderingEngine, id: string, element: HTMLDivElement, heard: Heard): () => void {
  const { onChange, onRendered } = heard;
  const type = Enums.ViewportType.STACK;
  rendering.enableElement({ viewportId: id, type, element, defaultOptions: { background: [0, 0, 0] } });
  for (const event of REFRESHING) element.addEventListener(event, onChange);
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientHeight > 0) resizePanes(rendering);
    onChange();
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    for (const event of REFRESHING) element.removeEventListener(event, onChange);
    element.removeEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  };
}
