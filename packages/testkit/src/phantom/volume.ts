import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { seededUid } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';

type Point = readonly [number, number, number];

export interface VolumeOptions extends PhantomOptions {
  /** Rows and columns. */
  readonly side: number;
  /** Between pixels, mm. */
  readonly spacingMm: number;
  /** Where the middle of each slice's first pixel lies in the patient, mm; Instance Numbers follow the order. */
  readonly positions: readonly Point[];
  /** Image Orientation (Patient); default axial. */
  readonly orientation?: readonly [number, number, number, number, number, number];
  /** By default the slices don't say. */
  readonly thicknessMm?: number;
  /** Hounsfield units at a place in the patient, -1024 to 3071. */
  readonly valueAt: (point: Point) => number;
  /** More elements of the slice of this index. */
  readonly elementsOf?: (index: number) => Dataset;
}

/** Yields CT slices of whatever stands in space by a formula: what a viewer makes of a volume can be told by numbers. 16 bits allocated, 12 stored. */
export function* volumeSeries(options: VolumeOptions): Generator<GeneratedInstance> {
  const { seed, side, spacingMm, positions, orientation = [1, 0, 0, 0, 1, 0], valueAt } = options;
  const [rx, ry, rz, cx, cy, cz] = orientation;
  for (const [index, [x, y, z]] of positions.entries()) {
    const cells = Uint16Array.from({ length: side * side }, (_, at) => {
      const [i, j] = [(at % side) * spacingMm, Math.floor(at / side) * spacingMm];
      return 1024 + Math.round(valueAt([x + i * rx + j * cx, y + i * ry + j * cy, z + i * rz + j * cz]));
    });
    yield buildInstance('volume', options, {
      SOPClassUID: SopClass.ct,
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      FrameOfReferenceUID: seededUid(seed, 'volume', 'frame of reference'),
      InstanceNumber: index + 1,
      SliceThickness: options.thicknessMm,
      ImagePositionPatient: [x, y, z],
      ImageOrientationPatient: orientation,
      PixelSpacing: [spacingMm, spacingMm],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: side,
      Columns: side,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      RescaleIntercept: -1024,
      RescaleSlope: 1,
      RescaleType: 'HU',
      WindowCenter: 0,
      WindowWidth: 2000,
      ...options.elementsOf?.(index),
      PixelData: sampleBytes(cells),
    });
  }
}
