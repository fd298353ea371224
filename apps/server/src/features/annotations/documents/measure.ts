import type { AnnotationKind } from '@negatoscope/contract';
import {
  type Area,
  angleAt,
  type Code,
  cardiothoracicRatio,
  cobbAngle,
  type DicomJsonObject,
  ellipseArea,
  type MadeValue,
  type Measurement,
  measureLength,
  type PixelPoint,
  polygonArea,
  type Scale,
  scaleOf,
  type TwoLines,
  UCUM,
} from '@negatoscope/dicom';
import type { AnnotationRow } from '../repository.ts';
import type { Measured } from './content.ts';

const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
/** What the standard has no code for. */
const own = (value: string, meaning: string): Code => ({ value, scheme: '99NEGATOSCOPE', meaning });
const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });

/** What is measured (PS3.16 CID 7470, 7550 and SNOMED CT). */
const CONCEPTS = {
  length: sct('410668003', 'Length'),
  longAxis: sct('103339001', 'Long axis'),
  shortAxis: sct('103340004', 'Short axis'),
  angle: sct('1483009', 'Angle'),
  cobb: sct('285285000', 'Cobb angle'),
  area: sct('42798000', 'Area'),
  chestRatio: own('CTR', 'Cardiothoracic ratio'),
  heart: own('HEART_WIDTH', 'Width of heart'),
  thorax: own('THORAX_WIDTH', 'Width of thorax'),
} as const;
const UNITS = {
  mm: ucum(UCUM.mm, 'millimeter'),
  mm2: ucum(UCUM.mm2, 'square millimeter'),
  px: ucum(UCUM.pixels, 'pixels'),
  degree: ucum(UCUM.degree, 'degree'),
  ratio: ucum(UCUM.ratio, 'ratio'),
} as const;

/** What is to be known of values that are no true millimetres; meanings of codes are English, and so is this. */
const NOTES: Readonly<Partial<Record<Measurement['kind'], string>>> = {
  detector: 'Measured at the detector: what lies in the patient is smaller',
  estimated: 'Estimated: corrected by the stated magnification',
  none: 'Not calibrated: in pixels',
  outside: 'Outside of a calibrated region: in pixels',
};

const lengthValue = (concept: Code, { value, unit }: Measurement): MadeValue => ({ concept, value, unit: UNITS[unit] });
const areaValue = ({ value, unit }: Area): MadeValue => ({ concept: CONCEPTS.area, value, unit: UNITS[unit] });
const angleValue = (concept: Code, value: number): MadeValue => ({ concept, value, unit: UNITS.degree });

const isTwoLines = (points: readonly PixelPoint[]): points is TwoLines => points.length === 4;
const isCorner = (points: readonly PixelPoint[]): points is readonly [PixelPoint, PixelPoint, PixelPoint] => points.length === 3;

interface Found {
  readonly values: readonly MadeValue[];
  readonly scale?: Measurement['kind'];
}

/** The longer axis is the long one, whichever was drawn first. */
function ofAxes([a, b, c, d]: TwoLines, { calibration }: Scale): Found {
  const [long, short] = [measureLength(a, b, calibration), measureLength(c, d, calibration)].sort((p, q) => q.value - p.value);
  if (long === undefined || short === undefined) return { values: [] };
  const scale = [long, short].find(({ kind }) => kind !== 'calibrated')?.kind ?? 'calibrated';
  return { values: [lengthValue(CONCEPTS.longAxis, long), lengthValue(CONCEPTS.shortAxis, short)], scale };
}

function ofChest(points: TwoLines, scale: Scale): Found {
  const { heart, thorax, ratio } = cardiothoracicRatio(points, scale);
  const quotient = ratio === undefined ? [] : [{ concept: CONCEPTS.chestRatio, value: ratio, unit: UNITS.ratio }];
  const widths = [lengthValue(CONCEPTS.heart, heart), lengthValue(CONCEPTS.thorax, thorax)];
  return { values: [...quotient, ...widths], scale: thorax.kind };
}

function valuesOf(kind: AnnotationKind, points: readonly PixelPoint[], scale: Scale): Found {
  const [a, b] = points;
  if (kind === 'LENGTH' && a !== undefined && b !== undefined) {
    const measured = measureLength(a, b, scale.calibration);
    return { values: [lengthValue(CONCEPTS.length, measured)], scale: measured.kind };
  }
  if (kind === 'ANGLE' && isCorner(points)) return { values: [angleValue(CONCEPTS.angle, angleAt(points, scale))] };
  if (kind === 'FREEHAND' || kind === 'RECTANGLE') {
    const area = polygonArea(points, scale);
    return { values: [areaValue(area)], scale: area.kind };
  }
  if (!isTwoLines(points)) return { values: [] };
  if (kind === 'BIDIRECTIONAL') return ofAxes(points, scale);
  if (kind === 'CARDIOTHORACIC') return ofChest(points, scale);
  if (kind === 'COBB') return { values: [angleValue(CONCEPTS.cobb, cobbAngle(points, scale))] };
  if (kind !== 'ELLIPSE') return { values: [] };
  const area = ellipseArea(points, scale);
  return { values: [areaValue(area)], scale: area.kind };
}

/** Its points in pixels of its frame; undefined for one that lies in patient space. */
export function placesOf({ geometry: { space, points } }: AnnotationRow): PixelPoint[] | undefined {
  if (space !== 'PIXEL') return undefined;
  return Array.from({ length: points.length / 2 }, (_, at): PixelPoint => [points[2 * at] ?? 0, points[2 * at + 1] ?? 0]);
}

/** What an annotation measures on its frame, from its points and the calibration in the image's header alone. */
export function measure(annotation: AnnotationRow, header: DicomJsonObject): Measured {
  const { kind, frame } = annotation;
  const places = placesOf(annotation);
  if (places === undefined) return { values: [], notes: [] };
  const { values, scale } = valuesOf(kind, places, scaleOf(header, frame));
  const note = scale === undefined ? undefined : NOTES[scale];
  return { values, notes: note === undefined ? [] : [note] };
}
