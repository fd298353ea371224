import { type RefObject, useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import {
  attachMprPointer,
  type MprSession,
  type MprSnapshot,
  type MprToolId,
  type ScreenPoint,
  type TextUnder,
} from '../engine/volume/index.ts';
import type { ViewId } from '../model/volume-views.ts';
import { LayersOverPlane } from '../overlaid/layers-over-plane.tsx';
import type { CutItems } from '../overlaid/use-cut-items.ts';
import { PaneOverlay } from '../parts/pane-overlay.tsx';
import { MprMarks, VIEW_COLOURS } from './mpr-marks.tsx';
import type { Begun } from './use-keyboard-drawing.ts';

interface MprPlaneProps {
  readonly mpr: MprSession;
  readonly snapshot: MprSnapshot;
  readonly id: ViewId;
  readonly tool: MprToolId;
  readonly hasOverlay: boolean;
  /** What the keyboard has begun on this plane. */
  readonly begun: Begun | undefined;
  /** What is laid over it. */
  readonly cut: CutItems;
  readonly opacity: number;
  /** Whether there are presentation states of the images, which are not applied to planes. */
  readonly hasStates: boolean;
}

const isDrawing = (tool: MprToolId): boolean => tool === 'length' || tool === 'probe';

/** The text of a drawing at a place of a plane: where it stands only the page knows. */
function textUnder(plane: HTMLElement | null, [x, y]: ScreenPoint): TextUnder | undefined {
  const { left = 0, top = 0 } = plane?.getBoundingClientRect() ?? {};
  for (const text of plane?.querySelectorAll<SVGTextElement>('[data-measure] text') ?? []) {
    const box = text.getBoundingClientRect();
    const isIn = x + left >= box.left && x + left <= box.right && y + top >= box.top && y + top <= box.bottom;
    const id = text.closest<SVGElement>('[data-measure]')?.dataset.measure;
    if (isIn && id !== undefined) return { id, middle: [(box.left + box.right) / 2 - left, (box.top + box.bottom) / 2 - top] };
  }
  return undefined;
}

type Draft = readonly [ScreenPoint, ScreenPoint] | undefined;

/** Binds a plane to its canvas, and the pointer to both. */
function usePlane({ mpr, id, tool }: Pick<MprPlaneProps, 'mpr' | 'id' | 'tool'>) {
  const element = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(tool);
  const [draft, setDraft] = useState<Draft>();
  useEffect(() => {
    latest.current = tool;
  }, [tool]);
  useEffect(() => (canvas.current === null ? undefined : mpr.attach(id, canvas.current)), [mpr, id]);
  useEffect(() => {
    if (element.current === null) return;
    return attachMprPointer(element.current, {
      tool: () => latest.current,
      pointAt: (at) => mpr.pointAt(id, at),
      scrollBy: (steps) => mpr.scrollBy(id, steps),
      zoomBy: (factor, at) => mpr.zoomBy(id, factor, at),
      panBy: (dx, dy) => mpr.panBy(id, dx, dy),
      dragWindow: (dx, dy) => mpr.display.dragWindow(dx, dy),
      hover: (at) => void mpr.hover(id, at),
      draft: setDraft,
      drawLength: (from, to) => mpr.drawing.draw('LENGTH', [mpr.patientAt(id, from), mpr.patientAt(id, to)]),
      drawProbe: (at) => mpr.drawing.draw('PROBE', [mpr.patientAt(id, at)]),
      take: (at, reach) => mpr.drawing.press(id, at, reach, textUnder(element.current, at), isDrawing(latest.current)),
      carry: (to) => mpr.drawing.move(to),
      letGo: (isKept) => mpr.drawing.release(isKept),
      click: (at, reach) => mpr.drawing.click(id, at, reach, textUnder(element.current, at)),
    });
  }, [mpr, id]);
  return { element, canvas, draft };
}

/** One plane: its picture, where the others cut it, what it is of, and its name. */
export function MprPlane({ mpr, snapshot, id, tool, hasOverlay, begun, cut, opacity, hasStates }: MprPlaneProps) {
  const t = useText('viewer');
  const plane = usePlane({ mpr, id, tool });
  const { element, canvas } = plane;
  useFirstFocus(element, snapshot.active === id);
  const view = snapshot.views[id];
  const draft = plane.draft ?? (begun?.view === id && view !== undefined ? ([begun.at, view.point] as const) : undefined);
  const name = t(`mpr.views.${id}`);
  return (
    <section
      aria-label={t('mpr.view', { name })}
      data-active={snapshot.active === id || undefined}
      className="ng-viewer-pane @container relative min-h-0 min-w-0 overflow-hidden bg-black"
    >
      <div
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a plane is worked on by arrows and the page keys.
        tabIndex={0}
        role="application"
        aria-label={t('mpr.view', { name })}
        className="ng-viewer-canvas absolute inset-0 outline-none"
        data-testid={`mpr-${id}`}
        onFocus={() => mpr.setActive(id)}
        onPointerDown={() => mpr.setActive(id)}
      >
        <canvas ref={canvas} className="absolute inset-0 h-full w-full" data-testid={`mpr-canvas-${id}`} />
        {view !== undefined && <LayersOverPlane {...{ cut, opacity }} plane={view.plane} />}
        {view !== undefined && (
          <MprMarks
            {...{ mpr, id, view, draft, unit: snapshot.unit }}
            size={{ width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 }}
            hasHandles={snapshot.active === id}
          />
        )}
      </div>
      {view !== undefined && hasOverlay && <PaneOverlay snapshot={view.label} link={undefined} />}
      <PlaneName id={id} isTurned={view?.isTurned === true} hasNote={hasStates && snapshot.active === id} />
    </section>
  );
}

/** What had the keyboard while the volume came is gone: Enter is to set a point, and not to close the planes. */
function useFirstFocus(element: RefObject<HTMLElement | null>, isFirst: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the planes come.
  useEffect(() => {
    if (isFirst) element.current?.focus({ preventScroll: true });
  }, []);
}

/** In the colour of its lines in the other planes. */
function PlaneName({
  id,
  isTurned,
  hasNote,
}: Pick<MprPlaneProps, 'id'> & { readonly isTurned: boolean; readonly hasNote: boolean }) {
  const t = useText('viewer');
  const name = t(`mpr.views.${id}`);
  return (
    <span
      className="ng-viewer-overlay ng-viewer-backdrop pointer-events-none absolute bottom-14 left-2 font-semibold text-xs"
      style={{ color: VIEW_COLOURS[id] }}
    >
      {isTurned ? `${name}, ${t('mpr.turned')}` : name}
      {hasNote && (
        <span role="note" className="block font-normal text-(--ng-text-dim)">
          {t('mpr.noStates')}
        </span>
      )}
    </span>
  );
}
