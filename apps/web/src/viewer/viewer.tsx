import './viewer.css';
import { useCallback, useEffect, useState } from 'react';
import { useLocale, useText } from '../i18n/index.ts';
import { isSameStudy } from './annotations/kept-edit.ts';
import type { ToolId, ViewerSession } from './engine/index.ts';
import type { StudyRef } from './model/dicomweb.ts';
import type { ForeignDocuments } from './model/foreign-documents.ts';
import { useMprDoor } from './mpr/mpr-door.tsx';
import type { LayersState } from './overlaid/layer.ts';
import { useLayers } from './overlaid/use-layers.ts';
import { Panel } from './panel/panel.tsx';
import { PanelToggle } from './panel/panel-toggle.tsx';
import type { ReadingPorts } from './panel/ports.ts';
import { useReadingRoom } from './panel/use-reading-room.ts';
import { AnnotationNotices } from './parts/annotation-status.tsx';
import { DESK_KEYS } from './parts/desk-keys.ts';
import { GraphicsNotice } from './parts/graphics-notice.tsx';
import { Panes } from './parts/panes.tsx';
import { PatientsNotice, usePatients } from './parts/patients-notice.tsx';
import { PriorHeading } from './parts/prior-heading.tsx';
import { SeriesStrip } from './parts/series-strip.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { useAnnotations, useAnnotationsState } from './parts/use-annotations.ts';
import { useDeskActions } from './parts/use-desk-actions.ts';
import { useDialogs } from './parts/use-dialogs.tsx';
import { useForeignDocuments } from './parts/use-foreign-documents.ts';
import { listedOf, type Room, type RoomInput, useRoom } from './parts/use-room.ts';
import { useViewerKeys } from './parts/use-viewer-keys.ts';
import type { ViewerPreferences } from './preferences.ts';
import { type StatesOffer, stateAfter } from './states/offered.ts';
import { useStates } from './states/use-states.ts';

export interface ViewerProps extends RoomInput {
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

/** What is done to drawings, whichever pane they are on. */
const drawingActions = (session: ViewerSession | undefined) => ({
  onDelete: (): void => void session?.measurements.remove(),
  onUndo: (): void => void session?.measurements.undo(),
  onRedo: (): void => void session?.measurements.redo(),
  onDrawingKey: (event: KeyboardEvent): boolean => session?.drawingKey(event) === true,
  onDrawingKeyUp: (): void => session?.settleDrawing(),
});

interface Over {
  readonly states: StatesOffer;
  readonly layers: LayersState;
}

/** What is done with the image of the active pane, and with what is drawn on it, by button and by key. */
function useHands(room: Room, { onBack, ports }: ViewerProps, { states, layers }: Over) {
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
  const mpr = useMprDoor(pane, annotationsOf, layers, states);
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
    [DESK_KEYS.states]: () => pane?.showState(stateAfter(states, pane.getSnapshot())),
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
  const states = useStates(room);
  const layers = useLayers(room);
  const { hands, open, reading, mpr, dialogs } = useHands(room, props, { states, layers });
  const patients = usePatients(room.panes);
  const foreign = useForeignDocuments(room);
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
      <GraphicsNotice session={room.session} />
      <div className="relative flex min-h-0 grow flex-col @3xl:flex-row">
        <Strip room={room} namelessUids={props.namelessUids ?? NONE} />
        <Panes
          {...room}
          marks={foreign.marks}
          {...{ patients, layers, states }}
          isPlaced={room.hanging.isPlaced}
          expected={room.hanging.beside === undefined ? undefined : t('prior.coming')}
          hasOverlay={hands.hasOverlay}
          hasLines={hands.desk.hasLines}
        />
        <ReadingPanel {...{ room, hands, reading, layers, states }} documents={foreign.items} />
        <Notices open={open} />
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
  readonly documents: ForeignDocuments['items'];
  readonly layers: LayersState;
  readonly states: StatesOffer;
}

/** What belongs to the reading, beside the panes. */
function ReadingPanel({ room, hands, reading, documents, layers, states }: ReadingPanelProps) {
  const { study, act, desk, hanging } = room;
  return (
    <Panel
      {...{ study, documents, layers, states }}
      room={reading}
      annotations={hands.annotations}
      pane={hands.pane}
      linesOf={(item, words) => room.session?.linesOf(item, words) ?? []}
      placeOf={(frame) => room.session?.placeOf(frame)}
      onSelect={(id) => room.session?.measurements.select(id)}
      onShow={(seriesInstanceUid) => act({ type: 'show', pane: desk.active, hung: { study, seriesInstanceUid } })}
      onHang={hanging.compareWith}
    />
  );
}

/** What happens to the drawings of each study. */
const Notices = ({ open }: Pick<ReturnType<typeof useHands>, 'open'>) =>
  open.map(({ annotations }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the study that is read comes first.
    <StudyNotices key={index} annotations={annotations} />
  ));

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
