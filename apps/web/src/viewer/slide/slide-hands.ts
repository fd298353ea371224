import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { movedLook, type Point } from './look.ts';
import type { Looking } from './use-slide.ts';
import type { SlideDrawing } from './use-slide-drawing.ts';

const STEP = 1.25;
/** Of the pane, by an arrow key. */
const PAN = 80;
/** A wheel's notch is 100 of these; a touch pad gives few at a time. */
const WHEEL = 0.0018;

const MOVES: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: PAN, y: 0 },
  ArrowRight: { x: -PAN, y: 0 },
  ArrowUp: { x: 0, y: PAN },
  ArrowDown: { x: 0, y: -PAN },
};

/** From the middle of an element. */
function pointIn(element: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

/** The wheel goes nearer where the pointer is. React listens passively, which would scroll the page as well. */
export function useWheel(element: RefObject<HTMLElement | null>, zoom: Looking['zoom']): void {
  useEffect(() => {
    const { current } = element;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const notches = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
      zoom(Math.exp(-notches * WHEEL), pointIn(event.currentTarget as Element, event));
    };
    current?.addEventListener('wheel', onWheel, { passive: false });
    return () => current?.removeEventListener('wheel', onWheel);
  }, [element, zoom]);
}

/** What hands do with a slide. */
export interface SlideHands extends Looking {
  readonly drawing: Pick<SlideDrawing, 'pointer' | 'key'>;
  /** Through the focal planes, upwards. */
  readonly step: (by: number) => void;
}

const KEYS = [...Object.keys(MOVES), ...['+', '=', '-', '0', 'Home', 'PageUp', 'PageDown', 'l', 'E', 'Delete']];

/** The keys that a slide takes, for the desk to leave them alone. */
export function ownKeys({ tool, isHeld, isUnderMiddle }: Pick<SlideDrawing, 'tool' | 'isHeld' | 'isUnderMiddle'>): string {
  if (tool !== 'move' || isHeld) return [...KEYS, 'Enter', 'Escape'].join(' ');
  return (isUnderMiddle ? [...KEYS, 'Enter'] : KEYS).join(' ');
}

/** Keys of a slide; whether one was meant. */
export function keyOnSlide(key: string, { change, zoom, whole, step, drawing }: SlideHands): boolean {
  const move = MOVES[key];
  if (drawing.key(key)) return true;
  if (move !== undefined) change((look) => movedLook(look, move));
  else if (key === '+' || key === '=') zoom(STEP);
  else if (key === '-') zoom(1 / STEP);
  else if (key === '0' || key === 'Home') whole();
  else if (key === 'PageUp') step(1);
  else if (key === 'PageDown') step(-1);
  else return false;
  return true;
}

/** One finger or the mouse moves the slide, two come nearer; a double click does, too. */
export function useHands(looking: SlideHands) {
  const held = useRef(new Map<number, Point>());
  const { change, zoom, drawing } = looking;
  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = pointIn(event.currentTarget, event);
    held.current.set(event.pointerId, at);
    drawing.pointer.down(event, at);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const before = held.current.get(event.pointerId);
    if (before === undefined) return;
    const now = pointIn(event.currentTarget, event);
    if (drawing.pointer.move(event, now)) return void held.current.set(event.pointerId, now);
    const [other] = [...held.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    held.current.set(event.pointerId, now);
    if (other === undefined) change((look) => movedLook(look, { x: now.x - before.x, y: now.y - before.y }));
    else {
      const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    }
  };
  const end = (event: PointerEvent, isKept: boolean): void => {
    drawing.pointer.up(event, isKept);
    held.current.delete(event.pointerId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keyOnSlide(event.key, looking)) return;
    // The desk's own keys mean other things.
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    ...{ onPointerDown, onPointerMove, onKeyDown },
    onPointerUp: (event: PointerEvent): void => end(event, true),
    onPointerCancel: (event: PointerEvent): void => end(event, false),
  };
}
