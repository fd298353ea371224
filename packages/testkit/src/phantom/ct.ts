import { SopClass } from '../part10/transfer-syntax.ts';
import { seededUid } from '../prng.ts';
import { type Canvas, createCanvas, fillEllipse, smooth } from './canvas.ts';
import { paintHead } from './head.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';
import { addNoise } from './noise.ts';
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
  /** Stored as signed values around 0 or, by default, as unsigned values with Rescale Intercept -1024; both 16 bits allocated, 12 stored. */
  readonly isSigned?: boolean;
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
  const thorax = createThorax(options.seed, options.body);
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
    last: 168,
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
    paint: (canvas, depth) => paintHead(canvas, depth, options.seed),
  };
}

/** The couch: two thin shells and air between, curved towards the patient. */
function paintTable(canvas: Canvas, y: number): void {
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 205, ry: 14, exponent: 3 }, -120);
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 201, ry: 11, exponent: 3 }, -900);
}

/** Turns Hounsfield units into stored values within 12 bits, in place: value = HU + 1024 when unsigned (PS3.3 C.11.1). */
function store(values: Int16Array, isSigned: boolean): void {
  const offset = isSigned ? 0 : 1024;
  const low = isSigned ? -1024 : 0;
  const high = isSigned ? 2047 : 4095;
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] ?? 0) + offset;
    values[index] = value < low ? low : Math.min(value, high);
  }
}

/**
 * Yields a CT series one instance at a time, from head to feet, supine head first (HFS). Pixels: 16 bits allocated, 12 stored, Hounsfield units
 * after rescale; PixelSpacing in millimetres, square. The same options give the same bytes. Source: PS3.3 A.3 and C.8.2.
 */
export function* ctVolume(options: CtOptions): Generator<GeneratedInstance> {
  const { slices = 120, rows = 512, columns = 512, isSigned = false, anatomy = 'thorax' } = options;
  const protocol = anatomy === 'head' ? headProtocol(options) : thoraxProtocol(options);
  const spacing = protocol.fieldMm / Math.max(rows, columns);
  const step = options.spacingMm ?? Number(((protocol.last - protocol.first) / Math.max(1, slices - 1)).toFixed(4));
  const canvas = createCanvas({ columns, rows, spacing, centreY: protocol.centreY });
  for (let index = 0; index < slices; index++) {
    protocol.paint(canvas, protocol.first + index * step);
    smooth(canvas.values, columns, rows);
    addNoise(canvas.values, protocol.noise, 'grainy', options.seed, index);
    store(canvas.values, isSigned);
    const z = Number((-protocol.first - index * step).toFixed(4));
    yield buildInstance(anatomy === 'head' ? 'ct-head' : 'ct', options, {
      SOPClassUID: SopClass.ct,
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      FrameOfReferenceUID: seededUid(options.seed, anatomy, 'frame of reference'),
      ...protocol.elements,
      InstanceNumber: index + 1,
      AcquisitionNumber: 1,
      PatientPosition: 'HFS',
      SliceThickness: step,
      SpacingBetweenSlices: step,
      SliceLocation: z,
      ImagePositionPatient: [canvas.originX, canvas.originY, z],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [spacing, spacing],
      ReconstructionDiameter: protocol.fieldMm,
      XRayTubeCurrent: 180,
      ExposureTime: 500,
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
      PixelData: sampleBytes(canvas.values),
    });
  }
}
