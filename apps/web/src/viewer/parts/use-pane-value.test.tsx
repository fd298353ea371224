import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EMPTY_PANE, type PaneSnapshot } from '../engine/snapshot.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { useMprDoor } from '../mpr/mpr-door.tsx';
import { useJump } from '../panel/use-jump.ts';
import { useReadingRoom } from '../panel/use-reading-room.ts';
import { usePaneSnapshot, usePaneValue } from './use-pane-snapshot.ts';

const series = { seriesInstanceUid: '1.2', frames: [{}, {}], study: { studyInstanceUid: '1' } } as unknown as SeriesModel; // What is asked of it.

/** A pane that tells whatever it is given. */
function paneOf() {
  let snapshot: PaneSnapshot = { ...EMPTY_PANE, series, status: 'ready', frameCount: 2, shownIndex: 0 };
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    tell: (change: Partial<PaneSnapshot>) => {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener();
    },
  };
}
type FakePane = ReturnType<typeof paneOf>;

let root: ReturnType<typeof createRoot>;
beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  root = createRoot(document.createElement('div'));
});
afterEach(async () => act(async () => root.unmount()));

/** Each takes other things of a pane: none goes on with the state of the one before. */
let parts = 0;

/** Takes of a pane what a test says, and tells that it is drawn. */
function Part({ use, onDrawn }: { readonly use: () => void; readonly onDrawn: () => void }): ReactNode {
  onDrawn();
  use();
  return null;
}

/** How often a component is drawn while its pane is scrolled through a hundred slices that come meanwhile. */
async function drawnWhileScrolling(pane: FakePane, use: () => void): Promise<number> {
  parts += 1;
  let count = 0;
  const onDrawn = (): void => {
    count += 1;
  };
  const client = new QueryClient();
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <Part key={parts} {...{ use, onDrawn }} />
      </QueryClientProvider>,
    ),
  );
  const before = count;
  for (let slice = 1; slice <= 100; slice += 1)
    await act(async () =>
      pane.tell({ askedIndex: slice, shownIndex: slice, loadedCount: slice, states: ['loaded'], zoom: slice }),
    );
  return count - before;
}

test('who takes one value of a pane is not drawn anew while it is scrolled, and is when that value changes', async () => {
  const pane = paneOf();
  const seen: unknown[] = [];
  const use = (): void => void seen.push(usePaneValue(pane, (snapshot) => snapshot.isInverted));
  expect(await drawnWhileScrolling(pane, use)).toBe(0);
  await act(async () => pane.tell({ isInverted: true }));
  expect(seen.at(-1)).toBe(true);
  // All of it changes with every slice, so that the count above means something.
  const other = paneOf();
  expect(await drawnWhileScrolling(other, () => void usePaneSnapshot(other))).toBe(100);
});

const NO_LAYERS = {
  ...{ layers: [], failed: [], isLoading: false, shown: new Set<string>(), opacity: 1 },
  ...{ toggle: () => undefined, setShown: () => undefined, setOpacity: () => undefined },
};

test('what the viewer as a whole asks of its active pane draws nothing anew while that is scrolled', async () => {
  const pane = paneOf();
  const asked = pane as unknown as Parameters<typeof useJump>[0]; // What these read of a pane.
  const annotations = {
    annotations: undefined,
    snapshot: { items: [], isKnown: true, waiting: 0, conflicts: [], refused: undefined },
  };
  const none = () => undefined;
  expect(await drawnWhileScrolling(pane, () => void useJump(asked, none))).toBe(0);
  expect(await drawnWhileScrolling(pane, () => void useMprDoor(asked, none, NO_LAYERS))).toBe(0);
  const study = series.study;
  const room = () => void useReadingRoom({ study, annotations, annotationsOf: none, pane: asked, ports: undefined });
  expect(await drawnWhileScrolling(pane, room)).toBe(0);
});
