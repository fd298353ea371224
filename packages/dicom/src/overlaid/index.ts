export { ownColor, type Rgb } from './color.ts';
export { type DoseGrid, doseGridOf, doseValues, isDose, washColor } from './dose.ts';
export { type MapQuantity, mapValues, type ParametricMap, parametricMapOf } from './map.ts';
export type { PixelPlane, Triple as PlaneVector } from './plane.ts';
export {
  isSegmentation,
  type Segment,
  type Segmentation,
  type SegmentFrame,
  segmentationOf,
  segmentMask,
} from './segmentation.ts';
export { type Contour, contourPoints, isStructures, type Roi, type Structures, structuresOf } from './structures.ts';
