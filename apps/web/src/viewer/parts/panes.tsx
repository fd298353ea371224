import { ImageOff, LoaderCircle, MonitorX } from 'lucide-react';
import { type CSSProperties, useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { leavePlain } from '../../api/plain-picture.ts';
import { useText } from '../../i18n/index.ts';
import type { LinkState, Pane, ViewerSession } from '../engine/index.ts';
import { cellOf, type Desk, type DeskAction, type Grid, MAX_PANES, ownPane, paneCount } from '../model/desk.ts';
import type { ForeignDocuments } from '../model/foreign-documents.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { useJump } from '../panel/use-jump.ts';
import type { StatesOffer } from '../states/offered.ts';
import { OpeningPane } from './opening-pane.tsx';
import { PaneView } from './pane-view.tsx';
import type { Patients } from './patients-notice.tsx';
import { RetryButton, Tile } from './tiles.tsx';
import type { StudyState } from './use-study.ts';

export interface PanesState {
  /** By number; undefined for those that are not there. */
  readonly panes: readonly (Pane | undefined)[];
  readonly setters: readonly ((pane: Pane | undefined) => void)[];
}

export function usePanes(): PanesState {
  const [panes, setPanes] = useState<readonly (Pane | undefined)[]>([]);
  const setters = useMemo(
    () =>
      Array.from({ length: MAX_PANES }, (_, number) => (pane: Pane | undefined) => {
        setPanes((current) => Array.from({ length: MAX_PANES }, (_, index) => (index === number ? pane : current[index])));
      }),
    [],
  );
  return { panes, setters };
}

const NO_LINKS: ReadonlyMap<string, LinkState> = new Map();
const NEVER = { isOn: true, panes: NO_LINKS };
const never = () => () => undefined;

/** Which panes scroll together. */
export function useLinks(session: ViewerSession | undefined) {
  const links = session?.links;
  return useSyncExternalStore(links?.subscribe ?? never, links?.getSnapshot ?? (() => NEVER));
}

/** Tiles of one series follow each other for as long as the desk has them. */
export function useTiles(session: ViewerSession | undefined, { isTiled, slots }: Desk): void {
  const count = isTiled ? slots.filter((hung) => hung !== undefined).length : 0;
  useEffect(() => {
    session?.links.setTiles(Array.from({ length: count }, (_, number) => `pane-${number}`));
  }, [session, count]);
}

const gridStyle = ({ rows, columns }: Grid): CSSProperties => {
  const sides = { '--rows': rows, '--columns': columns, '--long': Math.max(rows, columns), '--short': Math.min(rows, columns) };
  return sides as CSSProperties; // Names of one's own are no part of React's type.
};

/** The cell of a pane, on a wide page and on a narrow, tall one. */
function cellStyle(pane: number, { rows, columns }: Grid): CSSProperties {
  const [row, column] = cellOf(pane, columns);
  const [narrowRow, narrowColumn] = cellOf(pane, Math.min(rows, columns));
  const cell = { '--row': row, '--column': column, '--narrow-row': narrowRow, '--narrow-column': narrowColumn };
  return cell as CSSProperties; // Names of one's own are no part of React's type.
}

interface PanesProps extends PanesState {
  readonly session: ViewerSession | undefined;
  /** The viewer could not start. */
  readonly hasFailed: boolean;
  /** It starts again with another drawing context. */
  readonly isRecovering: boolean;
  /** The first picture stands, or there will be none before the panes. */
  readonly onFirstPicture: () => void;
  /** The desk is divided as it will be: see `use-hanging.ts`. */
  readonly isPlaced: boolean;
  readonly list: StudyState;
  readonly desk: Desk;
  readonly act: (action: DeskAction) => void;
  readonly hasOverlay: boolean;
  readonly hasLines: boolean;
  readonly patients: Patients;
  /** What reports of others have drawn. */
  readonly marks: ForeignDocuments['marks'];
  /** What is laid over the images. */
  readonly layers: LayersState;
  /** Other views of the images that somebody has left. */
  readonly states: StatesOffer;
  /** What is said in an empty pane of a study that is on its way. */
  readonly expected: string | undefined;
}

/** The panes of the desk, or why there are none. */
export function Panes(props: PanesProps) {
  const { session, hasFailed, isRecovering, list, desk, panes, hasOverlay, isPlaced, onFirstPicture } = props;
  const links = useLinks(session);
  const own = ownPane(desk) ?? 0;
  // Out of scope looks exactly like unknown: no series.
  const isUnknown = list.series?.length === 0;
  return (
    <div className="ng-viewer-grid relative min-h-0 min-w-0 grow gap-px bg-(--ng-line)" style={gridStyle(desk.grid)}>
      {session !== undefined &&
        isPlaced &&
        !isUnknown &&
        Array.from({ length: paneCount(desk.grid) }, (_, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its number; what it shows changes.
          <DeskPane key={number} {...props} {...{ session, number }} link={links.panes.get(`pane-${number}`)} />
        ))}
      <OpeningPane
        {...{ session, hasOverlay, isPlaced, onFirstPicture }}
        pane={panes[own]}
        hung={desk.slots[own]}
        style={cellStyle(own, desk.grid)}
      />
      <StudyTile {...{ list, isUnknown, hasFailed, isRecovering }} />
    </div>
  );
}

interface DeskPaneProps extends PanesProps {
  readonly session: ViewerSession;
  /** From 0, row by row. */
  readonly number: number;
  readonly link: LinkState | undefined;
}

/** One pane, by its place on the desk. */
function DeskPane({ number, desk, act, panes, setters, hasLines, patients, ...props }: DeskPaneProps) {
  const { grid, slots, active, full } = desk;
  // A document stays beside the image that it refers to, where there is room for both.
  const other = (number + 1) % paneCount(grid);
  const study = slots[number]?.study;
  const onJump = useJump(panes[other], (seriesInstanceUid) => {
    if (study !== undefined) act({ type: 'show', pane: other, hung: { study, seriesInstanceUid } });
  });
  return (
    <PaneView
      {...{
        number,
        session: props.session,
        link: props.link,
        hasOverlay: props.hasOverlay,
        expected: props.expected,
        marks: props.marks,
        layers: props.layers,
        states: props.states,
      }}
      hung={slots[number]}
      isActive={number === active && paneCount(grid) > 1}
      isFull={full === number}
      isCovered={full !== undefined && full !== number}
      patientNumber={patients.banners.length > 1 ? patients.numbers[number] : undefined}
      cutting={hasLines && number !== active ? panes[active] : undefined}
      onActivate={() => act({ type: 'activate', pane: number })}
      onFull={() => act({ type: 'full' })}
      onDropSeries={(hung) => act({ type: 'show', pane: number, hung })}
      onJump={onJump}
      onPane={setters[number] ?? (() => undefined)}
    />
  );
}

interface StudyTileProps extends Pick<PanesProps, 'list' | 'hasFailed' | 'isRecovering'> {
  readonly isUnknown: boolean;
}

/** Stands over the panes of a study that can't be shown, or not at the moment. */
function StudyTile({ list, isUnknown, hasFailed, isRecovering }: StudyTileProps) {
  const t = useText('viewer');
  const isSaid = hasFailed || isUnknown || list.errorCode !== undefined;
  useLayoutEffect(() => {
    if (isSaid) leavePlain();
  }, [isSaid]);
  return (
    <>
      {isRecovering && <Tile icon={LoaderCircle} isBusy text={t('graphics.recovering')} />}
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
