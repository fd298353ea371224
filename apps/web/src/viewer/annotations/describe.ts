import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import {
  type DecodedFrame,
  type FramePlan,
  type Region,
  regionOfDrawing,
  regionStatistics,
  renderFrame,
  renderPlanFor,
  spansOf,
  suvOf,
  valueAt,
} from '@negatoscope/dicom';
import { type Measurement, measureLength, type PixelPoint } from '../model/calibration.ts';
import {
  type Area,
  angleAt,
  cardiothoracicRatio,
  cobbAngle,
  ellipseArea,
  polygonArea,
  type Scale,
  type TwoLines,
} from '../model/measuring.ts';
import type { FrameModel } from '../model/study-model.ts';
import { UCUM, ucumOf } from '../model/ucum.ts';
import { placedPoints } from './placed-points.ts';

/** What a value says. */
export type Concept =
  | 'LENGTH'
  | 'LONG_AXIS'
  | 'SHORT_AXIS'
  | 'ANGLE'
  | 'COBB_ANGLE'
  | 'HEART_WIDTH'
  | 'THORAX_WIDTH'
  | 'CARDIOTHORACIC_RATIO'
  | 'AREA'
  | 'MEAN'
  | 'DEVIATION'
  | 'MINIMUM'
  | 'MAXIMUM'
  | 'VALUE';

export interface DescribedValue {
  readonly concept: Concept;
  readonly value: number;
  /** UCUM code (PS3.16 CID 82 and following): `mm`, `mm2`, `deg`, `[hnsf'U]`, `{pixels}`, … */
  readonly ucum: string;
  /** How it is written beside the number; empty for a ratio, undefined for values whose image names no unit. */
  readonly unit: string | undefined;
}

/** What an annotation says, as the image, a list and a structured report show it. */
export interface Described {
  /** Its own text. */
  readonly label: string | null;
  readonly values: readonly DescribedValue[];
  /** How its millimetres came about; undefined where it has none to tell of. */
  readonly scale: Measurement['kind'] | undefined;
  /** `awaited`: values of pixels follow once the frame is here without loss. `provisional`: read in a preview. */
  readonly pixels: 'none' | 'final' | 'awaited' | 'provisional';
  /** Red, green and blue of a probe in a colour image. */
  readonly colour?: readonly number[];
  /** The probe lies on padding, which has no value. */
  readonly isPadding?: boolean;
  /** Column and row of a probe, from 0. */
  readonly pixel?: readonly [number, number];
}

/** A decoded frame with what makes values of it. */
export interface FramePixels {
  readonly frame: DecodedFrame;
  readonly plan: FramePlan;
  /** False for a preview: see the store of frames. */
  readonly isWhole: boolean;
}

export interface Describable {
  readonly kind: AnnotationKind;
  readonly geometry: AnnotationGeometry;
  readonly label: string | null;
}

type Values = Partial<Omit<Described, 'label'>>;

const lengthValue = (concept: Concept, { value, unit }: Measurement): DescribedValue =>
  unit === 'mm' ? { concept, value, ucum: UCUM.mm, unit } : { concept, value, ucum: UCUM.pixels, unit };
const areaValue = ({ value, unit }: Area): DescribedValue =>
  unit === 'mm2'
    ? { concept: 'AREA', value, ucum: UCUM.mm2, unit: 'mm²' }
    : { concept: 'AREA', value, ucum: UCUM.pixels, unit: 'px' };
const degrees = (concept: Concept, value: number): DescribedValue => ({ concept, value, ucum: UCUM.degree, unit: '°' });

function ofLength([a, b]: readonly PixelPoint[], { calibration }: Scale): Values {
  if (a === undefined || b === undefined) return {};
  const measured = measureLength(a, b, calibration);
  return { values: [lengthValue('LENGTH', measured)], scale: measured.kind };
}

/** The longer of the two axes is the long one, whichever was drawn first. */
function ofAxes([a, b, c, d]: TwoLines, { calibration }: Scale): Values {
  const axes = [measureLength(a, b, calibration), measureLength(c, d, calibration)].sort((p, q) => q.value - p.value);
  const [long, short] = axes;
  if (long === undefined || short === undefined) return {};
  return {
    values: [lengthValue('LONG_AXIS', long), lengthValue('SHORT_AXIS', short)],
    scale: axes.find(({ kind }) => kind !== 'calibrated')?.kind ?? 'calibrated',
  };
}

function ofChest(points: TwoLines, scale: Scale): Values {
  const { heart, thorax, ratio } = cardiothoracicRatio(points, scale);
  const quotient: DescribedValue[] =
    ratio === undefined ? [] : [{ concept: 'CARDIOTHORACIC_RATIO', value: ratio, ucum: UCUM.ratio, unit: '' }];
  return { values: [...quotient, lengthValue('HEART_WIDTH', heart), lengthValue('THORAX_WIDTH', thorax)], scale: thorax.kind };
}

