import { coverByShutters } from '../presentation/shutters.ts';
import type { StateShutters } from '../presentation/types.ts';
import { type Palette, renderColor, renderPalette } from './color.ts';
import type { ColorScaleName } from './color-scale.ts';
import { type DecodedFrame, PixelError } from './frame-format.ts';
import { type GrayPlan, renderGray } from './gray.ts';
import { burnOverlay, type EmbeddedOverlay, embeddedOverlay, type OverlayPlane } from './overlay.ts';
import { renderScaled } from './scaled.ts';

/** Everything that turns a decoded frame into what is seen; survives structured cloning. */
export interface RenderPlan {
  readonly gray: GrayPlan;
  /** For PALETTE COLOR only; supplemental palettes of grayscale images are not applied. */
  readonly palette: Palette | undefined;
  readonly overlays: readonly OverlayPlane[];
  readonly embeddedOverlays: readonly EmbeddedOverlay[];
  /** Of values that are shown in colours, as those of parametric maps. */
  readonly colors?: ColorScaleName | undefined;
  /** Of a presentation state: what they cover is not seen, nor are overlays there. */
  readonly shutters?: StateShutters | undefined;
}

/** An image of 8 bits: one byte (gray) or three (RGB) a pixel, row after row. */
export interface RenderedFrame {
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
}

function renderPixels(frame: DecodedFrame, plan: RenderPlan): { pixels: Uint8Array; channels: 1 | 3 } {
  if (frame.samplesPerPixel >= 3) return { pixels: renderColor(frame), channels: 3 };
  if (plan.colors !== undefined && frame.photometricInterpretation !== 'PALETTE COLOR')
    return { pixels: renderScaled(frame, plan.gray, plan.colors), channels: 3 };
  if (frame.photometricInterpretation !== 'PALETTE COLOR') return { pixels: renderGray(frame, plan.gray), channels: 1 };
  if (plan.palette === undefined) throw new PixelError('palette missing');
  return { pixels: renderPalette(frame, plan.palette), channels: 3 };
}

/** The grayscale and colour pipelines (PS3.4 N.2) on one decoded frame, overlays burned in. Fails with PixelError. */
export function renderFrame(frame: DecodedFrame, plan: RenderPlan): RenderedFrame {
  const image = { ...renderPixels(frame, plan), rows: frame.rows, columns: frame.columns };
  for (const overlay of plan.overlays) burnOverlay(image, overlay);
  for (const { bit, ...place } of plan.embeddedOverlays) {
    if (frame.samplesPerPixel === 1 && place.rows === frame.rows && place.columns === frame.columns)
      burnOverlay(image, { ...place, bits: embeddedOverlay(frame, bit) });
  }
  if (plan.shutters !== undefined) coverByShutters(image, plan.shutters);
  return image;
}
