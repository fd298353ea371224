import { FileText, Images, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { isWaiting, type Pane, type PaneSnapshot, type ViewerSession } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { loadMapping, loadSeries } from '../model/study-source.ts';
import { buttonClass } from './controls.tsx';
import { DocumentView } from './document-view.tsx';
import { PaneOverlay } from './pane-overlay.tsx';
import { SliceSlider } from './slice-slider.tsx';
import { PaneTile } from './tiles.tsx';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

/** Type of what is dragged from the strip. */
export const SERIES_DRAG_TYPE = 'application/x-negatoscope-series';

interface PaneViewProps {
  readonly session: ViewerSession;
  readonly study: StudyRef;
  readonly number: number;
  readonly seriesInstanceUid: string | undefined;
  readonly isActive: boolean;
  /** Whether texts lie over the image. */
  readonly hasOverlay: boolean;
  readonly onActivate: () => void;
  readonly onDropSeries: (seriesInstanceUid: string) => void;
  readonly onPane: (pane: Pane | undefined) => void;
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

/** Gives the pane its series; an answer that comes after another series was chosen is dropped. */
function useSeries({ session, study, seriesInstanceUid }: PaneViewProps, pane: Pane | undefined): () => void {
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    if (pane === undefined || seriesInstanceUid === undefined) return;
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

export function PaneView(props: PaneViewProps) {
  const t = useText('viewer');
  const { elementRef, pane } = useMountedPane(props);
  const retrySeries = useSeries(props, pane);
  const snapshot = usePaneSnapshot(pane);
  const [isDropTarget, setIsDropTarget] = useState(false);
  return (
    <section
      aria-label={t('pane.label', { number: props.number + 1 })}
      data-active={props.isActive || undefined}
      className={`ng-viewer-pane @container relative flex min-h-0 min-w-0 flex-col bg-black p-px ${isDropTarget ? 'ring-2 ring-(--ng-info) ring-inset' : ''}`}
      onPointerDownCapture={props.onActivate}
      onFocusCapture={props.onActivate}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(SERIES_DRAG_TYPE)) return;
        event.preventDefault();
        setIsDropTarget(true);
      }}
      onDragLeave={() => setIsDropTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsDropTarget(false);
        const uid = event.dataTransfer.getData(SERIES_DRAG_TYPE);
        if (uid !== '') props.onDropSeries(uid);
      }}
    >
      <div className="relative min-h-0 grow overflow-hidden">
        <div ref={elementRef} className="ng-viewer-canvas absolute inset-0" data-testid={`viewport-${props.number}`} />
        <PaneTile snapshot={snapshot} onRetryFrame={() => pane?.retry()} onRetrySeries={retrySeries} />
        {snapshot.frameCount > 0 && props.hasOverlay && <PaneOverlay snapshot={snapshot} />}
        {snapshot.status === 'ready' && isWaiting(snapshot) && <Waiting index={snapshot.askedIndex} />}
        {snapshot.isPreview && <Preview />}
        <Documents key={props.seriesInstanceUid} snapshot={snapshot} onIndex={(index) => pane?.goTo(index)} />
      </div>
      {pane !== undefined && <SliceSlider pane={pane} snapshot={snapshot} />}
    </section>
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

/** What is drawn is not without loss yet. It stays when the other texts are hidden. */
function Preview() {
  const t = useText('viewer');
  return (
    <div
      role="status"
      className="pointer-events-none absolute top-18 left-1/2 -translate-x-1/2 whitespace-nowrap rounded bg-black/85 px-2.5 py-1 text-(--ng-amber) text-xs"
    >
      {t('pane.preview')}
    </div>
  );
}

/** The documents of a series that has no images; those beside images are behind a button. */
function Documents({ snapshot, onIndex }: { readonly snapshot: PaneSnapshot; readonly onIndex: (index: number) => void }) {
  const t = useText('viewer');
  const [isOpen, setIsOpen] = useState(false);
  const [index, setIndex] = useState(0);
  const { series, status, askedIndex } = snapshot;
  const count = series?.documents.length ?? 0;
  if (series === undefined || count === 0) return null;
  if (status === 'unsupported') return <DocumentView series={series} index={askedIndex} onIndex={onIndex} />;
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
  if (isOpen) return <DocumentView series={series} index={index} onIndex={setIndex} images={toggle} />;
  return <div className="absolute top-1/2 right-8 -translate-y-1/2">{toggle}</div>;
}
