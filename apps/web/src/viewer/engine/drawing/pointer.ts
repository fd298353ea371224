import type { PixelPoint } from '../../model/calibration.ts';
import { DRAWS, type ToolId } from '../tools.ts';
import type { DrawingBoard } from './board.ts';

/** How near a pointer must come, CSS px. */
const REACH = { fine: 7, coarse: 18 };
/** A pointer that moves less than this between down and up has clicked, CSS px. */
const CLICK_PX = 4;

export interface DrawingTarget {
  readonly board: DrawingBoard;
  /** What a mouse button does; 0 is the left one, and fingers and pens. */
  readonly toolOf: (button: number) => ToolId;
  readonly stopPlaying: () => void;
  readonly select: (at: PixelPoint, reach: number) => void;
  /** False where there is no text to change. */
  readonly editText: (at: PixelPoint, reach: number) => boolean;
}

interface Down {
  readonly id: number;
  readonly at: PixelPoint;
  readonly isTaken: boolean;
  readonly button: number;
  isClick: boolean;
}

/** Gives pointers of a pane to its board, before everybody else; what the board takes nobody else hears of. Returns how to stop. */
export function attachDrawing(element: HTMLElement, target: DrawingTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pointer = new DrawingPointer(element, target);
  element.addEventListener('pointerdown', pointer.onDown, { signal, capture: true });
  // The library listens to these.
  element.addEventListener('mousedown', pointer.withhold, { signal, capture: true });
  element.addEventListener('touchstart', pointer.withhold, { signal, capture: true, passive: false });
  element.addEventListener('dblclick', pointer.onDoubleClick, { signal });
  window.addEventListener('pointermove', pointer.onMove, { signal });
  window.addEventListener('pointerup', pointer.onUp, { signal });
  window.addEventListener('pointercancel', pointer.onCancel, { signal });
  return () => stop.abort();
}

class DrawingPointer {
  readonly #element: HTMLElement;
  readonly #target: DrawingTarget;
  readonly #pointers = new Set<number>();
  #down: Down | undefined;

  constructor(element: HTMLElement, target: DrawingTarget) {
    this.#element = element;
    this.#target = target;
  }

  readonly onDown = (event: PointerEvent): void => {
    const { board, toolOf, stopPlaying } = this.#target;
    this.#pointers.add(event.pointerId);
    if (this.#pointers.size > 1) {
      // Two fingers zoom, whatever one has begun.
      board.cancel();
      this.#down = undefined;
      return;
    }
    const kind = DRAWS[toolOf(event.button)];
    const [at, isOurs] = [this.#at(event), event.button === 0 || kind !== undefined];
    if (kind !== undefined) stopPlaying();
    const isTaken = isOurs && board.press(at, kind, reachOf(event));
    this.#down = { id: event.pointerId, at, isTaken, button: event.button, isClick: true };
    if (isTaken) event.stopImmediatePropagation();
  };

  readonly withhold = (event: Event): void => {
    if (this.#down?.isTaken !== true) return;
    event.stopImmediatePropagation();
    // A finger would come once more, as a mouse.
    if (event.type === 'touchstart' && event.cancelable) event.preventDefault();
  };

  readonly onMove = (event: PointerEvent): void => {
    const down = this.#down;
    const isHere = event.target instanceof Node && this.#element.contains(event.target);
    if (down === undefined && !isHere) return;
    const to = this.#at(event);
    if (down?.id === event.pointerId) down.isClick &&= Math.hypot(to[0] - down.at[0], to[1] - down.at[1]) < CLICK_PX;
    if (down === undefined || down.isTaken) this.#target.board.move(to, down?.isTaken === true, reachOf(event));
  };

  readonly onUp = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    if (this.#down?.id !== event.pointerId) return;
    const { isTaken, isClick, button } = this.#down;
    this.#down = undefined;
    if (isTaken) this.#target.board.release(this.#at(event), isClick);
    else if (isClick && button === 0) this.#target.select(this.#at(event), reachOf(event));
  };

  readonly onCancel = (): void => {
    this.#pointers.clear();
    this.#down = undefined;
    this.#target.board.cancel();
  };

  /** Two quick clicks of a drawing tool are two points, and on a text they change it; elsewhere they are the pane's. */
  readonly onDoubleClick = (event: MouseEvent): void => {
    const { editText, toolOf } = this.#target;
    if (editText(this.#at(event), REACH.fine) || DRAWS[toolOf(0)] !== undefined) event.stopPropagation();
  };

  #at(event: MouseEvent): PixelPoint {
    const { left, top } = this.#element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }
}

/** How near a mouse, or a finger, must come, CSS px. */
export const reachOf = (event: PointerEvent): number => (event.pointerType === 'touch' ? REACH.coarse : REACH.fine);
