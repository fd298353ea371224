import { Enums, StackViewport, type Types } from '@cornerstonejs/core';
import type { KnownSeries } from './known-series.ts';
import type { LinkedPanes } from './linked-panes.ts';
import type { Pane } from './pane.ts';
import type { Presentation } from './presentation.ts';

/** How a pane showed what it showed. */
export interface LeftView {
  readonly seriesInstanceUid: string;
  readonly index: number;
  readonly presentation: Presentation;
  /** Zoom, place, turning and flips. */
  readonly camera: Types.ViewPresentation;
}

/** What a session that lost its drawing context leaves to the one that takes its place. */
export interface Left {
  readonly known: KnownSeries;
  readonly views: ReadonlyMap<string, LeftView>;
}

export function viewOf(pane: Pane, viewport: Types.IViewport | undefined): LeftView | undefined {
  const { series } = pane;
  if (series === undefined || pane.drawn === undefined || !(viewport instanceof StackViewport)) return undefined;
  const { seriesInstanceUid } = series;
  const index = pane.getSnapshot().askedIndex;
  return { seriesInstanceUid, index, presentation: pane.display.presentation, camera: viewport.getViewPresentation() };
}

export interface Resumed {
  readonly pane: Pane;
  readonly element: HTMLElement;
  readonly viewport: () => Types.IViewport | undefined;
  readonly links: LinkedPanes;
}

/** Shows a pane as it was left, once its first image is painted; nothing happens when it is given another series. Gives the end of waiting for it. */
export function resumeView({ pane, element, viewport, links }: Resumed, left: LeftView): () => void {
  const stop = new AbortController();
  const onPainted = (): void => {
    const shown = viewport();
    if (pane.drawn === undefined || !(shown instanceof StackViewport)) return;
    stop.abort();
    if (pane.series?.seriesInstanceUid !== left.seriesInstanceUid) return;
    // What others are linked to stays where it is: offsets are those of the places at which all stand again.
    const { isOn } = links.getSnapshot();
    links.setLinked(false);
    pane.goTo(left.index);
    links.setLinked(isOn);
    shown.setViewPresentation(left.camera);
    pane.display.resume(left.presentation);
    shown.render();
  };
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onPainted, { signal: stop.signal });
  return () => stop.abort();
}
