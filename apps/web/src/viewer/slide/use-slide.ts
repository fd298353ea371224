import type { Slide } from '@negatoscope/dicom';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { drawSlide } from './draw-slide.ts';
import { boundedLook, type Look, type Point, type Size, wholeLook, zoomedLook } from './look.ts';
import { inOrder, planTiles, type ShownSlide } from './plan-tiles.ts';
import { type LoadTile, TileStore } from './tile-store.ts';

const EMPTY: Size = { width: 0, height: 0 };

/** The size of an element, from the moment on at which it stands. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState(EMPTY);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => setSize({ width: current.clientWidth, height: current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Tiles for as long as a slide is shown; `version` grows with what is here. */
function useTiles(load: LoadTile): { readonly store: TileStore | undefined; readonly version: number } {
  const [store, setStore] = useState<TileStore>();
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const made = new TileStore(load, () => setVersion((number) => number + 1));
    setStore(made);
    return () => made.close();
  }, [load]);
  return { store, version };
}

/** Where a slide is looked at. Until somebody moves, it is seen whole, whatever the size of the pane. */
export function useLook(slide: Slide, size: Size) {
  const [chosen, setChosen] = useState<Look>();
  const look = chosen === undefined ? wholeLook(slide, size) : boundedLook(slide, size, chosen);
  const latest = useRef(look);
  latest.current = look;
  const change = useCallback(
    (to: (look: Look) => Look) => setChosen(boundedLook(slide, size, to(latest.current))),
    [slide, size],
  );
  const zoom = useCallback(
    (factor: number, at?: Point) => change((now) => zoomedLook(slide, size, now, factor, at)),
    [change, slide, size],
  );
  const whole = useCallback(() => setChosen(undefined), []);
  return { look, change, zoom, whole };
}

export type Looking = ReturnType<typeof useLook>;

/** Draws what is looked at, and asks for what of it is not here yet. */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  { slide, look, size, load }: { slide: ShownSlide; look: Look; size: Size; load: LoadTile },
) {
  const { store, version } = useTiles(load);
  const density = window.devicePixelRatio || 1;
  const { x, y, scale } = look;
  const plan = useMemo(() => planTiles(slide, { x, y, scale }, size, density), [slide, x, y, scale, size, density]);
  useEffect(() => {
    if (size.width > 0) store?.want(inOrder(slide, plan, { x, y, scale }));
  }, [store, slide, plan, x, y, scale, size]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is what has come since.
  useEffect(() => {
    const { current } = canvas;
    const context = current?.getContext('2d');
    if (!current || !context || store === undefined || size.width === 0) return;
    const drawn = requestAnimationFrame(() => {
      const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
      if (current.width !== width) current.width = width;
      if (current.height !== height) current.height = height;
      drawSlide(context, { slide, look: { x, y, scale }, size, density }, plan, store);
    });
    return () => cancelAnimationFrame(drawn);
  }, [canvas, store, version, slide, plan, x, y, scale, size, density]);
  return { plan, state: store?.state, retry: () => store?.retry() };
}
