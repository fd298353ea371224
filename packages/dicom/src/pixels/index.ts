export { displayedSize, pixelAspectOf } from './aspect.ts';
export { bareFrame, canBeBare } from './bare-frame.ts';
export type { ReadBulk } from './bulk.ts';
export { checkFormat } from './check-format.ts';
export type { Palette } from './color.ts';
export { COLOR_SCALES, type ColorScaleName, scaleColor, scaleTable, USUAL_COLORS } from './color-scale.ts';
export { frameFormatOf, pixelTagOf } from './describe.ts';
export {
  type DecodedFrame,
  decodedBytes,
  type EncodedFrame,
  type FrameFormat,
  PixelError,
  type Size,
} from './frame-format.ts';
export { type GrayPlan, presentGray } from './gray.ts';
export { type FrameValues, grayValues } from './gray-values.ts';
export { readJ2kHeader } from './j2k-header.ts';
export { decodeJpegDct } from './jpeg-dct.ts';
export { interleavePlanes, unpackBits, widenSamples } from './layout.ts';
export { type LookupTable, lookupTable } from './lookup.ts';
export { type FrameMeasure, mappingWindow, measureFrame, type SeriesMapping, seriesMappingOf } from './measure.ts';
export { IDENTITY, type ModalityTransform, modalityFunction } from './modality.ts';
export type { EmbeddedOverlay, OverlayPlane } from './overlay.ts';
export { type FramePlan, type FramePlanOptions, framePlanOf, needsSeriesMapping, renderPlanFor } from './plan.ts';
export { type Overlays, overlaysOf } from './plan-overlays.ts';
export { paletteOf } from './plan-palette.ts';
export type { VoiChoice } from './plan-voi.ts';
export type { ValueRange } from './range.ts';
export { isParametricMap, type RealWorld, realWorldOf } from './real-world.ts';
export { type ImagePoint, type Region, regionOfDrawing } from './region.ts';
export { type RenderedFrame, type RenderPlan, renderFrame } from './render.ts';
export { decodeRle } from './rle.ts';
export { encodeRle } from './rle-encode.ts';
export { expandSegmentedPalette } from './segmented-palette.ts';
export { type Span, spansOf } from './spans.ts';
export { type RegionStatistics, regionStatistics } from './statistics.ts';
export { readJpegHeader, type StreamHeader } from './stream-headers.ts';
export { SUV_REASONS, type Suv, type SuvReason, suvOf } from './suv.ts';
export { valueAt } from './value-reader.ts';
export { type ValuePlan, valueRange } from './values.ts';
export { isWindow, type Voi, type Window, type WindowFunction, windowFunction } from './voi.ts';
export { voiFunction } from './voi-functions.ts';
export { ybrFullToRgb } from './ybr.ts';
