import './viewer.css';
import { ImageOff, LoaderCircle, MonitorX } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useLocale, useText } from '../i18n/index.ts';
import type { Pane, ToolId, ViewerSession } from './engine/index.ts';
import type { StudyRef } from './model/dicomweb.ts';
import { Panel } from './panel/panel.tsx';
import { PanelToggle } from './panel/panel-toggle.tsx';
import type { ReadingPorts } from './panel/ports.ts';
import { useReadingRoom } from './panel/use-reading-room.ts';
import { AnnotationNotices } from './parts/annotation-status.tsx';
import { KeyboardHelp } from './parts/keyboard-help.tsx';
import { LAYOUT_CLASS, PANE_COUNT } from './parts/layout.ts';
import { PaneView } from './parts/pane-view.tsx';
import { SeriesStrip } from './parts/series-strip.tsx';
import { RetryButton, Tile } from './parts/tiles.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { type AnnotationsState, useAnnotations } from './parts/use-annotations.ts';
import { type Hanging, useHanging } from './parts/use-hanging.ts';
import { usePaneSnapshot } from './parts/use-pane-snapshot.ts';
import { useSession } from './parts/use-session.ts';
import { useStudy } from './parts/use-study.ts';
import { useViewerKeys } from './parts/use-viewer-keys.ts';

export interface ViewerProps {
  readonly studyInstanceUid: string;
  /** Names the partition when several groups hold a study of this UID. */
  readonly groupId?: string;
  readonly initialSeriesUid?: string;
  /** Series with images that carry neither name nor birth date. */
  readonly namelessUids?: readonly string[];
  /** What the page around does with studies; without it there is no next one. */
  readonly ports?: ReadingPorts;
  readonly onBack: () => void;
}

const NONE: readonly string[] = [];

/** Fingers scroll first; a mouse has its wheel for that. */
const initialTool = (): ToolId => (window.matchMedia('(pointer: coarse)').matches ? 'scroll' : 'window');

/** The reading room: a study's series, its images and the tools for them. Fills its parent, which must have a height. */
export function Viewer({ studyInstanceUid, groupId, initialSeriesUid, namelessUids = NONE, ports, onBack }: ViewerProps) {
  // Another study is another reading: nothing of the one before may remain on screen.
  const key = `${groupId ?? ''}|${studyInstanceUid}`;
  return <Reading key={key} {...{ studyInstanceUid, groupId, initialSeriesUid, namelessUids, ports, onBack }} />;
}

interface ReadingProps {
  readonly studyInstanceUid: string;
  readonly groupId: string | undefined;
  readonly initialSeriesUid: string | undefined;
  readonly namelessUids: readonly string[];
  readonly ports: ReadingPorts | undefined;
  readonly onBack: () => void;
}

function useActiveTools(session: ViewerSession | undefined, active: number) {
  const [tool, setTool] = useState(initialTool);
  useEffect(() => session?.setTool(tool), [session, tool]);
  useEffect(() => session?.setActivePane(`pane-${active}`), [session, active]);
  return { tool, setTool };
}

function usePanes() {
  const [panes, setPanes] = useState<readonly (Pane | undefined)[]>([]);
  const setters = useMemo(
    () =>
      [0, 1, 2, 3].map((number) => (pane: Pane | undefined) => {
        setPanes((current) => Array.from({ length: 4 }, (_, index) => (index === number ? pane : current[index])));
      }),
    [],
  );
  return { panes, setters };
}

function Reading({ studyInstanceUid, groupId, initialSeriesUid, namelessUids, ports, onBack }: ReadingProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const study = useMemo(() => ({ studyInstanceUid, groupId }), [studyInstanceUid, groupId]);
  const [openedAt] = useState(() => performance.now());
  const { session, hasFailed } = useSession(openedAt);
  const annotations = useAnnotations(study, session);
  const list = useStudy(study);
  const hanging = useHanging(list.series, initialSeriesUid);
  const { panes, setters } = usePanes();
  const { tool, setTool } = useActiveTools(session, hanging.active);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [hasOverlay, setHasOverlay] = useState(true);
  const pane = panes[hanging.active];
  const room = useReadingRoom({ study, annotations, pane, ports });
  const onDelete = (): void => void session?.measurements.remove();
  const onUndo = (): void => void session?.measurements.undo();
  const onRedo = (): void => void session?.measurements.redo();
  const onHelp = (): void => setIsHelpOpen(true);
  const onOverlay = (): void => setHasOverlay((shown) => !shown);
  useViewerKeys({ pane, onTool: setTool, onDelete, onUndo, onRedo, onHelp, onOverlay, onBack, onSeries: hanging.step });

  return (
    <section
      data-theme="dark"
      lang={locale}
      aria-label={t('title')}
      className="ng-viewer flex h-full min-h-0 w-full flex-col overflow-hidden bg-(--ng-bg) text-(--ng-text)"
    >
      <Toolbar
        {...{ study, pane, tool, annotations, hasOverlay, onBack, onDelete, onUndo, onRedo, onHelp, onOverlay }}
        layout={hanging.layout}
        onTool={setTool}
        onLayout={hanging.setLayout}
      >
        <PanelToggle room={room} />
      </Toolbar>
      <div className="relative flex min-h-0 grow flex-col @3xl:flex-row">
        <Previews {...{ study, namelessUids, hanging, pane }} series={list.series} />
        <Panes {...{ study, session, hasFailed, list, hanging, setters, annotations, hasOverlay }} />
        <Panel {...{ study, room, annotations, pane }} onShow={(uid) => hanging.show(hanging.active, uid)} />
      </div>
      <KeyboardHelp isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </section>
  );
}

