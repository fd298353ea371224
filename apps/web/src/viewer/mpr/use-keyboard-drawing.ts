import { useEffect, useState } from 'react';
import type { EndUnder, MprSession, MprSnapshot, MprToolId, ScreenPoint } from '../engine/volume/index.ts';
import type { Vector3 } from '../model/geometry.ts';
import type { ViewId } from '../model/volume-views.ts';

/** The first end of a length, where the crosshair was. */
export interface Begun {
  readonly view: ViewId;
  readonly point: Vector3;
  /** The same on the screen of its view, which stays while only the crosshair moves. */
  readonly at: ScreenPoint;
  /** The end that is moved, of a length that is there. */
  readonly end?: EndUnder;
}

/** As near as the crosshair must be to an end to take hold of it, CSS px. */
const REACH_PX = 8;

export interface KeyboardDrawing {
  readonly begun: Begun | undefined;
  /** Sets a point at the crosshair; false where the tool sets none. */
  readonly set: () => boolean;
  /** Gives up what was begun; false when nothing was. */
  readonly cancel: () => boolean;
}

/** Drawing on planes by keyboard: arrows move the crosshair, and Enter sets a point there, or takes hold of an end that is there. Another plane begins anew. */
export function useKeyboardDrawing(
  mpr: MprSession | undefined,
  { active, views, slab }: MprSnapshot,
  tool: MprToolId,
): KeyboardDrawing {
  const [begun, setBegun] = useState<Begun>();
  const view = views[active];
  // What moves the plane or the picture under what was begun takes it away.
  const slice = view?.isTurned === true ? undefined : view?.label.frame?.slicePositionMm;
  const plane = JSON.stringify([active, tool, slab, slice, view?.label.scaleBar, view?.traces]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by what it names.
  useEffect(() => setBegun(undefined), [plane]);
  const set = (): boolean => {
    const point = mpr?.crosshair;
    if (mpr === undefined || point === undefined || view === undefined) return false;
    if (tool === 'probe') mpr.drawing.draw('PROBE', [point]);
    else if (tool !== 'length') return false;
    else if (begun === undefined) {
      const end = mpr.drawing.endAt(active, view.point, REACH_PX);
      setBegun(end ? { view: active, point: end.other, at: end.otherAt, end } : { view: active, point, at: view.point });
    } else {
      if (begun.end !== undefined) mpr.drawing.setEnd(begun.end, point);
      else mpr.drawing.draw('LENGTH', [begun.point, point]);
      setBegun(undefined);
    }
    return true;
  };
  const cancel = (): boolean => {
    setBegun(undefined);
    return begun !== undefined;
  };
  return { begun, set, cancel };
}
