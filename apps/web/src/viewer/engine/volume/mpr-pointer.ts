import { reachOf } from '../drawing/pointer.ts';
import type { MprToolId, ScreenPoint } from './mpr-snapshot.ts';

/** Wheel travel (CSS px) that counts as one notch of a mouse; less than that is collected, as touchpads send. */
const NOTCH_PX = 50;
const COLLECT_PX = 30;

/** A drag of so many px is a slice. */
const SCROLL_PX = 8;

/** A drag shorter than this draws nothing, CSS px. */
const LEAST_DRAG_PX = 3;

export interface MprPointerTarget {
  readonly tool: () => MprToolId;
  readonly pointAt: (at: ScreenPoint) => void;
  readonly scrollBy: (steps: number) => void;
  readonly zoomBy: (factor: number, at: ScreenPoint) => void;
  readonly panBy: (dx: number, dy: number) => void;
  readonly dragWindow: (dx: number, dy: number) => void;
  /** Without a place: the pointer has left. */
  readonly hover: (at: ScreenPoint | undefined) => void;
  /** A line that is being drawn; undefined when it no longer is. */
  readonly draft: (line: readonly [ScreenPoint, ScreenPoint] | undefined) => void;
  readonly drawLength: (from: ScreenPoint, to: ScreenPoint) => void;
  readonly drawProbe: (at: ScreenPoint) => void;
  /** Takes hold of what is drawn at a place; false where there is nothing to be taken. `reach` in CSS px. */
  readonly take: (at: ScreenPoint, reach: number) => boolean;
  readonly carry: (to: ScreenPoint) => void;
  readonly letGo: (isKept: boolean) => void;
  readonly click: (at: ScreenPoint, reach: number) => void;
}

interface Drag {
  readonly tool: MprToolId | 'carry';
  readonly from: ScreenPoint;
  last: ScreenPoint;
}

const apart = (a: ScreenPoint, b: ScreenPoint): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** What a button does whatever the tool: right zooms, middle pans, as on stacks. */
const toolOf = (event: PointerEvent, tool: MprToolId): MprToolId =>
  event.button === 2 ? 'zoom' : event.button === 1 ? 'pan' : tool;

/** Mouse, pen and fingers on one plane. */
class MprPointer {
  readonly #element: HTMLElement;
  readonly #target: MprPointerTarget;
  readonly #pointers = new Map<number, ScreenPoint>();
  #drag: Drag | undefined;
  #collected = 0;

