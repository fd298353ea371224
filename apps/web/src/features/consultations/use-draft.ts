import type { Consultation } from '@negatoscope/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Drafted, DraftKeeper } from './draft-keeper.ts';

export interface Drafting extends Drafted {
  readonly keeper: DraftKeeper;
}

/** What somebody types in a consultation, kept as they type. */
export function useDraft(consultation: Consultation): Drafting {
  const [keeper] = useState(() => new DraftKeeper(consultation));
  const shown = useSyncExternalStore(keeper.subscribe, keeper.snapshot);
  useEffect(() => keeper.receive(consultation), [keeper, consultation]);
  useEffect(() => {
    const leave = (): void => void keeper.flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [keeper]);
  return { ...shown, keeper };
}
