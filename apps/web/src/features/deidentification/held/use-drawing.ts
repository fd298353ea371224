import type { DeidHeldFile, DeidRectangle } from '@negatoscope/contract';
import { type PointerEvent, useRef, useState } from 'react';
import { between, within } from './mask-rules.ts';

interface DrawingProps {
  readonly size: Pick<DeidHeldFile, 'rows' | 'columns'>;
  readonly onDraw: (mask: DeidRectangle) => void;
}
/** Draws with a pointer: from one corner to the other. */
export function useDrawing({ size, onDraw }: DrawingProps) {
  const from = useRef<{ x: number; y: number }>(undefined);
  const [drawn, setDrawn] = useState<DeidRectangle>();
  const pointOf = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * size.columns,
      y: ((event.clientY - box.top) / box.height) * size.rows,
    };
  };
  const end = (): void => {
    if (drawn !== undefined) onDraw(drawn);
    from.current = undefined;
    setDrawn(undefined);
  };
  return {
    drawn,
    handlers: {
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = pointOf(event);
      },
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        if (from.current !== undefined) setDrawn(within(between(from.current, pointOf(event)), size));
      },
      onPointerUp: end,
      onPointerCancel: () => {
        from.current = undefined;
        setDrawn(undefined);
      },
    },
  };
}
