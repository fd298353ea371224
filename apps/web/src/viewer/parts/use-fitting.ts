import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

interface Room {
  /** Width for everything, px. */
  readonly width: number;
  /** What stands there whatever fits, px. */
  readonly fixed: number;
  /** Width of what holds the rest, px. */
  readonly more: number;
}

/** How many of the first things fit, by the width of each, px: all of them, or as many as leave room for one more that holds the rest. */
export function fittingOf(widths: readonly number[], { width, fixed, more }: Room): number {
  const within = (room: number): number => {
    let left = room;
    const first = widths.findIndex((one) => {
      left -= one;
      return left < 0;
    });
    return first < 0 ? widths.length : first;
  };
  const all = within(width - fixed);
  return all === widths.length ? all : within(width - fixed - more);
}

/** Width of an element, px, whenever it gets another one; without end before the first measure, and where nothing is laid out. */
export function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const element = of.current;
    if (element === null) return;
    const measure = (): void => setWidth(element.clientWidth || Number.POSITIVE_INFINITY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return width;
}

const GAP = 2;

/** Widths of what stands in a bar, px: fingers have larger buttons than pointers (viewer.css), and both grow with the reader's own size of letters. */
export interface ButtonWidths {
  readonly button: number;
  /** What opens the others of a group. */
  readonly chevron: number;
}

export function useButtonWidths(): ButtonWidths {
  const [isCoarse, setIsCoarse] = useState(() => window.matchMedia('(pointer: coarse)').matches);
  useEffect(() => {
    const query = window.matchMedia('(pointer: coarse)');
    const onChange = (): void => setIsCoarse(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return isCoarse ? { button: 2.75 * rem + GAP, chevron: 2.75 * rem } : { button: 2.25 * rem + GAP, chevron: 1.5 * rem };
}
