import { useSyncExternalStore } from 'react';

/** How many times as large as usual letters are: those of the root grow with the window at 4K (ui/base.css), and by the reader's own setting. */
const lettersNow = (): number => (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16;

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

/** The same, for what is drawn in pixels, so that it grows with the words beside it. */
export const useLetters = (): number => useSyncExternalStore(onResize, lettersNow);
