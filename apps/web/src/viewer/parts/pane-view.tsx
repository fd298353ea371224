import { FileText, Images, LoaderCircle, Unlink2 } from 'lucide-react';
import { type DragEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { isWaiting, type LinkState, type Pane, type PaneSnapshot, type ViewerSession } from '../engine/index.ts';
import type { Hung } from '../model/desk.ts';
import type { ForeignDocuments } from '../model/foreign-documents.ts';
import { loadMapping, loadSeries } from '../model/study-source.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { LayersOver } from '../overlaid/layers-over.tsx';
import { MapScale } from '../overlaid/map-scale.tsx';
import type { FrameTarget } from '../panel/use-jump.ts';
import type { StatesOffer } from '../states/offered.ts';
import { StateChip } from '../states/state-chip.tsx';
import { StateOver } from '../states/state-over.tsx';
import { AnnotationText } from './annotation-text.tsx';
import { buttonClass } from './controls.tsx';
import { DocumentView } from './document-view.tsx';
import { EvidenceOverlay } from './evidence-overlay.tsx';
import { ForeignMarks } from './foreign-marks.tsx';
import { PaneIdentity, PaneOverlay } from './pane-overlay.tsx';
import { PatientMark } from './patients-notice.tsx';
import { ReferenceLine } from './reference-lines.tsx';
import { hungFrom, isSeriesDrag } from './series-drag.ts';
import { SliceSlider } from './slice-slider.tsx';
import { Slides } from './slides.tsx';
import { PaneTile, Preview } from './tiles.tsx';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

interface PaneViewProps {
  readonly session: ViewerSession;
  readonly number: number;
  readonly hung: Hung | undefined;
  readonly isActive: boolean;
  /** Shown alone, over the others. */
  readonly isFull: boolean;
  /** Another pane is shown alone. */
  readonly isCovered: boolean;
  /** Whether texts lie over the image. */
  readonly hasOverlay: boolean;
  /** What reports of others have drawn. */
  readonly marks: ForeignDocuments['marks'];
  /** What is laid over the images. */
  readonly layers: LayersState;
  /** Other views of the images that somebody has left. */
  readonly states: StatesOffer;
  /** How it scrolls with others. */
  readonly link: LinkState | undefined;
  /** Which of several patients on the screen it shows, from 1; undefined where all panes show one. */
  readonly patientNumber: number | undefined;
  /** The pane whose plane is drawn over this one; undefined where none is. */
  readonly cutting: Pane | undefined;
  /** What is coming into a pane that is empty for the moment. */
  readonly expected: string | undefined;
  readonly onActivate: () => void;
  readonly onFull: () => void;
  readonly onDropSeries: (hung: Hung) => void;
  readonly onPane: (pane: Pane | undefined) => void;
  /** Shows an image that a document here refers to. */
  readonly onJump?: ((target: FrameTarget) => void) | undefined;
}

/** Binds a viewport to an element for as long as both exist. */
function useMountedPane({ session, number, onPane }: Pick<PaneViewProps, 'session' | 'number' | 'onPane'>) {
  const elementRef = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Pane>();
  useEffect(() => {
    const element = elementRef.current;
    if (element === null) return;
    const id = `pane-${number}`;
    const mounted = session.mount(id, element);
    setPane(mounted);
    onPane(mounted);
    return () => {
      session.unmount(id);
      setPane(undefined);
      onPane(undefined);
    };
  }, [session, number, onPane]);
  return { elementRef, pane };
}

/**
 * Gives the pane its series; an answer that comes after another series was chosen is dropped. What was shown goes before the next picture of the page: no
 * image of one study stands for a moment among those of another.
 */
function useSeries({ session, hung }: PaneViewProps, pane: Pane | undefined): () => void {
  const [attempt, setAttempt] = useState(0);
  const { study, seriesInstanceUid } = hung ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useLayoutEffect(() => {
    if (pane === undefined || study === undefined || seriesInstanceUid === undefined) return;
    let isCurrent = true;
    pane.setLoading();
    loadSeries(study, seriesInstanceUid).then(
      (series) => {
        session.addSeries(series);
        if (isCurrent) pane.setSeries(series, () => loadMapping(study, seriesInstanceUid));
      },
      (error: unknown) => {
        if (isCurrent) pane.setFailed(error);
      },
    );
    return () => {
      isCurrent = false;
      pane.clear();
    };
  }, [pane, session, study, seriesInstanceUid, attempt]);
  return () => setAttempt((count) => count + 1);
}

/** Takes what is dragged from a strip, this window's or another one's. */
function useDrop(onDropSeries: PaneViewProps['onDropSeries']) {
  const [isDropTarget, setIsDropTarget] = useState(false);
  return {
    isDropTarget,
    handlers: {
      onDragOver: (event: DragEvent): void => {
        if (!isSeriesDrag(event.dataTransfer)) return;
        event.preventDefault();
        setIsDropTarget(true);
      },
      onDragLeave: (): void => setIsDropTarget(false),
      onDrop: (event: DragEvent): void => {
        event.preventDefault();
        setIsDropTarget(false);
        const hung = hungFrom(event.dataTransfer);
        if (hung !== undefined) onDropSeries(hung);
      },
    },
  };
}

const FULL = 'absolute! inset-0 z-10';

export function PaneView(props: PaneViewProps) {
  const t = useText('viewer');
  const { elementRef, pane } = useMountedPane(props);
  const retrySeries = useSeries(props, pane);
  const snapshot = usePaneSnapshot(pane);
  const { isDropTarget, handlers } = useDrop(props.onDropSeries);
  const { isFull, isCovered, patientNumber, expected } = props;
  return (
    <section
      aria-label={t('pane.label', { number: props.number + 1 })}
      data-active={props.isActive || undefined}
      inert={isCovered}
      className={`ng-viewer-pane @container relative flex min-h-0 min-w-0 flex-col bg-black p-px ${isDropTarget ? 'ring-2 ring-(--ng-info) ring-inset' : ''} ${isFull ? FULL : ''}`}
      onPointerDownCapture={props.onActivate}
      onFocusCapture={props.onActivate}
      onDoubleClick={(event) => event.target instanceof HTMLCanvasElement && props.onFull()}
      {...handlers}
    >
      {patientNumber !== undefined && <PatientMark number={patientNumber} snapshot={snapshot} />}
      <div className="relative min-h-0 grow overflow-hidden">
        <div ref={elementRef} className="ng-viewer-canvas absolute inset-0" data-testid={`viewport-${props.number}`} />
        <PaneTile {...{ snapshot, expected }} onRetryFrame={() => pane?.retry()} onRetrySeries={retrySeries} />
        <AnnotationText session={props.session} paneId={`pane-${props.number}`} />
        <OverImage {...props} {...{ pane, snapshot }} />
        <Slides key={`slides ${props.hung?.seriesInstanceUid}`} snapshot={snapshot} session={props.session} />
        <Documents
          key={props.hung?.seriesInstanceUid}
          snapshot={snapshot}
          onIndex={(index) => pane?.goTo(index)}
          onJump={props.onJump}
        />
      </div>
      {pane !== undefined && <SliceSlider pane={pane} snapshot={snapshot} />}
    </section>
  );
}

interface OverImageProps extends Pick<PaneViewProps, 'hasOverlay' | 'marks' | 'layers' | 'states' | 'link' | 'cutting'> {
  readonly pane: Pane | undefined;
  readonly snapshot: PaneSnapshot;
}

/** What lies over the image: others' drawings, texts, and what a reader must know of what is drawn. */
function OverImage({ pane, snapshot, hasOverlay, marks, layers, states, link, cutting }: OverImageProps) {
  return (
    <>
      <EvidenceOverlay snapshot={snapshot} />
      <LayersOver layers={layers} snapshot={snapshot} />
      <StateOver snapshot={snapshot} />
      <MapScale {...{ pane, snapshot }} />
      <ForeignMarks marks={marks} snapshot={snapshot} hasTexts={hasOverlay} />
      <ReferenceLine cutting={cutting} snapshot={snapshot} />
      {snapshot.frameCount > 0 && hasOverlay && <PaneOverlay {...{ snapshot, link }} />}
      {snapshot.frameCount > 0 && !hasOverlay && <PaneIdentity snapshot={snapshot} />}
      {snapshot.status === 'ready' && isWaiting(snapshot) && <Waiting index={snapshot.askedIndex} />}
      {snapshot.isPreview && <Preview />}
      <StateChip {...{ pane, snapshot }} offer={states} />
      {(link === 'first' || link === 'last') && <PastEnd />}
    </>
  );
}

/** The others have gone on past the end of this series. */
function PastEnd() {
  const t = useText('viewer');
  return (
    <div
      role="status"
      data-testid="past-end"
      className="pointer-events-none absolute bottom-9 left-1/2 flex -translate-x-1/2 items-center gap-1.5 whitespace-nowrap rounded bg-black/85 px-2.5 py-1 text-(--ng-amber) text-xs"
    >
      <Unlink2 aria-hidden size={14} />
      {t('link.pastEnd')}
    </div>
  );
}

/** What is drawn is not what was asked for, until this is gone. It stays when the other texts are hidden. */
function Waiting({ index }: { readonly index: number }) {
  const t = useText('viewer');
  return (
    <div
      role="status"
      className="pointer-events-none absolute top-10 left-1/2 flex -translate-x-1/2 items-center gap-2 whitespace-nowrap rounded bg-black/85 px-2.5 py-1 text-(--ng-amber) text-xs"
    >
      <LoaderCircle aria-hidden size={14} className="animate-spin" />
      {t('pane.waiting', { index: index + 1 })}
    </div>
  );
}

interface DocumentsProps extends Pick<PaneViewProps, 'onJump'> {
  readonly snapshot: PaneSnapshot;
  readonly onIndex: (index: number) => void;
}

/** The documents of a series that has no images; those beside images are behind a button. */
function Documents({ snapshot, onIndex, onJump }: DocumentsProps) {
  const t = useText('viewer');
  const [isOpen, setIsOpen] = useState(false);
  const [index, setIndex] = useState(0);
  const { series, status, askedIndex } = snapshot;
  const count = series?.documents.length ?? 0;
  if (series === undefined || count === 0) return null;
  if (status === 'unsupported') return <DocumentView {...{ series, onIndex, onJump }} index={askedIndex} />;
  const toggle = (
    <Button
      className={`${buttonClass} bg-(--ng-surface) px-2 text-xs`}
      onPress={() => setIsOpen((open) => !open)}
      aria-expanded={isOpen}
    >
      {isOpen ? <Images size={16} aria-hidden /> : <FileText size={16} aria-hidden />}
      {isOpen ? t('document.images') : t('document.others', { count })}
    </Button>
  );
  if (isOpen) return <DocumentView {...{ series, index, onJump }} onIndex={setIndex} images={toggle} />;
  return <div className="absolute top-1/2 right-8 -translate-y-1/2">{toggle}</div>;
}
