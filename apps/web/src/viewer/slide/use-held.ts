import { useCallback, useRef, useState } from 'react';
import type { Drawn, Measurements } from '../engine/measurements.ts';
import { movedPoints } from './grip.ts';
import { type Held, type Holding, holdKey, holdPointer, underMiddle } from './hold.ts';
import type { Look } from './look.ts';
import type { ShownSlide } from './plan-tiles.ts';
import { inOwnFrame, markOf, type SlideMark } from './slide-marks.ts';

interface Place {
  readonly slide: ShownSlide;
  readonly look: Look;
  readonly marks: readonly SlideMark[];
}

/** How far it has gone: what keys hold goes with the middle of the pane. */
const byOf = ({ from, to, pointerId }: Held, { x, y }: Look) => {
  const now = pointerId === undefined ? { x, y } : to;
  return { x: now.x - from.x, y: now.y - from.y };
};

/** A drawing as it lies while it is held; undefined where it can't be kept there. */
function heldItem({ slide, look }: Place, held: Held): Drawn | undefined {
  const { item } = held.grip.mark;
  const points = inOwnFrame(slide, item, movedPoints(held.grip, byOf(held, look)));
  return points && { ...item, geometry: { ...item.geometry, points: points.flat() } };
}

const isSame = ({ geometry: { points } }: Drawn, { geometry: { points: before } }: Drawn): boolean =>
  points.length === before.length && points.every((value, at) => value === before[at]);

/** Hands over where a drawing was put, as on any frame: taken back, done again and told to others like every change. */
function putDown(place: Place, held: Held, measurements: Pick<Measurements, 'getItems' | 'move'> | undefined): void {
  const { item } = held.grip.mark;
  const now = measurements?.getItems().find(({ id }) => id === item.id);
  const { x, y } = byOf(held, place.look);
  // What somebody else has moved or deleted meanwhile is as they have it.
  if (now === undefined || !isSame(now, item) || (x === 0 && y === 0)) return;
  const points = inOwnFrame(place.slide, item, movedPoints(held.grip, { x, y }));
  const [textX, textY] = item.geometry.textAt ?? [];
  if (points !== undefined)
    measurements?.move(item.id, points, textX === undefined || textY === undefined ? undefined : [textX, textY]);
}

/** Drawings on a slide that are moved after they were drawn. */
export function useHeld(place: Place, measurements: Pick<Measurements, 'getItems' | 'move'> | undefined) {
  const [held, setHeld] = useState<Held>();
  const latest = useRef(held);
  const show = useCallback((next: Held | undefined): void => {
    latest.current = next;
    setHeld(next);
  }, []);
  const put = (one: Held): void => putDown(place, one, measurements);
  const holding: Holding = { look: place.look, marks: place.marks, held: () => latest.current, show, put };
  const item = held && heldItem(place, held);
  const asHeld = (mark: SlideMark): SlideMark => (mark.item.id === item?.id ? (markOf(place.slide, item) ?? mark) : mark);
  return {
    held,
    /** Each where it lies now, what is held too. */
    lying: item === undefined ? place.marks : place.marks.map(asHeld),
    drop: () => show(undefined),
    pointer: holdPointer(holding),
    key: (name: string): boolean => holdKey(name, holding),
    isUnderMiddle: underMiddle(place) !== undefined,
  };
}
