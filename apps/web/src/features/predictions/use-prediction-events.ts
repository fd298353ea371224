import { useEffect } from 'react';
import { addressOf, ROUTES } from '../../api/routes.ts';

const AGAIN_MS = 5_000;
/** Films come in batches: the list is read once for all that change together. */
const TOGETHER_MS = 400;

/** Tells of every change of a prediction in scope for as long as the page is looked at. A page that nobody sees lets go of its connection; what it missed is told when it is seen. */
export function usePredictionEvents(onChange: () => void): void {
  useEffect(() => {
    let source: EventSource | undefined;
    let [again, soon]: [number | undefined, number | undefined] = [undefined, undefined];
    const end = (): void => {
      source?.close();
      source = undefined;
      window.clearTimeout(again);
    };
    const begin = (): void => {
      end();
      if (document.hidden) return;
      const [, path = ''] = ROUTES.predictionEvents.split(' ');
      source = new EventSource(addressOf(path));
      source.addEventListener('changed', () => {
        soon ??= window.setTimeout(() => {
          soon = undefined;
          onChange();
        }, TOGETHER_MS);
      });
      source.addEventListener('error', () => {
        end();
        again = window.setTimeout(begin, AGAIN_MS);
      });
    };
    const onSeen = (): void => {
      begin();
      if (!document.hidden) onChange();
    };
    begin();
    document.addEventListener('visibilitychange', onSeen);
    return () => {
      document.removeEventListener('visibilitychange', onSeen);
      window.clearTimeout(soon);
      end();
    };
  }, [onChange]);
}
