import type { ToolId } from './tools.ts';

export interface PointerTarget {
  /** What a mouse button does; 0 is the left one, and fingers and pens. */
  readonly toolOf: (button: number) => ToolId;
  /** Distances in CSS px. */
  readonly dragWindow: (dx: number, dy: number) => void;
}

/** The windowing drag. Returns how to stop. */
export function attachPointerTools(element: HTMLElement, target: PointerTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  /** What each pointer that is down does. */
  const pointers = new Map<number, ToolId>();
  let last: readonly [number, number] = [0, 0];

  const onDown = (event: PointerEvent): void => {
    pointers.set(event.pointerId, target.toolOf(event.button));
    last = [event.clientX, event.clientY];
  };
  const onMove = (event: PointerEvent): void => {
    if (pointers.size !== 1 || pointers.get(event.pointerId) !== 'window') return;
    const [x, y] = last;
    last = [event.clientX, event.clientY];
    target.dragWindow(event.clientX - x, event.clientY - y);
  };
  const onEnd = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
  };
  element.addEventListener('pointerdown', onDown, { signal });
  window.addEventListener('pointermove', onMove, { signal });
  window.addEventListener('pointerup', onEnd, { signal });
  window.addEventListener('pointercancel', onEnd, { signal });
  return () => stop.abort();
}
