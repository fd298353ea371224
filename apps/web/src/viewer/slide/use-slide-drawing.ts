import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Drawn, Measurements } from '../engine/measurements.ts';
import type { SeriesModel } from '../model/study-model.ts';
import type { Look, Point } from './look.ts';
import { type Draft, type Pen, penPointer, type SlideTool, setPoint } from './pen.ts';
import type { ShownSlide } from './plan-tiles.ts';
import { inTile, markOf, type SlideMark, tileUnder } from './slide-marks.ts';
import { useHeld } from './use-held.ts';

/** What of a session drawings on a slide need. */
export interface SlideDrawings {
  readonly measurements: Pick<Measurements, 'watch' | 'getItems' | 'finish' | 'discard' | 'move'>;
  linesOf(item: Drawn): readonly string[];
}

const KINDS = { length: 'LENGTH', freehand: 'FREEHAND' } as const;
const never = (): (() => void) => () => undefined;
const NONE: readonly Drawn[] = [];
const nothing = (): readonly Drawn[] => NONE;

export interface SlideDrawing {
  readonly tool: SlideTool;
  readonly setTool: (tool: SlideTool) => void;
  readonly marks: readonly SlideMark[];
  readonly linesOf: (item: Drawn) => readonly string[];
  /** What is being drawn, in pixels of the finest level; its last point follows the middle while keys draw it. */
  readonly draft: readonly Point[] | undefined;
  readonly pointer: ReturnType<typeof penPointer>;
  /** Whether a drawing is held, and the middle of the pane is on one that may be. */
  readonly isHeld: boolean;
  readonly isUnderMiddle: boolean;
  /** Whether a key was for drawing. */
  readonly key: (key: string) => boolean;
}

interface Place {
  readonly series: SeriesModel;
  readonly slide: ShownSlide;
  readonly look: Look;
}

/** Hands over what was drawn, as on any frame: with the tile in which it begins. */
function keepOn({ series, slide }: Place, tool: SlideTool, drawings: SlideDrawings | undefined, points: readonly Point[]): void {
  const [first] = points;
  const tile = first && tileUnder(slide, first);
  const { sopInstanceUid } = slide.levels[0];
  const frame = series.frames.find((one) => one.sopInstanceUid === sopInstanceUid && one.frameNumber === tile?.frame);
  if (tool === 'move' || tile === undefined || frame === undefined) return;
  drawings?.measurements.finish(KINDS[tool], inTile(points, tile), frame, { paneId: '', at: [0, 0] });
}

/** What is begun, as state and at once. */
function useDraft() {
  const [draft, setDraft] = useState<Draft>();
  const latest = useRef(draft);
  const show = useCallback((next: Draft | undefined): void => {
    latest.current = next;
    setDraft(next);
  }, []);
  return { draft, latest, show };
}

/** Lengths and outlines on a slide: kept as what is drawn on any frame. */
export function useSlideDrawing(place: Place, drawings: SlideDrawings | undefined): SlideDrawing {
  const { slide, look } = place;
  const { watch = never, getItems = nothing } = drawings?.measurements ?? {};
  const items = useSyncExternalStore(watch, getItems);
  const marks = useMemo(() => items.flatMap((item) => markOf(slide, item) ?? []), [items, slide]);
  const [tool, choose] = useState<SlideTool>('move');
  const { draft, latest, show } = useDraft();
  const hold = useHeld({ slide, look, marks }, drawings?.measurements);
  const setTool = (next: SlideTool): void => {
    show(undefined);
    hold.drop();
    choose(next);
  };
  const pen: Pen = {
    ...{ tool, look, show },
    draft: () => latest.current,
    keep: (points) => keepOn(place, tool, drawings, points),
  };
  const key = (name: string): boolean => {
    const own = marks.findLast(({ item }) => item.mayChange);
    if (tool === 'move' && hold.key(name)) return true;
    if (name === 'Enter' && tool !== 'move') setPoint(pen);
    else if (name === 'Escape' && latest.current !== undefined) show(undefined);
    else if (name === 'Escape' && tool !== 'move') setTool('move');
    else if (name === 'l') setTool(tool === 'length' ? 'move' : 'length');
    else if (name === 'E') setTool(tool === 'freehand' ? 'move' : 'freehand');
    else if (name === 'Delete' && own !== undefined) drawings?.measurements.discard(own.item);
    else return false;
    return true;
  };
  const shown = draft && (draft.pointerId === undefined ? [...draft.points, { x: look.x, y: look.y }] : draft.points);
  return {
    ...{ tool, setTool, key, marks: hold.lying, draft: shown, isHeld: hold.held !== undefined },
    isUnderMiddle: tool === 'move' && hold.isUnderMiddle,
    linesOf: (one) => drawings?.linesOf(one) ?? [],
    pointer: tool === 'move' ? hold.pointer : penPointer(pen),
  };
}
