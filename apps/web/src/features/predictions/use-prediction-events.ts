import { useEffect } from 'react';
import { addressOf } from '../../api/address.ts';
import { LiveEvents } from '../../api/live-events.ts';
import { ROUTES } from '../../api/routes.ts';

/** Films come in batches: the list is read once for all that change together. */
const TOGETHER_MS = 400;

/** Tells of every change of a prediction in scope for as long as the page is looked at; `onChange` asks for the list. */
export function usePredictionEvents(onChange: () => Promise<unknown>): void {
  useEffect(() => {
    let soon: number | undefined;
    const [, path = ''] = ROUTES.predictionEvents.split(' ');
    const changed = (): void => {
      soon ??= window.setTimeout(() => {
        soon = undefined;
        void onChange();
      }, TOGETHER_MS);
    };
    const live = new LiveEvents({ address: () => addressOf(path), catchUp: onChange, isCaughtUp: true, on: { changed } });
    return () => {
      window.clearTimeout(soon);
      live.close();
    };
  }, [onChange]);
}
