import type { DecodedFrame } from './frame-format.ts';
import { cellsOf } from './samples.ts';

/** One overlay plane (PS3.3 C.9.2) of one frame. */
export interface OverlayPlane {
  readonly rows: number;
  readonly columns: number;
  /** Row and column of the image where the overlay's first pixel lies, counted from 1 (0060,0050); may be outside. */
  readonly originRow: number;
  readonly originColumn: number;
  /** What its pixels become, 0 to 255; white where nothing says. */
  readonly gray?: number;
  /** One byte (0 or 1) a pixel. */
  readonly bits: Uint8Array;
}

/** An overlay in the unused bits of the pixel cells; its place is that of an OverlayPlane. */
export interface EmbeddedOverlay extends Omit<OverlayPlane, 'bits'> {
  readonly bit: number;
}

/** An overlay stored in a bit of the pixel cells that the pixel values leave free (retired, PS3.5-2004 8.1.2): one byte (0 or 1) a pixel. */
export function embeddedOverlay(frame: DecodedFrame, bit: number): Uint8Array {
  const cells = cellsOf(frame);
  return Uint8Array.from(cells, (cell) => (cell >>> bit) & 1);
}

/** Burns an overlay into a rendered image of `channels` bytes a pixel: its pixels become white, or what it says. */
export function burnOverlay(
  image: { readonly pixels: Uint8Array; readonly rows: number; readonly columns: number; readonly channels: number },
  overlay: OverlayPlane,
): void {
  for (let row = 0; row < overlay.rows; row += 1) {
    const y = row + overlay.originRow - 1;
    if (y < 0 || y >= image.rows) continue;
    for (let column = 0; column < overlay.columns; column += 1) {
      const x = column + overlay.originColumn - 1;
      if (x < 0 || x >= image.columns || overlay.bits[row * overlay.columns + column] !== 1) continue;
      image.pixels.fill(
        overlay.gray ?? 255,
        (y * image.columns + x) * image.channels,
        (y * image.columns + x + 1) * image.channels,
      );
    }
  }
}
