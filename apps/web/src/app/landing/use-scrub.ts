import { type RefObject, useEffect, useState } from 'react';
import { progressOf, sliceAt } from './scrub.ts';

interface Scrub {
  /** What is scrolled. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** What is gone through meanwhile. */
  readonly section: RefObject<HTMLElement | null>;
  readonly count: number;
}

/** The slice that the scrolling has come to; undefined as long as nobody has scrolled. */
export function useScrub({ scroller, section, count }: Scrub): number | undefined {
  const [slice, setSlice] = useState<number>();
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const follow = (): void => {
      const place = section.current?.getBoundingClientRect();
      if (place !== undefined) setSlice(sliceAt(progressOf(place, element.clientHeight), count));
    };
    element.addEventListener('scroll', follow, { passive: true });
    return () => element.removeEventListener('scroll', follow);
  }, [scroller, section, count]);
  return slice;
}
