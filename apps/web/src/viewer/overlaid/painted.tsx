import { useLayoutEffect, useRef } from 'react';

interface PaintedProps {
  readonly columns: number;
  readonly rows: number;
  /** Red, green, blue and alpha of each pixel. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly matrix: string;
  readonly opacity: number;
  /** Whether pixels have edges, as those of a mask, or flow into each other. */
  readonly hasEdges: boolean;
  readonly name: string;
}

/** Pixels of another plane where they lie over the pane. */
export function Painted({ columns, rows, pixels, matrix, opacity, hasEdges, name }: PaintedProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    context.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [pixels, columns, rows]);
  return (
    <canvas
      ref={ref}
      width={columns}
      height={rows}
      aria-hidden
      data-testid="painted-layer"
      data-name={name}
      className="pointer-events-none absolute top-0 left-0 max-w-none origin-top-left"
      style={{ transform: matrix, opacity, imageRendering: hasEdges ? 'pixelated' : 'auto' }}
    />
  );
}
