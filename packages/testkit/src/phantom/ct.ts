import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { seededUid } from '../prng.ts';
import { type Canvas, createCanvas, smooth } from './canvas.ts';
import { type CtBase, type CtOptions, headProtocol, type Protocol, thoraxProtocol } from './ct-protocols.ts';
import { buildInstance, type GeneratedInstance, sampleBytes } from './instance.ts';
import { storeWithNoise } from './noise.ts';

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
