import { type PointerEvent, useMemo, useRef } from 'react';
import { useText } from '../../i18n/index.ts';
import { useLetters } from '../parts/use-letters.ts';
import { type Look, partOf, type Size, wholeLook } from './look.ts';
import type { ShownSlide } from './plan-tiles.ts';
import type { LoadTile } from './tile-store.ts';
import { type Looking, useDrawing } from './use-slide.ts';

/** px, where letters are as large as usual. */
const MOST_SIDE = 140;

interface SlideMapProps {
  readonly slide: ShownSlide;
  readonly look: Look;
  readonly size: Size;
  readonly load: LoadTile;
  readonly onGo: Looking['change'];
}

/** The whole slide, small, with what of it is seen; a press goes there. Keys move the slide itself, so that nothing here is needed to. */
export function SlideMap({ slide, look, size, load, onGo }: SlideMapProps) {
  const t = useText('viewer');
  const canvas = useRef<HTMLCanvasElement>(null);
  const { columns, rows } = slide.levels[0];
  const most = MOST_SIDE * useLetters();
  const small = useMemo(() => {
    const shrunk = most / Math.max(columns, rows);
    return { width: Math.max(8, columns * shrunk), height: Math.max(8, rows * shrunk) };
  }, [columns, rows, most]);
  const whole = useMemo(() => wholeLook(slide, small), [slide, small]);
  useDrawing(canvas, { slide, look: whole, size: small, load });
  const go = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    onGo((now) => ({ ...now, x: x * columns, y: y * rows }));
  };
  return (
    <div
      className="absolute right-2 bottom-2 cursor-crosshair touch-none overflow-hidden rounded border border-(--ng-line) bg-black/80"
      style={small}
      onPointerDown={go}
      onPointerMove={go}
    >
      <canvas ref={canvas} className="size-full" role="img" aria-label={t('slide.map')} />
      <Seen {...{ slide, look, size }} />
    </div>
  );
}

/** A frame around what is seen. */
function Seen({ slide, look, size }: Pick<SlideMapProps, 'slide' | 'look' | 'size'>) {
  const [finest] = slide.levels;
  const { left, top, right, bottom } = partOf(slide, finest, look, size);
  return (
    <svg
      viewBox={`0 0 ${finest.columns} ${finest.rows}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
      aria-hidden
    >
      <rect
        {...{ x: left, y: top, width: right - left, height: bottom - top }}
        fill="none"
        stroke="var(--ng-accent)"
        strokeWidth={2}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
