import { useSyncExternalStore } from 'react';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
/** Room for a detail beside a list. */
export const useIsWide = (): boolean => useMedia('(min-width: 1200px)');
export const useIsPhone = (): boolean => useMedia('(max-width: 639px)');
