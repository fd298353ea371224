/** What of a study is looked at first: which series, and which of its frames. One rule for the page, which hangs it, and for the server, which sends it ahead. */
export { beginningBytes, canServerDecode, mayComeInParts } from './beginnings.ts';
export { firstFrame, firstIndex } from './first-frame.ts';
export { type FrameGroups, frameGroupsOf, functionalGroup, type PlacedFrame, placedFrames } from './frame-places.ts';
export { cross, dot, type PlaneOrientation, parsePlaneOrientation, toVector3, type Vector3 } from './geometry.ts';
export { type Candidate, candidatesOf, firstToHang, kindOf, kindsOf, type StudyKind } from './looked-at-first.ts';
export { mayBeVideo } from './may-be-video.ts';
export { likenessOf, mostLike } from './pairing.ts';
export { type HangingRegion, regionOf } from './region.ts';
export {
  featuresOf,
  type Plane,
  planeOf,
  type SeriesFeatures,
  type SeriesImages,
  type Words,
  wordsOf,
} from './series-features.ts';
export { haveImages, isDocumentModality, parseSeriesSummary, type SeriesSummary, seriesOf, sortSeries } from './series-list.ts';
export { positionsAlongNormal, type SortableFrame, type SortedFrames, sortFrames } from './sort-frames.ts';
