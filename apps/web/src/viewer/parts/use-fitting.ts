import { type RefObject, useLayoutEffect, useState } from 'react';

interface Bar {
  /** Width of the bar, px. */
  readonly width: number;
  /** Width of one button with the gap behind it, px. */
  readonly button: number;
  /** What stands in the bar whatever fits, px. */
  readonly fixed: number;
}

/** How many of `count` buttons fit: all of them, or as many as leave room for one more that holds the rest. */
export function fittingOf(count: number, { width, button, fixed }: Bar): number {
  const room = Math.max(0, Math.floor((width - fixed) / button));
  return room >= count ? count : Math.max(0, room - 1);
}

const GAP = 2;

/** How many of `count` buttons of the bar fit, measured anew whenever it gets another width. All of them before the first measure. */
export function useFitting(bar: RefObject<HTMLElement | null>, count: number, fixed: number): number {
  const [fitting, setFitting] = useState(count);
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null) return;
    const measure = (): void => {
      // Fingers have larger buttons than pointers.
      const button = (element.querySelector('button')?.offsetWidth ?? 0) + GAP;
      setFitting(fittingOf(count, { width: element.clientWidth, button, fixed }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [bar, count, fixed]);
  return fitting;
}
