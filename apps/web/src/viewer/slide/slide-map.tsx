import type { Slide } from '@negatoscope/dicom';
import { type PointerEvent, useMemo, useRef } from 'react';
import { useText } from '../../i18n/index.ts';
import { type Look, partOf, type Size, wholeLook } from './look.ts';
import type { LoadTile } from './tile-store.ts';
import { type Looking, useDrawing } from './use-slide.ts';

const MOST_SIDE = 140;

/** The whole slide, small, with what of it is seen; a press goes there. Keys move the slide itself, so that nothing here is needed to. */
export function SlideMap({
  slide,
  look,
  size,
  load,
  onGo,
}: {
  readonly slide: Slide;
  readonly look: Look;
  readonly size: Size;
  readonly load: LoadTile;
  readonly onGo: Looking['change'];
}) {
  const t = useText('viewer');
  const canvas = useRef<HTMLCanvasElement>(null);
  const [finest] = slide.levels;
  const small = useMemo(() => {
    const shrunk = MOST_SIDE / Math.max(finest.columns, finest.rows);
    return { width: Math.max(8, finest.columns * shrunk), height: Math.max(8, finest.rows * shrunk) };
  }, [finest]);
  const whole = useMemo(() => wholeLook(slide, small), [slide, small]);
  useDrawing(canvas, { slide, look: whole, size: small, load });
  const { left, top, right, bottom } = partOf(slide, finest, look, size);
  const go = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    onGo((now) => ({ ...now, x: x * finest.columns, y: y * finest.rows }));
  };
  return (
    <div
      className="absolute right-2 bottom-2 cursor-crosshair touch-none overflow-hidden rounded border border-(--ng-line) bg-black/80"
      style={small}
      onPointerDown={go}
      onPointerMove={go}
    >
      <canvas ref={canvas} className="size-full" role="img" aria-label={t('slide.map')} />
      <svg
        viewBox={`0 0 ${finest.columns} ${finest.rows}`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full"
        aria-hidden
      >
        <title>{t('slide.map')}</title>
        <rect
          x={left}
          y={top}
          width={right - left}
          height={bottom - top}
          fill="none"
          stroke="var(--ng-accent)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </div>
  );
}
