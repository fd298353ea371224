import type { Contour, DoseGrid, PixelPlane, Roi, Segmentation, SegmentFrame } from '@negatoscope/dicom';
import type { ImagePlace } from '../engine/index.ts';
import type { PixelPoint } from '../model/calibration.ts';
import { distanceFrom, toImage } from '../model/frame-plane.ts';
import { cross, dot, type Vector3 } from '../model/geometry.ts';
import type { FrameModel } from '../model/study-model.ts';
import type { Layer } from './layer.ts';

/** The plane that is looked at. */
export type Shown = Pick<
  FrameModel,
  | 'position'
  | 'orientation'
  | 'drawingSpacing'
  | 'frameOfReferenceUid'
  | 'sliceThicknessMm'
  | 'sopInstanceUid'
  | 'frameNumber'
  | 'rows'
  | 'columns'
>;

/** What has frames that lie somewhere, as segmentations and maps have. */
type Framed = Pick<Segmentation, 'rows' | 'columns' | 'frameOfReferenceUid' | 'frames'>;

const PARALLEL = 0.999;
/** What a position may be off by, mm. */
const SLACK_MM = 0.01;
const USUAL_MM = 1;

const isInSpace = (shown: Shown, frameOfReferenceUid: string | undefined): boolean =>
  shown.position !== undefined &&
  shown.orientation !== undefined &&
  frameOfReferenceUid !== undefined &&
  shown.frameOfReferenceUid === frameOfReferenceUid;

function isParallel({ orientation }: Shown, { row, column }: PixelPlane): boolean {
  if (orientation === undefined) return false;
  return Math.abs(dot(cross(row, column), cross(orientation.row, orientation.column))) > PARALLEL;
}

/** Half of the thicker of the two: within it a frame has its share of what is looked at. */
const reachOf = (own: number | undefined, shown: number | undefined): number =>
  Math.max(own ?? 0, shown ?? 0) / 2 || USUAL_MM / 2;

const isDrawnOn = ({ sources }: SegmentFrame, { sopInstanceUid, frameNumber }: Shown): boolean =>
  sources.some((one) => one.sopInstanceUid === sopInstanceUid && (one.frames.length === 0 || one.frames.includes(frameNumber)));

/** How far a frame of a segmentation is from what is looked at, mm; undefined for one that has no share of it. */
function awayFrom(segmentation: Framed, frame: SegmentFrame, shown: Shown): number | undefined {
  const { plane, thicknessMm } = frame;
  if (plane !== undefined && isInSpace(shown, segmentation.frameOfReferenceUid)) {
    if (!isParallel(shown, plane)) return undefined;
    const away = distanceFrom(shown, plane.position);
    return away <= reachOf(thicknessMm, shown.sliceThicknessMm) + SLACK_MM ? away : undefined;
  }
  // Without a space in common only the image that it was drawn on has it, pixel by pixel.
  const isSameSize = segmentation.rows === shown.rows && segmentation.columns === shown.columns;
  return isSameSize && isDrawnOn(frame, shown) ? 0 : undefined;
}

/** The frames of a segmentation that lie on what is looked at: of each segment the nearest. */
export function segmentFramesOn(segmentation: Framed, shown: Shown): readonly SegmentFrame[] {
  const nearest = new Map<number | undefined, { readonly frame: SegmentFrame; readonly away: number }>();
  for (const frame of segmentation.frames) {
    const away = awayFrom(segmentation, frame, shown);
    if (away === undefined) continue;
    const known = nearest.get(frame.segment);
    if (known === undefined || away < known.away) nearest.set(frame.segment, { frame, away });
  }
  return [...nearest.values()].map(({ frame }) => frame);
}

const pointsOf = ({ points }: Contour): Vector3[] =>
  Array.from({ length: points.length / 3 }, (_, at) => [points[at * 3] ?? 0, points[at * 3 + 1] ?? 0, points[at * 3 + 2] ?? 0]);

