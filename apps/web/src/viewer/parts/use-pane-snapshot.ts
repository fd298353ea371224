import { useSyncExternalStore } from 'react';
import { EMPTY_PANE, type Pane, type PaneSnapshot } from '../engine/index.ts';

const noSubscription = (): (() => void) => () => undefined;
const emptySnapshot = (): PaneSnapshot => EMPTY_PANE;

export function usePaneSnapshot(pane: Pick<Pane, 'subscribe' | 'getSnapshot'> | undefined): PaneSnapshot {
  return useSyncExternalStore(pane?.subscribe ?? noSubscription, pane?.getSnapshot ?? emptySnapshot);
}
