import './viewer.css';
import type { HangingLayout } from '@negatoscope/contract';
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useLocale, useText } from '../i18n/index.ts';
import { isSameStudy } from './annotations/kept-edit.ts';
import type { Pane, ToolId, ViewerSession } from './engine/index.ts';
import { type Hung, isSameSeries } from './model/desk.ts';
import type { StudyRef } from './model/dicomweb.ts';
import { kindOf, ruleOf } from './model/hanging.ts';
import { featuresOf } from './model/series-features.ts';
import type { SeriesSummary } from './model/study-model.ts';
import { useMprDoor } from './mpr/mpr-door.tsx';
import { Panel } from './panel/panel.tsx';
import { PanelToggle } from './panel/panel-toggle.tsx';
import type { ReadingPorts } from './panel/ports.ts';
import { useReadingRoom } from './panel/use-reading-room.ts';
import { AnnotationNotices } from './parts/annotation-status.tsx';
import { Panes, useLinks, usePanes, useTiles } from './parts/panes.tsx';
import { PatientsNotice, usePatients } from './parts/patients-notice.tsx';
import { PriorHeading } from './parts/prior-heading.tsx';
import { openSecondWindow } from './parts/second-window.ts';
import { SeriesStrip } from './parts/series-strip.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { DESK_KEYS } from './parts/toolbar-actions.ts';
import { useAnnotations, useAnnotationsState } from './parts/use-annotations.ts';
import { useDesk } from './parts/use-desk.ts';
import { useDialogs } from './parts/use-dialogs.tsx';
import { useHanging } from './parts/use-hanging.ts';
import { usePaneSnapshot } from './parts/use-pane-snapshot.ts';
import { useSession } from './parts/use-session.ts';
import { useStudy } from './parts/use-study.ts';
import { useViewerKeys } from './parts/use-viewer-keys.ts';
import type { ViewerPreferences } from './preferences.ts';

export interface ViewerProps {
  readonly studyInstanceUid: string;
  /** Names the partition when several groups hold a study of this UID. */
  readonly groupId?: string;
  readonly initialSeriesUid?: string;
  /** The study to lay beside it; null for none, left out for the most relevant prior. */
  readonly compare?: StudyRef | null | undefined;
  /** Where a study is shown alone, for a second window. */
  readonly addressOf?: (study: StudyRef) => string;
  /** Series with images that carry neither name nor birth date. */
  readonly namelessUids?: readonly string[];
  /** What the page around does with studies; without it there is no next one. */
  readonly ports?: ReadingPorts;
  readonly onBack: () => void;
}

const NONE: readonly string[] = [];

/** Unless somebody wants another, fingers scroll first; a mouse has its wheel for that. */
function initialTool({ left }: ViewerPreferences): ToolId {
  if (left !== 'usual') return left;
  return window.matchMedia('(pointer: coarse)').matches ? 'scroll' : 'window';
}

function useActiveTools(session: ViewerSession | undefined, active: number, preferences: ViewerPreferences) {
  const [tool, setTool] = useState(() => initialTool(preferences));
  useEffect(() => session?.setTool(tool), [session, tool]);
  useEffect(() => session?.setActivePane(`pane-${active}`), [session, active]);
  return { tool, setTool };
}

/** Whether the first image of a study is here, or will not come: what can wait has waited until then. */
function useSettled(pane: Pane | undefined, study: StudyRef): boolean {
  const { status, frameState, series } = usePaneSnapshot(pane);
  const [settled, setSettled] = useState<StudyRef>();
  const isSettled =
    (status === 'ready' && series !== undefined && isSameStudy(series.study, study)) ||
    ['unsupported', 'failed'].includes(status) ||
    frameState === 'failed';
  useEffect(() => {
    if (isSettled) setSettled(study);
  }, [isSettled, study]);
  return settled === study;
}

