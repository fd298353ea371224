export { bulkReader } from './bulk-reader.ts';
export {
  asFailure,
  decodedFrame,
  encodedFrame,
  imageHeader,
  isDecodable,
  isImage,
  type PixelSource,
  recodeFrame,
} from './decoded-frames.ts';
export { decodedFrameBytes, frameMemory, storedBytes, withFrameMemory } from './frame-memory.ts';
export type { SeriesHandle, StudyHandle, StudyPath } from './handles.ts';
export { isBeyondLooking, isHeldBack } from './held-back.ts';
export type { HeaderThread, LargeHeader } from './large-header.ts';
export { openLooseFile } from './loose-file.ts';
export { findUnmapped, keepMapping, passShort } from './mappings.ts';
export type { RequireUnnamed } from './named-frames.ts';
export { type InstancePath, openInstance, openSeries, openSeriesOf, type SeriesPath } from './open.ts';
export type { PackedLevel } from './packed-level.ts';
export { encodeDrawing, PICTURE_TYPES, type PictureParams, type PictureType, type Viewport } from './picture.ts';
export { createPixelSource, createPixels, type Pixels } from './pixels.ts';
export { isStoredLarge } from './progressive-frames.ts';
export { type RegionValues, regionValues } from './region-values.ts';
export type { StateOf } from './render-by-state.ts';
export { middleFrame, type RenderTask, renderKey, renderLoose, representative } from './renderer.ts';
export { measuredMapping, type Place } from './series-mappings.ts';
export { type InstanceEntry, withoutRow } from './series-table.ts';
export { isSlide, slideWith } from './slide-levels.ts';
export { slideKey } from './slide-picture.ts';
export { planSlide } from './slide-plan.ts';
export { alignBits, readFrame, storedFrame } from './stored-frames.ts';
export { patientOf } from './study-by-uid.ts';
export { type WantedTraces, waveformTraces } from './waveform-traces.ts';
