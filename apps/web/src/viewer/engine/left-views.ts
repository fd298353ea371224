import { Enums, StackViewport, type Types } from '@cornerstonejs/core';
import type { PresentationState } from '@negatoscope/dicom';
import { isPaintedByProcessor } from './graphics.ts';
import type { KnownSeries } from './known-series.ts';
import type { LinkedPanes } from './linked-panes.ts';
import type { Pane } from './pane.ts';
import { canvasAxes } from './pane-geometry.ts';
import type { Presentation } from './presentation.ts';

/** How a pane showed what it showed. */
export interface LeftView {
  readonly seriesInstanceUid: string;
  readonly index: number;
  readonly presentation: Presentation;
  readonly state: PresentationState | undefined;
  /** Zoom, place, turning and flips, in the numbers of what painted it: the library's processor has others. */
  readonly camera: Types.ViewPresentation;
  readonly isPainted: boolean;
  /** Screen pixels (CSS) for one image pixel, whatever paints. */
  readonly zoom: number | undefined;
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
  const { askedIndex: index, zoom } = pane.getSnapshot();
  const camera = viewport.getViewPresentation();
  return {
    seriesInstanceUid,
    index,
    zoom,
    camera,
    presentation: pane.display.presentation,
    state: pane.state,
    isPainted: isPaintedByProcessor(),
  };
}

export interface Resumed {
  readonly pane: Pane;
  readonly element: HTMLElement;
  readonly viewport: () => Types.IViewport | undefined;
  readonly links: LinkedPanes;
}

function resumeCamera({ pane }: Resumed, shown: StackViewport, { camera, isPainted, zoom }: LeftView): void {
  if (isPainted === isPaintedByProcessor()) {
    shown.setViewPresentation(camera);
    return;
  }
  // Another painter takes over: as large and turned as it was, with its middle in the middle.
  const { rotation = 0, flipHorizontal = false, flipVertical = false } = camera;
  shown.setViewPresentation({ rotation, flipHorizontal, flipVertical });
  const now = pane.drawn && Math.hypot(...canvasAxes(shown, pane.drawn.model).i);
  if (zoom !== undefined && now !== undefined && now > 0) pane.display.zoomBy(zoom / now);
}

/** Shows a pane as it was left, once its first image is painted; nothing happens when it is given another series. Gives the end of waiting for it. */
export function resumeView(resumed: Resumed, left: LeftView): () => void {
  const { pane, element, viewport, links } = resumed;
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
    // A state puts the pane in its place by itself.
    if (left.state === undefined) resumeCamera(resumed, shown, left);
    pane.display.resume(left.presentation);
    pane.showState(left.state);
    shown.render();
  };
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onPainted, { signal: stop.signal });
  return () => stop.abort();
}