/** Another study is another reading in the same room: what was linked and loaded of the one before goes. */
function useChangeOfStudy(session: ViewerSession | undefined, study: StudyRef, studies: readonly StudyRef[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each study begins without the offsets of the one before.
  useLayoutEffect(() => session?.links.forget(), [session, study]);
  useEffect(() => session?.keepOnly(studies), [session, studies]);
}

/** What is on the desk and what may be laid on it. */
function useRoom({ studyInstanceUid, groupId, initialSeriesUid, compare, addressOf }: ViewerProps) {
  const study = useMemo(() => ({ studyInstanceUid, groupId }), [studyInstanceUid, groupId]);
  const [openedAt] = useState(() => performance.now());
  const { session, hasFailed } = useSession(openedAt);
  const { panes, setters } = usePanes();
  const { desk, studies, act } = useDesk(study, initialSeriesUid);
  const list = useStudy(study);
  const isSettled = useSettled(panes[desk.active], study);
  const hanging = useHanging({ study, series: list.series, asked: initialSeriesUid, compare, isSettled, session, act });
  useTiles(session, desk);
  useChangeOfStudy(session, study, studies);
  return { study, session, hasFailed, panes, setters, desk, studies, act, list, isSettled, hanging, addressOf };
}
type Room = ReturnType<typeof useRoom>;

interface Listed {
  readonly study: StudyRef;
  readonly series: readonly SeriesSummary[] | undefined;
}

/** The series that may be laid in panes, of the study that is read and of the one beside. */
const listedOf = ({ study, list, hanging }: Pick<Room, 'study' | 'list' | 'hanging'>): readonly Listed[] => [
  { study, series: list.series },
  ...(hanging.beside === undefined ? [] : [{ study: hanging.beside, series: hanging.besideList.series }]),
];

/** What is on the screen, as it is kept: each series by its kind, with what its images say where they are here. */
function layoutNow({ desk, study, panes, ...room }: Room, isLinked: boolean): HangingLayout | undefined {
  if (desk.isTiled || desk.slots.every((hung) => hung === undefined)) return undefined;
  const listed = listedOf({ study, ...room });
  const kindOfHung = (hung: Hung) => {
    const all = listed.find((one) => isSameStudy(one.study, hung.study))?.series ?? [];
    const summary = all.find((one) => one.seriesInstanceUid === hung.seriesInstanceUid);
    const shown = panes.map((pane) => pane?.series).find((series) => series?.seriesInstanceUid === hung.seriesInstanceUid);
    if (summary === undefined) return undefined;
    return { isCurrent: isSameStudy(hung.study, study), features: featuresOf(summary, shown) };
  };
  return ruleOf(desk.grid, desk.slots, kindOfHung, isLinked);
}

/** Shows what stands beside, or the study itself, in a window of its own; what is shown there leaves this one. */
function secondWindow({ study, hanging, addressOf }: Room): (() => void) | undefined {
  if (addressOf === undefined) return undefined;
  const { beside, compareWith } = hanging;
  return () =>
    void openSecondWindow(addressOf(beside ?? study)).then((isOpen) => {
      if (isOpen && beside !== undefined) compareWith(undefined);
    });
}

/** What the reader does with the panes. */
function useDeskActions(room: Room) {
  const { desk, act, session, panes } = room;
  const all = listedOf(room).flatMap(({ study, series = [] }) =>
    series.map(({ seriesInstanceUid }) => ({ study, seriesInstanceUid })),
  );
  const [isLayoutOpen, setIsLayoutOpen] = useState(false);
  const [hasLines, setHasLines] = useState(true);
  const kind = kindOf(room.list.series ?? []);
  const { isOn: isLinked } = useLinks(session);
  const step = (by: 1 | -1): void => {
    const shown = desk.slots[desk.active];
    const own = all.filter((one) => shown !== undefined && isSameStudy(one.study, shown.study));
    const hung = own[own.findIndex((one) => isSameSeries(one, shown)) + by];
    if (shown !== undefined && hung !== undefined) act({ type: 'show', pane: desk.active, hung });
  };
  return {
    step,
    layout: {
      grid: desk.grid,
      isTiled: desk.isTiled,
      isOpen: isLayoutOpen,
      onOpen: setIsLayoutOpen,
      onGrid: (grid) => act({ type: 'grid', grid, more: all }),
      onTiles: (grid) => act({ type: 'tile', grid, count: panes[desk.active]?.getSnapshot().frameCount ?? 0 }),
      kind,
      layoutNow: () => layoutNow(room, isLinked),
    } satisfies Parameters<typeof Toolbar>[0]['layout'],
    desk: {
      isLinked,
      onLink: () => session?.links.setLinked(!isLinked),
      hasLines,
      onLines: () => setHasLines((shown) => !shown),
      onSecondWindow: secondWindow(room),
      isFull: desk.full !== undefined,
      onFull: () => act({ type: 'full' }),
    },
  };
}

/** What is done to drawings, whichever pane they are on. */
const drawingActions = (session: ViewerSession | undefined) => ({
  onDelete: (): void => void session?.measurements.remove(),
  onUndo: (): void => void session?.measurements.undo(),
  onRedo: (): void => void session?.measurements.redo(),
  onDrawingKey: (event: KeyboardEvent): boolean => session?.drawingKey(event) === true,
});

/** What is done with the image of the active pane, and with what is drawn on it, by button and by key. */
function useHands(room: Room, { onBack, ports }: ViewerProps) {
  const { study, session, desk, studies, act, panes } = room;
  const pane = panes[desk.active];
  const { dialogs, preferences, ...openers } = useDialogs(session, pane);
  const { tool, setTool } = useActiveTools(session, desk.active, preferences);
  const open = useAnnotations(studies, desk.slots[desk.active]?.study ?? study, session);
  const annotations = useAnnotationsState(open[0]?.annotations);
  const annotationsOf = useCallback((of: StudyRef) => open.find((one) => isSameStudy(one.study, of))?.annotations, [open]);
  const reading = useReadingRoom({ study, annotations, annotationsOf, pane, ports });
  const [hasOverlay, setHasOverlay] = useState(true);
  const { step, layout, desk: actions } = useDeskActions(room);
  const mpr = useMprDoor(pane, annotationsOf);
  const hands = {
    ...{ pane, study, tool, annotations, layout, hasOverlay, desk: actions, onTool: setTool },
    ...drawingActions(session),
    ...openers,
    onOverlay: (): void => setHasOverlay((shown) => !shown),
    onMpr: mpr.onMpr,
    onBack,
  };
  const commands = {
    ...(mpr.onMpr !== undefined && { m: mpr.onMpr }),
    [DESK_KEYS.link]: actions.onLink,
    [DESK_KEYS.lines]: actions.onLines,
    [DESK_KEYS.full]: actions.onFull,
    [DESK_KEYS.layout]: () => layout.onOpen(true),
    'shift+arrowright': () => act({ type: 'turn', by: 1 }),
    'shift+arrowleft': () => act({ type: 'turn', by: -1 }),
  };
  // Back is first from one pane to all of them.
  const leave = (): void => (actions.isFull ? act({ type: 'full' }) : onBack());
  useViewerKeys({ ...hands, onBack: leave, onSeries: step, commands });
  return { hands, open, reading, mpr: mpr.room, dialogs };
}

/**
 * The reading room: the series of a study and of what stands beside it, and the tools for them. Fills its parent, which must have a height. Given another
 * study it stays, and shows that one.
 */
export function Viewer(props: ViewerProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const room = useRoom(props);
  const { hands, open, reading, mpr, dialogs } = useHands(room, props);
  const patients = usePatients(room.panes);
  return (
    <section
      data-theme="dark"
      lang={locale}
      aria-label={t('title')}
      className="ng-viewer flex h-full min-h-0 w-full flex-col overflow-hidden bg-(--ng-bg) text-(--ng-text)"
    >
      <Toolbar {...hands}>
        <PanelToggle room={reading} />
      </Toolbar>
      <PatientsNotice {...patients} />
      <div className="relative flex min-h-0 grow flex-col @3xl:flex-row">
        <Strip room={room} namelessUids={props.namelessUids ?? NONE} />
        <Panes
          {...room}
          patients={patients}
          expected={room.hanging.beside === undefined ? undefined : t('prior.coming')}
          hasOverlay={hands.hasOverlay}
          hasLines={hands.desk.hasLines}
        />
        <ReadingPanel {...{ room, hands, reading }} />
        {open.map(({ annotations }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the study that is read comes first.
          <StudyNotices key={index} annotations={annotations} />
        ))}
      </div>
      {dialogs}
      {mpr}
    </section>
  );
}

interface ReadingPanelProps {
  readonly room: Room;
  readonly hands: ReturnType<typeof useHands>['hands'];
  readonly reading: ReturnType<typeof useReadingRoom>;
}

/** What belongs to the reading, beside the panes. */
function ReadingPanel({ room, hands, reading }: ReadingPanelProps) {
  const { study, act, desk, hanging } = room;
  return (
    <Panel
      {...{ study }}
      room={reading}
      annotations={hands.annotations}
      pane={hands.pane}
      linesOf={(item) => room.session?.linesOf(item) ?? []}
      onShow={(seriesInstanceUid) => act({ type: 'show', pane: desk.active, hung: { study, seriesInstanceUid } })}
      onHang={hanging.compareWith}
    />
  );
}

const StudyNotices = ({ annotations }: { readonly annotations: Parameters<typeof useAnnotationsState>[0] }) => (
  <AnnotationNotices {...useAnnotationsState(annotations)} />
);

/** The series of the study and of what stands beside it; previews wait for the first image. */
function Strip({ room, namelessUids }: { readonly room: Room; readonly namelessUids: readonly string[] }) {
  const { desk, act, hanging, isSettled } = room;
  const { priors = [], beside, compareWith } = hanging;
  const heading = <PriorHeading {...{ priors, beside }} onChoose={compareWith} />;
  const [own, other] = listedOf(room);
  const sections = [own, other ?? { study: { studyInstanceUid: '' }, series: undefined }].filter((one) => one !== undefined);
  return (
    <SeriesStrip
      {...{ namelessUids }}
      sections={sections.map((one, index) => (index === 0 ? one : { ...one, heading }))}
      canLoadPreviews={isSettled}
      shown={desk.slots}
      active={desk.slots[desk.active]}
      onChoose={(hung) => act({ type: 'show', pane: desk.active, hung })}
    />
  );
}
