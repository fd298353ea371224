import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { createPrng, type Seed } from '../prng.ts';
import { createCanvas } from './canvas.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';
import { addNoise } from './noise.ts';
import { createThorax, paintThorax, type ThoraxBody } from './thorax.ts';
import { cageAt } from './thorax-shape.ts';
import { develop, enlarge, type Plane } from './xray-film.ts';

export interface ChestXrayOptions extends PhantomOptions {
  /** Default 1024. */
  readonly rows?: number;
  /** Default 1024. */
  readonly columns?: number;
  readonly modality?: 'DX' | 'CR';
  readonly bitsStored?: 10 | 12 | 14;
  readonly photometricInterpretation?: 'MONOCHROME1' | 'MONOCHROME2';
  /** A patch of consolidated lung. Default none. */
  readonly infiltrate?: 'right-lower' | 'left-upper' | 'none';
  /** The body's own seed, for several films of one patient; the film's seed by default. */
  readonly bodySeed?: Seed;
  readonly body?: Partial<Omit<ThoraxBody, 'seed'>>;
}

const FIELD_MM = 400;
/** Finest grid of the projection; a smaller picture gets a coarser one. */
const GRID_MM = 0.8;
const ROW_MM = 1.25;
const DEPTH_MM = 1.25;
const TOP_MM = -76;

/** Consolidation: overlapping soft balls around a centre, denser in the middle. */
function infiltrateBalls(options: ChestXrayOptions): ThoraxBody['lesions'] {
  const { infiltrate = 'none', seed } = options;
  if (infiltrate === 'none') return [];
  const prng = createPrng('infiltrate', seed);
  const centre = infiltrate === 'right-lower' ? { x: -72, y: 10, s: 158 } : { x: 66, y: -10, s: 62 };
  return Array.from({ length: 80 }, () => ({
    x: centre.x + prng.normal() * 17,
    y: centre.y + prng.normal() * 17,
    s: centre.s + prng.normal() * 15,
    radius: prng.between(5, 13),
    value: prng.integer(-560, -180),
  })).filter((ball) => {
    const cage = cageAt(ball.s);
    return (
      Math.hypot(ball.x / (cage.halfWidth - 4 - ball.radius), (ball.y - cage.centreY) / (cage.halfDepth - 4 - ball.radius)) < 1
    );
  });
}

/** Adds what each point of a line stops, in thousandths of water; calcium stops more than its density says at the energies of a chest film. */
function addStopping(line: Int16Array, sums: Int32Array): void {
  for (let column = 0; column < line.length; column++) {
    const hu = line[column] ?? 0;
    if (hu > -1000) sums[column] = (sums[column] ?? 0) + hu + 1000 + (hu > 150 ? (hu - 150) >> 1 : 0);
  }
}

/** Of the last body that was named: further films of one patient are the same projection, which takes most of the time. */
let projected: { readonly body: string; readonly plane: Plane } | undefined;

function projectOnce(options: ChestXrayOptions, heightMm: number): Plane {
  const { bodySeed, body, columns, infiltrate = 'none', seed } = options;
  if (bodySeed === undefined) return project(options, heightMm);
  const key = JSON.stringify([bodySeed, body, columns, heightMm, infiltrate === 'none' ? '' : [infiltrate, seed]]);
  if (projected?.body !== key) projected = { body: key, plane: project(options, heightMm) };
  return projected.plane;
}

