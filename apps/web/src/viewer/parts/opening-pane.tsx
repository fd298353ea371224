import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import {
  EMPTY_PANE,
  type FirstPicture,
  firstPictureOf,
  openingSnapshot,
  type Pane,
  paintPicture,
  type ViewerSession,
} from '../engine/index.ts';
import type { Hung } from '../model/desk.ts';
import { PaneIdentity, PaneOverlay } from './pane-overlay.tsx';
import { PaneSkeleton, Preview } from './tiles.tsx';
import { usePaneValue } from './use-pane-snapshot.ts';

interface OpeningPaneProps {
  readonly session: ViewerSession | undefined;
  /** The first pane, once it is there. */
  readonly pane: Pane | undefined;
  /** What hangs in it. */
  readonly hung: Hung | undefined;
  readonly hasOverlay: boolean;
  readonly onFirstPicture: () => void;
}

/** What stands in the place of the first pane until that has an image of its own, or says why it has none; afterwards never again. */
export function OpeningPane({ pane, ...props }: OpeningPaneProps) {
  const isThere = usePaneValue(
    pane,
    ({ status, frameState }) => ['ready', 'failed', 'unsupported'].includes(status) || frameState === 'failed',
  );
  const [isOver, setIsOver] = useState(false);

  useEffect(() => {
    if (isThere) setIsOver(true);
  }, [isThere]);
  return isOver || isThere ? null : <StandIn {...props} />;
}

function useFirstPicture({ hung, session, onFirstPicture: onEnd }: Omit<OpeningPaneProps, 'pane'>): FirstPicture | undefined {
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

/** Width and height of an element, CSS px. */
function useSize() {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => setSize([element.clientWidth, element.clientHeight]);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, size };
}

function StandIn(props: Omit<OpeningPaneProps, 'pane'>) {
  const t = useText('viewer');
  const picture = useFirstPicture(props);
  const { hasOverlay, onFirstPicture } = props;
  const isPainted = picture !== undefined;
  useEffect(() => {
    if (isPainted) onFirstPicture();
  }, [isPainted, onFirstPicture]);
  const { ref, size } = useSize();
  const snapshot = picture === undefined ? EMPTY_PANE : openingSnapshot(picture, size);
  return (
    <div
      data-testid="opening-pane"
      className="ng-viewer-opening pointer-events-none @container absolute inset-0 flex flex-col bg-black p-px"
    >
      <div ref={ref} className="relative min-h-0 grow overflow-hidden">
        {picture === undefined ? <PaneSkeleton text={t('pane.loading')} /> : <Picture {...{ picture, snapshot }} />}
        {picture !== undefined &&
          (hasOverlay ? <PaneOverlay {...{ snapshot }} link={undefined} /> : <PaneIdentity snapshot={snapshot} />)}
        {snapshot.isPreview && <Preview />}
      </div>
      {/* Where the slider of the pane will be: nothing jumps. */}
      {snapshot.frameCount > 1 && <div className="h-9 shrink-0 bg-(--ng-surface) pointer-coarse:h-11" />}
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
    paintPicture(ref.current, drawn.picture);
    performance.mark('negatoscope:first-image', { detail: { seriesInstanceUid: series.seriesInstanceUid } });
  }, [drawn.picture, series]);
  const [left = 0, top = 0] = place?.origin ?? [];
  const [width, height] = [drawn.model.columns * (place?.i[0] ?? 0), drawn.model.rows * (place?.j[1] ?? 0)];
  return <canvas ref={ref} aria-hidden className="absolute max-w-none" style={{ left, top, width, height }} />;
}
