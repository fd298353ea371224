import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { type Seed, seededUid } from '../prng.ts';
import { type Canvas, createCanvas, fillEllipse, smooth } from './canvas.ts';
import { paintHead } from './head.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';
import { storeWithNoise } from './noise.ts';
import { createThorax, paintThorax, type ThoraxBody } from './thorax.ts';

export interface CtOptions extends PhantomOptions {
  /** Number of instances, head first. Default 120. */
  readonly slices?: number;
  /** Default 512. */
  readonly rows?: number;
  /** Default 512. */
  readonly columns?: number;
  readonly anatomy?: 'thorax' | 'head';
  /** Millimetres between slices; by default the anatomy is covered whatever the number of slices. */
  readonly spacingMm?: number;
  /** Standard deviation of the noise in Hounsfield units; by default that of the protocol. 6 makes a thorax compress about 3:1 as HTJ2K, as patients do; 45 makes it 2:1. */
  readonly noise?: number;
  /** Stored as signed values around 0 or, by default, as unsigned values with Rescale Intercept -1024; both 16 bits allocated, 12 stored. */
  readonly isSigned?: boolean;
  /** The body's own seed, for several series of one patient; the series' seed by default. */
  readonly bodySeed?: Seed;
  /** Shared by series of the same anatomy and body only; the first one paints. */
  readonly base?: CtBase;
  readonly body?: Partial<Omit<ThoraxBody, 'seed'>>;
}

interface Protocol {
  readonly fieldMm: number;
  readonly centreY: number;
  /** Depth of the first slice and of the last, millimetres below the apex of lung or skull. */
  readonly first: number;
  readonly last: number;
  readonly noise: number;
  readonly elements: { readonly [keyword: string]: string | number | readonly (string | number)[] };
  paint(canvas: Canvas, depth: number): void;
}

function thoraxProtocol(options: CtOptions): Protocol {
  const thorax = createThorax(options.bodySeed ?? options.seed, options.body);
  return {
    fieldMm: 380,
    centreY: 6,
    first: -14,
    last: 292,
    noise: 13,
    elements: {
      BodyPartExamined: 'CHEST',
      StudyDescription: 'Scanner thoracique',
      SeriesDescription: thorax.body.isContrast ? 'Thorax injecté 2,5 mm' : 'Thorax sans injection 2,5 mm',
      ProtocolName: 'Thorax',
      ConvolutionKernel: 'B40f',
      KVP: 120,
      WindowCenter: [40, -600],
      WindowWidth: [400, 1500],
      WindowCenterWidthExplanation: ['Médiastin', 'Poumon'],
    },
    paint: (canvas, depth) => {
      paintThorax(canvas, thorax, depth);
      paintTable(canvas, 130);
    },
  };
}

function headProtocol(options: CtOptions): Protocol {
  return {
    fieldMm: 240,
    centreY: 0,
    first: -2,
    last: 146,
    noise: 5,
    elements: {
      BodyPartExamined: 'HEAD',
      StudyDescription: 'Scanner cérébral',
      SeriesDescription: 'Crâne sans injection',
      ProtocolName: 'Encéphale',
      ConvolutionKernel: 'H31s',
      KVP: 120,
      WindowCenter: [35, 450],
      WindowWidth: [80, 2000],
      WindowCenterWidthExplanation: ['Cerveau', 'Os'],
    },
    paint: (canvas, depth) => paintHead(canvas, depth, options.bodySeed ?? options.seed),
  };
}

/** The couch: two thin shells and air between, curved towards the patient. */
function paintTable(canvas: Canvas, y: number): void {
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 205, ry: 14, exponent: 3 }, -120);
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 201, ry: 11, exponent: 3 }, -900);
}

/** Painted and smoothed slices that several series may share, so that each costs its noise only. Half a MiB a slice of 512 x 512. */
export type CtBase = Map<string, Int16Array>;

function paintSlice(canvas: Canvas, protocol: Protocol, depth: number, base: CtBase | undefined): Int16Array {
  const key = `${depth.toFixed(3)}/${canvas.rows}/${canvas.columns}`;
  const known = base?.get(key);
  if (known) return known;
  protocol.paint(canvas, depth);
  smooth(canvas.values, canvas.columns, canvas.rows, canvas.painted);
  base?.set(key, canvas.values.slice());
  return canvas.values;
}

/** How the pixels of all instances are stored and what they mean; a value is HU + 1024 when unsigned (PS3.3 C.11.1). */
const pixelElements = (rows: number, columns: number, isSigned: boolean): Dataset => ({
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: rows,
  Columns: columns,
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: isSigned ? 1 : 0,
  RescaleIntercept: isSigned ? 0 : -1024,
  RescaleSlope: 1,
  RescaleType: 'HU',
});

/** Where and how the slice at `z` was taken; `step` is the way from slice to slice, `spacing` between pixels, in millimetres. */
const sliceElements = ({ originX, originY, spacing }: Canvas, fieldMm: number, step: number, z: number): Dataset => ({
  AcquisitionNumber: 1,
  PatientPosition: 'HFS',
  SliceThickness: step,
  SpacingBetweenSlices: step,
  SliceLocation: z,
  ImagePositionPatient: [originX, originY, z],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  PixelSpacing: [spacing, spacing],
  ReconstructionDiameter: fieldMm,
  XRayTubeCurrent: 180,
  ExposureTime: 500,
});

/**
 * Yields a CT series one instance at a time, from head to feet, supine head first (HFS). Pixels: 16 bits allocated, 12 stored, Hounsfield units
 * after rescale; PixelSpacing in millimetres, square. The same options give the same bytes. Source: PS3.3 A.3 and C.8.2.
 */
export function* ctVolume(options: CtOptions): Generator<GeneratedInstance> {
  const { slices = 120, rows = 512, columns = 512, isSigned = false, anatomy = 'thorax' } = options;
  const protocol = anatomy === 'head' ? headProtocol(options) : thoraxProtocol(options);
  const spacing = protocol.fieldMm / Math.max(rows, columns);
  const step = options.spacingMm ?? Number(((protocol.last - protocol.first) / Math.max(1, slices - 1)).toFixed(4));
  // Stored within 12 bits.
  const range = isSigned ? { offset: 0, low: -1024, high: 2047 } : { offset: 1024, low: 0, high: 4095 };
  const canvas = createCanvas({ columns, rows, spacing, centreY: protocol.centreY });
  for (let index = 0; index < slices; index++) {
    const painted = paintSlice(canvas, protocol, protocol.first + index * step, options.base);
    const values = storeWithNoise(painted, options.noise ?? protocol.noise, range, options.seed, index);
    const z = Number((-protocol.first - index * step).toFixed(4));
    yield buildInstance(anatomy === 'head' ? 'ct-head' : 'ct', options, {
      SOPClassUID: SopClass.ct,
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      FrameOfReferenceUID: seededUid(options.seed, anatomy, 'frame of reference'),
      ...protocol.elements,
      InstanceNumber: index + 1,
      ...sliceElements(canvas, protocol.fieldMm, step, z),
      ...pixelElements(rows, columns, isSigned),
      PixelData: sampleBytes(values),
    });
  }
}
