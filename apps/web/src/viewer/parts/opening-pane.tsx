import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useUser } from '../../api/me.ts';
import { takeOverPlain } from '../../api/plain-picture.ts';
import { useText } from '../../i18n/index.ts';
import {
  EMPTY_PANE,
  type FirstPicture,
  firstPictureOf,
  openingSnapshot,
  type Pane,
  paintPicture,
  pictureBox,
  reducedPicture,
  type ViewerSession,
} from '../engine/index.ts';
import type { Hung } from '../model/desk.ts';
import { OPENING, OPENING_IMAGE, OPENING_SLIDER } from '../plain/looks.ts';
import { rememberPlace } from '../plain/place.ts';
import { PaneIdentity, PaneOverlay } from './pane-overlay.tsx';
import { PaneSkeleton, Preview } from './tiles.tsx';
import { usePaneValue } from './use-pane-snapshot.ts';

interface OpeningPaneProps {
  readonly session: ViewerSession | undefined;
  /** The first pane of the study itself, once it is there. */
  readonly pane: Pane | undefined;
  /** What hangs in it. */
  readonly hung: Hung | undefined;
  readonly hasOverlay: boolean;
  /** Whether that pane is where it will stay: nothing is drawn before. */
  readonly isPlaced: boolean;
  /** Where that pane is. */
  readonly style: CSSProperties;
  readonly onFirstPicture: () => void;
}

/** What stands in the place of the study's first pane until that has an image of its own, or says why it has none; afterwards never again. */
export function OpeningPane({ pane, ...props }: OpeningPaneProps) {
  const isThere = usePaneValue(
    pane,
    ({ status, frameState }) => ['ready', 'failed', 'unsupported'].includes(status) || frameState === 'failed',
  );
  const [isOver, setIsOver] = useState(false);

  useLayoutEffect(() => {
    if (!isThere) return;
    takeOverPlain();
    setIsOver(true);
  }, [isThere]);
  return isOver || isThere ? null : <StandIn {...props} />;
}

function useFirstPicture({
  hung,
  session,
  onFirstPicture: onEnd,
}: Pick<OpeningPaneProps, 'hung' | 'session' | 'onFirstPicture'>): FirstPicture | undefined {
  const [picture, setPicture] = useState<FirstPicture>();
  const isTakenOver = useRef(false);
  isTakenOver.current = session !== undefined;
  const { study, seriesInstanceUid } = hung ?? {};
  useEffect(() => {
    if (study === undefined || seriesInstanceUid === undefined) return;
    const stop = firstPictureOf({ study, seriesInstanceUid }, { onPicture: setPicture, onEnd });
    return () => {
      stop(isTakenOver.current);
      setPicture(undefined);
    };
  }, [study, seriesInstanceUid, onEnd]);
  return picture;
}

/** Width and height of an element, CSS px; measured before the page is painted where it stands among others than before. */
function useSize(hasNeighbour: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the observer tells of what comes beside it a picture of the page too late.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => setSize([element.clientWidth, element.clientHeight]);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNeighbour]);
  return { ref, size };
}

/** Whether panes of one row stand beside each other, by the room's styles: on a narrow page they stand one above the other. */
const hasPanesBeside = (grid: Element): boolean => getComputedStyle(grid).getPropertyValue('--is-wide').trim() === '1';

/** Where the images of a room stand once it has its first picture: there the next page draws its own before it has a room. */
function useRememberedPlace(ref: RefObject<HTMLElement | null>, isPainted: boolean): void {
  const userId = useUser()?.id;
  useLayoutEffect(() => {
    const grid = ref.current?.closest('.ng-viewer-grid');
    if (isPainted && grid != null && userId !== undefined)
      rememberPlace(userId, grid.getBoundingClientRect(), hasPanesBeside(grid));
  }, [ref, isPainted, userId]);
}

function StandIn(props: Omit<OpeningPaneProps, 'pane'>) {
  const t = useText('viewer');
  const { hasOverlay, isPlaced, onFirstPicture, style } = props;
  const found = useFirstPicture(props);
  const picture = isPlaced ? found : undefined;
  const isPainted = picture !== undefined;
  useEffect(() => {
    if (isPainted) onFirstPicture();
  }, [isPainted, onFirstPicture]);
  const hasSlider = (picture?.series.frames.length ?? 0) > 1;
  const { ref, size } = useSize(hasSlider);
  useRememberedPlace(ref, isPainted);
  const snapshot = picture === undefined ? EMPTY_PANE : openingSnapshot(picture, size);
  return (
    <div data-testid="opening-pane" className={`ng-viewer-opening absolute inset-0 ${OPENING}`} style={style}>
      <div ref={ref} className={OPENING_IMAGE}>
        {picture === undefined ? <PaneSkeleton text={t('pane.loading')} /> : <Picture {...{ picture, snapshot }} />}
        {picture !== undefined &&
          (hasOverlay ? <PaneOverlay {...{ snapshot }} link={undefined} /> : <PaneIdentity snapshot={snapshot} />)}
        {snapshot.isPreview && <Preview />}
      </div>
      {/* Where the slider of the pane will be: nothing jumps. */}
      {hasSlider && <div className={OPENING_SLIDER} />}
    </div>
  );
}

/** The picture where the pane will have it. */
function Picture({
  picture,
  snapshot: { place },
}: {
  readonly picture: FirstPicture;
  readonly snapshot: ReturnType<typeof openingSnapshot>;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { drawn, series } = picture;
  useLayoutEffect(() => {
    if (ref.current === null) return;
    paintPicture(ref.current, reducedPicture(drawn.picture));
    takeOverPlain();
    performance.mark('negatoscope:first-image', { detail: { seriesInstanceUid: series.seriesInstanceUid } });
  }, [drawn.picture, series]);
  return <canvas ref={ref} aria-hidden className="absolute max-w-none" style={pictureBox(picture, place)} />;
}