/** Takes modality values to what is shown: SUV where a PET allows it, else the unit of the image. */
function valueUnit({ dataset }: FrameModel, plan: FramePlan): Pick<DescribedValue, 'ucum' | 'unit'> & { factor: number } {
  const suv = suvOf(dataset);
  if (suv.kind === 'suv') return { factor: suv.factor, ucum: UCUM.suv, unit: 'SUV' };
  return { factor: 1, ucum: ucumOf(plan.unit), unit: plan.unit };
}

function ofRegion(area: Area, region: Region, model: FrameModel, pixels: FramePixels | undefined): Values {
  const measured = { values: [areaValue(area)], scale: area.kind };
  // Colours are no values: nothing is waited for.
  if (Number(model.dataset['00280002']?.Value?.[0] ?? 1) >= 3) return measured;
  if (pixels === undefined || !pixels.isWhole) return { ...measured, pixels: 'awaited' };
  const { frame, plan } = pixels;
  if (plan.kind !== 'gray') return measured;
  const found = regionStatistics(frame, plan, spansOf(region, frame));
  if (found === undefined) return measured;
  const { factor, ...unit } = valueUnit(model, plan);
  const value = (concept: Concept, one: number): DescribedValue => ({ concept, value: one * factor, ...unit });
  const statistics = [
    value('MEAN', found.mean),
    value('DEVIATION', found.deviation),
    value('MINIMUM', found.min),
    value('MAXIMUM', found.max),
  ];
  return { ...measured, values: [...measured.values, ...statistics], pixels: 'final' };
}

/** Red, green and blue of one pixel as they are drawn, by the pipeline that draws the whole frame. */
function colourAt({ frame, plan }: FramePixels, index: number): number[] {
  const size = frame.pixels.length / (frame.rows * frame.columns);
  const pixels = frame.pixels.slice(index * size, (index + 1) * size);
  return [...renderFrame({ ...frame, rows: 1, columns: 1, pixels }, renderPlanFor(plan, undefined)).pixels];
}

/** The value of the pixel that holds a point; nothing outside the frame or before there is a picture. */
function ofPixel([point]: readonly PixelPoint[], model: FrameModel, pixels: FramePixels | undefined): Values {
  if (point === undefined) return {};
  const pixel = [Math.floor(point[0]), Math.floor(point[1])] as const;
  const [column, row] = pixel;
  if (pixels === undefined) return { pixel, pixels: 'awaited' };
  const { frame, plan, isWhole } = pixels;
  if (column < 0 || row < 0 || column >= frame.columns || row >= frame.rows) return { pixel };
  const read = { pixel, pixels: isWhole ? 'final' : 'provisional' } as const;
  const index = row * frame.columns + column;
  if (plan.kind !== 'gray') return { ...read, colour: colourAt(pixels, index) };
  const stored = valueAt(frame, plan, index);
  if (stored === undefined) return { ...read, isPadding: true };
  const own: DescribedValue = { concept: 'VALUE', value: stored, ucum: ucumOf(plan.unit), unit: plan.unit };
  const { factor, ...unit } = valueUnit(model, plan);
  // Activity beside SUV: both are looked for.
  return { ...read, values: unit.unit === plan.unit ? [own] : [{ ...own, value: stored * factor, ...unit }, own] };
}

const isTwoLines = (points: readonly PixelPoint[]): points is TwoLines => points.length === 4;
const isCorner = (points: readonly PixelPoint[]): points is readonly [PixelPoint, PixelPoint, PixelPoint] => points.length === 3;

function valuesOf(
  kind: AnnotationKind,
  points: readonly PixelPoint[],
  model: FrameModel,
  pixels: FramePixels | undefined,
): Values {
  const { calibration, drawingSpacing } = model;
  const scale: Scale = { calibration, pixelAspect: drawingSpacing.rowMm / drawingSpacing.columnMm };
  const region = regionOfDrawing(kind, points);
  if (region !== undefined) {
    const area = region.kind === 'ellipse' ? ellipseArea(region.points, scale) : polygonArea(points, scale);
    return ofRegion(area, region, model, pixels);
  }
  if (kind === 'LENGTH') return ofLength(points, scale);
  if (kind === 'PROBE') return ofPixel(points, model, pixels);
  if (kind === 'ANGLE' && isCorner(points)) return { values: [degrees('ANGLE', angleAt(points, scale))] };
  if (!isTwoLines(points)) return {};
  if (kind === 'BIDIRECTIONAL') return ofAxes(points, scale);
  if (kind === 'CARDIOTHORACIC') return ofChest(points, scale);
  return kind === 'COBB' ? { values: [degrees('COBB_ANGLE', cobbAngle(points, scale))] } : {};
}

/**
 * What an annotation says on a frame: its text, and its values with their units. Millimetres follow the calibration of the frame, values of pixels are worked
 * out from the stored ones and only of a frame that is here without loss. Nothing where it does not lie on the frame.
 */
export function describe({ kind, geometry, label }: Describable, model: FrameModel, pixels?: FramePixels): Described {
  const points = placedPoints(geometry, model);
  const nothing: Described = { label, values: [], scale: undefined, pixels: 'none' };
  return points === undefined ? nothing : { ...nothing, ...valuesOf(kind, points, model, pixels) };
}