interface PanesProps {
  readonly study: StudyRef & { readonly groupId: string | undefined };
  readonly session: ViewerSession | undefined;
  /** The viewer could not start. */
  readonly hasFailed: boolean;
  readonly list: ReturnType<typeof useStudy>;
  readonly hanging: Hanging;
  readonly setters: ReturnType<typeof usePanes>['setters'];
  readonly annotations: AnnotationsState;
  readonly hasOverlay: boolean;
}

/** The panes of the layout, or why there are none. */
function Panes({ study, session, hasFailed, list, hanging, setters, annotations, hasOverlay }: PanesProps) {
  // Out of scope looks exactly like unknown: no series.
  const isUnknown = list.series?.length === 0;
  const isOpening = session === undefined || (list.series === undefined && list.errorCode === undefined);
  return (
    <div className={`relative grid min-h-0 min-w-0 grow gap-px bg-(--ng-line) ${LAYOUT_CLASS[hanging.layout]}`}>
      {session !== undefined &&
        !isUnknown &&
        Array.from({ length: PANE_COUNT[hanging.layout] }, (_, number) => number).map((number) => (
          <PaneView
            key={number}
            {...{ session, study, number, hasOverlay }}
            seriesInstanceUid={hanging.shown[number]}
            isActive={number === hanging.active && hanging.layout !== '1x1'}
            onActivate={() => hanging.setActive(number)}
            onDropSeries={(uid) => hanging.show(number, uid)}
            onPane={setters[number] ?? (() => undefined)}
          />
        ))}
      <AnnotationNotices {...annotations} />
      <StudyTile list={list} isUnknown={isUnknown} isOpening={isOpening} hasFailed={hasFailed} />
    </div>
  );
}

interface StudyTileProps extends Pick<PanesProps, 'list' | 'hasFailed'> {
  readonly isUnknown: boolean;
  readonly isOpening: boolean;
}

/** Stands over the panes while the study opens, and when it can't be shown. */
function StudyTile({ list, isUnknown, isOpening, hasFailed }: StudyTileProps) {
  const t = useText('viewer');
  return (
    <>
      {!hasFailed && !isUnknown && isOpening && <Tile icon={LoaderCircle} isBusy text={t('pane.loading')} />}
      {hasFailed && <Tile icon={MonitorX} role="alert" title={t('error.startTitle')} text={t('error.startText')} />}
      {isUnknown && <Tile icon={ImageOff} role="alert" title={t('error.studyTitle')} text={t('error.studyUnknown')} />}
      {list.errorCode !== undefined && (
        <Tile icon={ImageOff} role="alert" title={t('error.studyTitle')} text={t(`error.${list.errorCode}`)}>
          <RetryButton onPress={list.retry} />
        </Tile>
      )}
    </>
  );
}

interface PreviewsProps {
  readonly study: { readonly studyInstanceUid: string; readonly groupId: string | undefined };
  readonly series: Parameters<typeof SeriesStrip>[0]['series'] | undefined;
  readonly namelessUids: readonly string[];
  readonly hanging: Hanging;
  readonly pane: Pane | undefined;
}

/** The strip; its previews wait for the first image of the active pane, or for its failure. */
function Previews({ study, series, namelessUids, hanging, pane }: PreviewsProps) {
  const { status, frameState } = usePaneSnapshot(pane);
  const isSettled = status === 'ready' || status === 'unsupported' || status === 'failed' || frameState === 'failed';
  const [canLoadPreviews, setCanLoadPreviews] = useState(false);
  useEffect(() => {
    if (isSettled) setCanLoadPreviews(true);
  }, [isSettled]);
  return (
    <SeriesStrip
      {...{ study, namelessUids, canLoadPreviews }}
      series={series}
      shownUids={hanging.shown}
      activeUid={hanging.shown[hanging.active]}
      onChoose={(uid) => hanging.show(hanging.active, uid)}
    />
  );
}
