import { SopClass } from '../part10/transfer-syntax.ts';
import { seededUid } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';
import { storeWithNoise } from './noise.ts';

export interface DiskOptions extends PhantomOptions {
  /** Default 1. */
  readonly slices?: number;
  /** Rows and columns. Default 512. */
  readonly side?: number;
  /** Standard deviation of the noise in Hounsfield units. Default 30. */
  readonly noise?: number;
}

/** Where the disk lies in a slice of `side` pixels: columns and rows from the middle of the first pixel, and its radius, in pixels. */
export const diskOf = (side: number): { readonly x: number; readonly y: number; readonly radius: number } => ({
  x: side * 0.5725 + 0.3,
  y: side * 0.4275 + 0.6,
  radius: side * 0.127,
});

/** Hounsfield units inside of the disk and around it. */
export const DISK_HU = { inside: 300, around: -100 } as const;

/** Its edge by the share of each pixel that it covers, near enough for hundredths of a pixel. */
function paint(side: number): Int16Array {
  const { x, y, radius } = diskOf(side);
  return Int16Array.from({ length: side * side }, (_, at) => {
    const distance = Math.hypot((at % side) - x, Math.floor(at / side) - y);
    const share = Math.min(1, Math.max(0, radius - distance + 0.5));
    return Math.round(DISK_HU.around + share * (DISK_HU.inside - DISK_HU.around));
  });
}

/**
 * Yields CT slices of 2.5 mm of one disk on an even ground, each with its own noise: what a viewer makes of a frame can be told by the disk's centre
 * and the values in it. Pixels: 16 bits allocated, 12 stored, unsigned, Hounsfield units after rescale, 0.7 mm.
 */
export function* diskSeries(options: DiskOptions): Generator<GeneratedInstance> {
  const { slices = 1, side = 512, noise = 30, seed } = options;
  const painted = paint(side);
  for (let index = 0; index < slices; index += 1)
    yield buildInstance('disk', options, {
      SOPClassUID: SopClass.ct,
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      FrameOfReferenceUID: seededUid(seed, 'disk', 'frame of reference'),
      InstanceNumber: index + 1,
      SliceThickness: 2.5,
      ImagePositionPatient: [0, 0, -2.5 * index],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [0.7, 0.7],
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
      WindowCenter: 40,
      WindowWidth: 800,
      PixelData: sampleBytes(storeWithNoise(painted, noise, { offset: 1024, low: 0, high: 4095 }, seed, index)),
    });
}
