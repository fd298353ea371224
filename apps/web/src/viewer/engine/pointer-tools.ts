import { isWaiting, type PaneSnapshot } from './snapshot.ts';

/** Tools that bind what they draw to the image: a reader must see that image, and no other, while drawing. */
export const MEASURING_TOOLS: ReadonlySet<string> = new Set(['length', 'angle', 'probe']);

export interface PointerTarget {
  readonly tool: () => string;
  readonly snapshot: () => PaneSnapshot;
  /** Distances in CSS px. */
  readonly dragWindow: (dx: number, dy: number) => void;
  readonly stopPlaying: () => void;
}

/** The windowing drag, and measuring that waits for the image that was asked for. Returns how to stop. */
export function attachPointerTools(element: HTMLElement, target: PointerTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pointers = new Set<number>();
  let last: readonly [number, number] = [0, 0];

  /** Before the library hears of it, since its own listeners are on the same element. */
  const guard = (event: Event): void => {
    if (!MEASURING_TOOLS.has(target.tool()) || (event instanceof MouseEvent && event.button !== 0)) return;
    target.stopPlaying();
    if (isWaiting(target.snapshot())) event.stopImmediatePropagation();
  };
  for (const type of ['mousedown', 'touchstart']) element.addEventListener(type, guard, { signal, capture: true });

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    pointers.add(event.pointerId);
    last = [event.clientX, event.clientY];
  };
  const onMove = (event: PointerEvent): void => {
    if (target.tool() !== 'window' || pointers.size !== 1 || !pointers.has(event.pointerId)) return;
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
