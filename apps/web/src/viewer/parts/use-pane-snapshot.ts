import { useSyncExternalStore } from 'react';
import { EMPTY_PANE, type Pane, type PaneSnapshot } from '../engine/index.ts';

type Told = Pick<Pane, 'subscribe' | 'getSnapshot'>;

const noSubscription = (): (() => void) => () => undefined;
const emptySnapshot = (): PaneSnapshot => EMPTY_PANE;

/** All that a pane tells, which changes with every slice and every frame that comes: for what lies over its image. Everything else takes a value of it. */
export function usePaneSnapshot(pane: Told | undefined): PaneSnapshot {
  return useSyncExternalStore(pane?.subscribe ?? noSubscription, pane?.getSnapshot ?? emptySnapshot);
}

/**
 * One value of what a pane tells: who takes it is drawn anew when that value changes, however often the pane is scrolled. `select` must give the same object
 * for what is the same.
 */
export function usePaneValue<T>(pane: Told | undefined, select: (snapshot: PaneSnapshot) => T): T {
  return useSyncExternalStore(pane?.subscribe ?? noSubscription, () => select(pane?.getSnapshot() ?? EMPTY_PANE));
}
