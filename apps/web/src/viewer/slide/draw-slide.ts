import type { Slide } from '@negatoscope/dicom';
import type { Look, Size } from './look.ts';
import type { TilePlan } from './plan-tiles.ts';
import type { TileStore } from './tile-store.ts';

/** Draws what is here of a plan. The edge tiles of a level are cut to the matrix: what lies beyond it is no picture (PS3.3 C.8.12.4.1.2). */
export function drawSlide(
  context: CanvasRenderingContext2D,
  { slide, look, size, density }: { slide: Slide; look: Look; size: Size; density: number },
  plan: TilePlan,
  store: Pick<TileStore, 'picture'>,
): void {
  const [finest] = slide.levels;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, size.width * density, size.height * density);
  for (const { level, tiles } of plan.layers) {
    const [across, down] = [finest.columns / level.columns, finest.rows / level.rows].map(
      (factor) => factor * look.scale * density,
    );
    if (across === undefined || down === undefined) continue;
    const left = (size.width / 2) * density - look.x * look.scale * density;
    const top = (size.height / 2) * density - look.y * look.scale * density;
    // Enlarged pixels stay squares: nothing is made up between them.
    context.imageSmoothingEnabled = across < 2;
    for (const wanted of tiles) {
      const picture = store.picture(wanted);
      if (picture === undefined) continue;
      const { x, y } = wanted.tile;
      const [width, height] = [Math.min(level.tileColumns, level.columns - x), Math.min(level.tileRows, level.rows - y)];
      // On whole pixels, so that no seam is between two tiles.
      const [fromX, fromY] = [Math.round(left + x * across), Math.round(top + y * down)];
      const [toX, toY] = [Math.round(left + (x + width) * across), Math.round(top + (y + height) * down)];
      context.drawImage(picture.source, 0, 0, width, height, fromX, fromY, toX - fromX, toY - fromY);
    }
  }
}
