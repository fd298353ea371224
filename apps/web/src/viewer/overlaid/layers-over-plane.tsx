import { useEffect, useRef } from 'react';
import type { PlaneRequest } from '../model/volume.ts';
import { emptyCut } from './cut.ts';
import type { CutItems } from './use-cut-items.ts';

interface LayersOverPlaneProps {
  readonly cut: CutItems;
  readonly plane: PlaneRequest;
  readonly opacity: number;
}

/** What is laid over the slices, where a plane through them cuts it. */
export function LayersOverPlane({ cut: { items, key }, plane, opacity }: LayersOverPlaneProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height } = plane;
  const at = JSON.stringify(plane);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the items, `at` for the plane.
  useEffect(() => {
    // Once a frame of the screen, however fast somebody scrolls.
    const handle = requestAnimationFrame(() => {
      const context = ref.current?.getContext('2d');
      if (context === null || context === undefined) return;
      const cut = emptyCut(plane);
      for (const { draw } of items) draw(cut, plane);
      context.putImageData(new ImageData(cut, width, height), 0, 0);
    });
    return () => cancelAnimationFrame(handle);
  }, [key, at]);
  if (items.length === 0) return null;
  return (
    <canvas
      ref={ref}
      width={width}
      height={height}
      aria-hidden
      data-testid="layers-over-plane"
      className="pointer-events-none absolute inset-0 h-full w-full"
      style={{ opacity }}
    />
  );
}