/** The contours of a region that lie in what is looked at, in pixels of its frame. */
export function contoursOn(
  roi: Roi,
  shown: Shown,
): readonly { readonly isClosed: boolean; readonly points: readonly PixelPoint[] }[] {
  if (!isInSpace(shown, roi.frameOfReferenceUid)) return [];
  const reach = (shown.sliceThicknessMm ?? USUAL_MM) / 2 + SLACK_MM;
  return roi.contours.flatMap((contour) => {
    const [x, y, z] = contour.points;
    if (x === undefined || y === undefined || z === undefined || distanceFrom(shown, [x, y, z]) > reach) return [];
    const points = pointsOf(contour);
    if (points.some((point) => distanceFrom(shown, point) > reach)) return [];
    return [{ isClosed: contour.type.startsWith('CLOSED'), points: points.map((point) => toImage(shown, point)) }];
  });
}

/** Frames of a dose grid, from 0, with their share of what is looked at: the one before and the one behind. */
export function doseFramesOn(dose: DoseGrid, shown: Shown): readonly { readonly frame: number; readonly share: number }[] {
  const [first] = dose.planes;
  if (first === undefined || !isInSpace(shown, dose.frameOfReferenceUid) || !isParallel(shown, first)) return [];
  const normal = cross(first.row, first.column);
  const { position } = shown;
  if (position === undefined) return [];
  const at = dot(position, normal);
  const places = dose.planes.map((plane, frame) => ({ frame, at: dot(plane.position, normal) })).sort((a, b) => a.at - b.at);
  const next = places.findIndex((one) => one.at >= at - SLACK_MM);
  const [below, above] = [places[next - 1], places[next]];
  if (above === undefined) return [];
  if (Math.abs(above.at - at) <= SLACK_MM) return [{ frame: above.frame, share: 1 }];
  if (below === undefined) return [];
  const share = (at - below.at) / (above.at - below.at);
  return [
    { frame: below.frame, share: 1 - share },
    { frame: above.frame, share },
  ];
}

/** The CSS matrix by which a canvas of a plane's pixels lies over the pane; without a plane it is the frame's own pixels. */
export function matrixOf(plane: PixelPlane | undefined, shown: Shown, { origin, i, j }: ImagePlace): string {
  const inPane = ([x, y]: PixelPoint): PixelPoint => [origin[0] + x * i[0] + y * j[0], origin[1] + x * i[1] + y * j[1]];
  const at = (x: number, y: number): PixelPoint => {
    if (plane === undefined) return inPane([x, y]);
    const { position, row, column, rowMm, columnMm } = plane;
    const place = (axis: 0 | 1 | 2): number =>
      position[axis] + row[axis] * columnMm * (x - 0.5) + column[axis] * rowMm * (y - 0.5);
    return inPane(toImage(shown, [place(0), place(1), place(2)]));
  };
  const [[x0, y0], [x1, y1], [x2, y2]] = [at(0, 0), at(1, 0), at(0, 1)];
  return `matrix(${[x1 - x0, y1 - y0, x2 - x0, y2 - y0, x0, y0].map((one) => one.toFixed(6)).join(', ')})`;
}

/** Whether any frame of a series may have something of a layer: by a space in common, or by being named. */
export function concerns(layer: Layer, frames: readonly Shown[]): boolean {
  const spaces = new Set(frames.map(({ frameOfReferenceUid }) => frameOfReferenceUid).filter((uid) => uid !== undefined));
  if (layer.kind === 'structures')
    return layer.structures.rois.some(({ frameOfReferenceUid }) => spaces.has(frameOfReferenceUid ?? ''));
  if (layer.kind === 'dose') return spaces.has(layer.dose.frameOfReferenceUid ?? '');
  const segmentation = layer.kind === 'map' ? layer.map : layer.segmentation;
  if (spaces.has(segmentation.frameOfReferenceUid ?? '')) return true;
  const images = new Set(frames.map(({ sopInstanceUid }) => sopInstanceUid));
  return segmentation.frames.some(({ sources }) => sources.some(({ sopInstanceUid }) => images.has(sopInstanceUid)));
}