/** Water-equivalent millimetres along parallel rays from back to front through the chest phantom, arms down, for each point of a grid. */
function project(options: ChestXrayOptions, heightMm: number): Plane {
  const thorax = createThorax(options.bodySeed ?? options.seed, {
    armsDown: true,
    isContrast: false,
    lesions: infiltrateBalls(options),
    ...options.body,
  });
  const coarse = Math.max(1, FIELD_MM / GRID_MM / (options.columns ?? 1024));
  const rowMm = ROW_MM * coarse;
  const depthMm = DEPTH_MM * Math.sqrt(coarse);
  const canvas = createCanvas({
    columns: Math.round(FIELD_MM / GRID_MM / coarse),
    rows: Math.round(290 / depthMm),
    spacing: GRID_MM * coarse,
    spacingY: depthMm,
    centreY: 8,
  });
  const rows = Math.round(heightMm / rowMm);
  const plane = { values: new Float32Array(rows * canvas.columns), rows, columns: canvas.columns };
  const sums = new Int32Array(canvas.columns);
  for (let row = 0; row < plane.rows; row++) {
    paintThorax(canvas, thorax, TOP_MM + row * rowMm);
    sums.fill(0);
    for (let line = 0; line < canvas.rows; line++)
      addStopping(canvas.values.subarray(line * canvas.columns, (line + 1) * canvas.columns), sums);
    for (let column = 0; column < canvas.columns; column++)
      plane.values[row * plane.columns + column] = ((sums[column] ?? 0) * depthMm) / 1000;
  }
  return plane;
}

function pixels(options: ChestXrayOptions, rows: number, columns: number, bitsStored: number): Int16Array {
  const high = 2 ** bitsStored - 1;
  const plane = projectOnce(options, (FIELD_MM * rows) / columns);
  const values = enlarge(develop(plane), plane, { rows, columns }, high);
  addNoise(values, high * 0.006, 'white', options.seed, 'x-ray');
  const isInverted = options.photometricInterpretation === 'MONOCHROME1';
  for (let index = 0; index < values.length; index++) {
    const value = Math.min(high, Math.max(0, values[index] ?? 0));
    values[index] = isInverted ? high - value : value;
  }
  return values;
}

/** What only a DX says of how its pixels are to be shown (PS3.3 C.8.11). */
function presentationElements(isDx: boolean, photometricInterpretation: string): Dataset {
  if (!isDx) return { ImageType: ['ORIGINAL', 'PRIMARY'] };
  const isInverted = photometricInterpretation === 'MONOCHROME1';
  return {
    ImageType: ['ORIGINAL', 'PRIMARY', ''],
    PresentationIntentType: 'FOR PRESENTATION',
    ImageLaterality: 'U',
    PixelIntensityRelationship: 'LOG',
    PixelIntensityRelationshipSign: isInverted ? 1 : -1,
    PresentationLUTShape: isInverted ? 'INVERSE' : 'IDENTITY',
  };
}

/**
 * Yields one PA chest radiograph (DX or CR), made by projecting the chest phantom: lungs dark and bones light when shown as its Photometric
 * Interpretation says. 16 bits allocated; spacing at the detector in millimetres. Source: PS3.3 A.26 (DX), A.2 (CR).
 */
export function* chestXray(options: ChestXrayOptions): Generator<GeneratedInstance> {
  const { rows = 1024, columns = 1024, modality = 'DX', bitsStored = 12, photometricInterpretation = 'MONOCHROME2' } = options;
  const spacing = Number((FIELD_MM / columns).toFixed(6));
  const isDx = modality === 'DX';
  const high = 2 ** bitsStored;
  yield buildInstance('chest', options, {
    SOPClassUID: isDx ? SopClass.digitalXRayForPresentation : SopClass.computedRadiography,
    Modality: modality,
    ...presentationElements(isDx, photometricInterpretation),
    BodyPartExamined: 'CHEST',
    ViewPosition: 'PA',
    PatientOrientation: ['L', 'F'],
    StudyDescription: 'Radiographie du thorax',
    SeriesDescription: 'Thorax face PA',
    KVP: 120,
    DistanceSourceToDetector: 1800,
    Exposure: 3,
    ImagerPixelSpacing: [spacing, spacing],
    InstanceNumber: 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: photometricInterpretation,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: 0,
    WindowCenter: high / 2,
    WindowWidth: high,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    PixelData: sampleBytes(pixels(options, rows, columns, bitsStored)),
  });
}
