/** How far a section has been scrolled through, 0 to 1: from where its top is at the top of the window to where its end is at the window's end. */
export function progressOf({ top, height }: { top: number; height: number }, view: number): number {
  const way = height - view;
  return way <= 0 ? 0 : Math.min(1, Math.max(0, -top / way));
}

/** The slice, from 0, that stands at a point of the way. */
export const sliceAt = (progress: number, count: number): number => Math.min(count - 1, Math.floor(progress * count));