  constructor(element: HTMLElement, target: MprPointerTarget, signal: AbortSignal) {
    this.#element = element;
    this.#target = target;
    const options = { signal, passive: false } as const;
    element.addEventListener('pointerdown', this.#onDown, options);
    element.addEventListener('pointermove', this.#onMove, options);
    element.addEventListener('pointerup', this.#onEnd, options);
    element.addEventListener('pointercancel', this.#onCancel, options);
    element.addEventListener('pointerleave', () => target.hover(undefined), options);
    element.addEventListener('wheel', this.#onWheel, options);
    element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
    // The middle button would start the browser's own scrolling.
    element.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault(), options);
  }

  #at(event: MouseEvent): ScreenPoint {
    const { left, top } = this.#element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  readonly #onDown = (event: PointerEvent): void => {
    // What turns the planes is held by itself: this hears of it before React could keep it from here.
    if (event.target instanceof Element && event.target.closest('.ng-mpr-handle') !== null) return;
    const at = this.#at(event);
    this.#element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, at);
    this.#target.draft(undefined);
    // A second finger zooms and pans; what the first began ends.
    if (this.#pointers.size > 1) {
      this.#giveUp();
      return;
    }
    const isTaken = event.button === 0 && this.#target.take(at, reachOf(event));
    this.#drag = { tool: isTaken ? 'carry' : toolOf(event, this.#target.tool()), from: at, last: at };
    if (this.#drag.tool === 'crosshair') this.#target.pointAt(at);
  };

  readonly #onMove = (event: PointerEvent): void => {
    const at = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) {
      this.#target.hover(at);
      return;
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, at);
    if (other !== undefined) this.#pinch(before, at, other);
    else if (this.#drag !== undefined) this.#go(this.#drag, at);
  };

  #pinch(before: ScreenPoint, at: ScreenPoint, other: ScreenPoint): void {
    const middle: ScreenPoint = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    this.#target.panBy((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    if (apart(before, other) > 1) this.#target.zoomBy(apart(at, other) / apart(before, other), middle);
  }

  #go(drag: Drag, at: ScreenPoint): void {
    const [dx, dy] = [at[0] - drag.last[0], at[1] - drag.last[1]];
    drag.last = at;
    if (drag.tool === 'crosshair') this.#target.pointAt(at);
    else if (drag.tool === 'scroll') this.#scroll(dy);
    else if (drag.tool === 'window') this.#target.dragWindow(dx, dy);
    else if (drag.tool === 'pan') this.#target.panBy(dx, dy);
    else if (drag.tool === 'zoom') this.#target.zoomBy(Math.exp(-dy * 0.01), drag.from);
    else if (drag.tool === 'length') this.#target.draft([drag.from, at]);
    else if (drag.tool === 'carry') this.#target.carry(at);
  }

  #giveUp(): void {
    if (this.#drag?.tool === 'carry') this.#target.letGo(false);
    this.#drag = undefined;
  }

  /** A finger's way down goes on through the slices. */
  #scroll(dy: number): void {
    this.#collected += dy;
    const steps = Math.trunc(this.#collected / SCROLL_PX);
    this.#collected -= steps * SCROLL_PX;
    if (steps !== 0) this.#target.scrollBy(steps);
  }

  readonly #onEnd = (event: PointerEvent): void => {
    const drag = this.#drag;
    const at = this.#at(event);
    const hasMoved = drag !== undefined && apart(drag.from, at) >= LEAST_DRAG_PX;
    if (drag?.tool === 'carry') this.#target.letGo(hasMoved);
    this.#drag = undefined;
    this.#onCancel(event);
    // A value is asked for where somebody clicks, also on what is drawn there.
    const probes = drag?.tool === 'probe' || (drag?.tool === 'carry' && !hasMoved && this.#target.tool() === 'probe');
    if (drag?.tool === 'length' && hasMoved) this.#target.drawLength(drag.from, at);
    else if (probes) this.#target.drawProbe(at);
    else if (drag !== undefined && !hasMoved && event.button === 0) this.#target.click(at, reachOf(event));
  };

  readonly #onCancel = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    this.#giveUp();
    this.#target.draft(undefined);
  };

  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * NOTCH_PX;
    if (event.ctrlKey || event.metaKey) {
      this.#target.zoomBy(Math.exp(-Math.sign(delta) * Math.min(Math.abs(delta), NOTCH_PX) * 0.004), this.#at(event));
      return;
    }
    if (Math.abs(delta) >= NOTCH_PX) {
      this.#collected = 0;
      this.#target.scrollBy(Math.sign(delta));
      return;
    }
    this.#collected += delta;
    const steps = Math.trunc(this.#collected / COLLECT_PX);
    this.#collected -= steps * COLLECT_PX;
    if (steps !== 0) this.#target.scrollBy(steps);
  };
}

/** Gives how to stop. */
export function attachMprPointer(element: HTMLElement, target: MprPointerTarget): () => void {
  const stop = new AbortController();
  new MprPointer(element, target, stop.signal);
  return () => stop.abort();
}

/** Degrees by which a drag turns about a place on the screen, clockwise, -180 to 180. */
export function turnedBy(centre: ScreenPoint, from: ScreenPoint, to: ScreenPoint): number {
  const angle = (at: ScreenPoint): number => Math.atan2(at[1] - centre[1], at[0] - centre[0]);
  const degrees = ((angle(to) - angle(from)) * 180) / Math.PI;
  return degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees;
}
