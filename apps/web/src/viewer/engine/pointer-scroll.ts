import type { MouseBindings, ToolId } from './tools.ts';

/** Wheel travel (CSS px) that counts as one notch of a mouse; less than that is collected, as touchpads send. */
const NOTCH_PX = 50;
const COLLECT_PX = 30;

export interface ScrollTarget {
  readonly scrollBy: (delta: number) => void;
  readonly zoomBy: (factor: number) => void;
  readonly frameCount: () => number;
  /** What a mouse button does; 0 is the left one, and fingers and pens. */
  readonly toolOf: (button: number) => ToolId;
  /** What the wheel does; with Ctrl it does the other. */
  readonly wheel: () => MouseBindings['wheel'];
}

/** Scrolling by wheel, by touchpad and, with the scroll tool, by dragging with the mouse or one finger. Returns how to stop. */
export function attachScrolling(element: HTMLElement, target: ScrollTarget): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal, passive: false } as const;
  attachWheel(element, target, options);
  attachDragging(element, target, options);
  // The library cancels every key pressed on a viewport, those of the browser included; the viewer has its own keys.
  element.addEventListener('keydown', (event) => event.stopImmediatePropagation(), { ...options, capture: true });
  // The middle button would start the browser's own scrolling, which takes the keyboard.
  element.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault(), options);
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  return () => stop.abort();
}

interface ListenOptions {
  readonly signal: AbortSignal;
  readonly passive: false;
}

/** A notch is a frame, or a step of zoom. */
function attachWheel(element: HTMLElement, target: ScrollTarget, options: ListenOptions): void {
  let collected = 0;
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * NOTCH_PX;
    if ((event.ctrlKey || event.metaKey) === (target.wheel() === 'scroll')) {
      target.zoomBy(Math.exp(-Math.sign(delta) * Math.min(Math.abs(delta), NOTCH_PX) * 0.004));
      return;
    }
    if (Math.abs(delta) >= NOTCH_PX) {
      collected = 0;
      target.scrollBy(Math.sign(delta));
      return;
    }
    collected += delta;
    const steps = Math.trunc(collected / COLLECT_PX);
    collected -= steps * COLLECT_PX;
    if (steps !== 0) target.scrollBy(steps);
  };
  element.addEventListener('wheel', onWheel, options);
}

/** The height of the element goes through the whole series, within bounds. */
function attachDragging(element: HTMLElement, target: ScrollTarget, options: ListenOptions): void {
  const pointers = new Map<number, ToolId>();
  let lastY = 0;
  let dragged = 0;

  const onDown = (event: PointerEvent): void => {
    pointers.set(event.pointerId, target.toolOf(event.button));
    lastY = event.clientY;
    dragged = 0;
  };
  const onMove = (event: PointerEvent): void => {
    if (pointers.size !== 1 || pointers.get(event.pointerId) !== 'scroll') return;
    dragged += event.clientY - lastY;
    lastY = event.clientY;
    const pxPerFrame = Math.min(14, Math.max(2, element.clientHeight / Math.max(1, target.frameCount())));
    const steps = Math.trunc(dragged / pxPerFrame);
    dragged -= steps * pxPerFrame;
    if (steps !== 0) target.scrollBy(steps);
  };
  const onEnd = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
  };

  element.addEventListener('pointerdown', onDown, options);
  window.addEventListener('pointermove', onMove, { signal: options.signal });
  window.addEventListener('pointerup', onEnd, { signal: options.signal });
  window.addEventListener('pointercancel', onEnd, { signal: options.signal });
}
