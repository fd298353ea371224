import type { Dataset } from '../part10/dataset.ts';
import { seededUid } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';
import { volumeSeries } from './volume.ts';

/** A ball in a volume of 64 × 64 × 21, mm: what is drawn over its slices can be told by numbers. */
export const BALL = { middle: [64, 64, 30], radius: 20 } as const;
export const [SIDE, SPACING, SLICE, SLICES] = [64, 2, 3, 21] as const;
const STUDY = 'overlaid study';

type Options = Pick<PhantomOptions, 'seed'>;
export const base = ({ seed }: Options, number: number): PhantomOptions => ({
  seed,
  studyInstanceUid: seededUid(seed, STUDY),
  seriesNumber: number,
  // One patient's, whatever each is called.
  dataset: { PatientName: 'PHANTOM^BALL' },
});
export const frameOfReference = ({ seed }: Options): string => seededUid(seed, 'volume', 'frame of reference');
const reach = (z: number): number => Math.sqrt(Math.max(0, BALL.radius ** 2 - (z - BALL.middle[2]) ** 2));

/** The slices that the rest lies over. */
export function ballVolume(options: Options): GeneratedInstance[] {
  const [x, y, z] = BALL.middle;
  return [
    ...volumeSeries({
      ...base(options, 1),
      side: SIDE,
      spacingMm: SPACING,
      thicknessMm: SLICE,
      positions: Array.from({ length: SLICES }, (_, index) => [0, 0, index * SLICE] as const),
      valueAt: (point) => (Math.hypot(point[0] - x, point[1] - y, point[2] - z) <= BALL.radius ? 200 : -200),
    }),
  ];
}

const code = (value: string, meaning: string): Dataset => ({
  CodeValue: value,
  CodingSchemeDesignator: 'SCT',
  CodeMeaning: meaning,
});
const segment = (number: number, name: string, lab: readonly number[] | undefined): Dataset => ({
  '00620004': { vr: 'US', value: number },
  '00620005': { vr: 'LO', value: name },
  '00620003': { vr: 'SQ', value: [code('49755003', 'Morphologically Altered Structure')] },
  '0062000F': { vr: 'SQ', value: [code('4147007', 'Mass')] },
  '00620008': { vr: 'CS', value: 'MANUAL' },
  ...(lab === undefined ? {} : { '0062000D': { vr: 'US', value: lab } }),
});

/** Slices of the ball, as `segment` frames of one bit or one byte a pixel. */
function ballFrames(isBinary: boolean): { readonly heights: readonly number[]; readonly pixels: Uint8Array } {
  const heights = Array.from({ length: SLICES }, (_, index) => index * SLICE).filter((z) => reach(z) > 0);
  const pixels = new Uint8Array(isBinary ? Math.ceil((heights.length * SIDE * SIDE) / 8) : heights.length * SIDE * SIDE);
  heights.forEach((z, frame) => {
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      const [x, y] = [(at % SIDE) * SPACING, Math.floor(at / SIDE) * SPACING];
      if (Math.hypot(x - BALL.middle[0], y - BALL.middle[1]) > reach(z)) continue;
      const place = frame * SIDE * SIDE + at;
      if (isBinary) pixels[place >> 3] = (pixels[place >> 3] ?? 0) | (1 << (place & 7));
      else pixels[place] = 128;
    }
  });
  return { heights, pixels };
}

/** Functional groups of axial frames of the one segment at these heights (PS3.3 C.7.6.16). */
const planesAt = (heights: readonly number[]): Dataset => ({
  '52009229': {
    vr: 'SQ',
    value: [
      {
        '00209116': { vr: 'SQ', value: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }] },
        '00289110': { vr: 'SQ', value: [{ PixelSpacing: [SPACING, SPACING], SliceThickness: SLICE }] },
        '0062000A': { vr: 'SQ', value: [{ '0062000B': { vr: 'US', value: 1 } }] },
      },
    ],
  },
  '52009230': {
    vr: 'SQ',
    value: heights.map((z): Dataset => ({ '00209113': { vr: 'SQ', value: [{ ImagePositionPatient: [0, 0, z] }] } })),
  },
});

/** A segmentation of the ball (PS3.3 A.51): by its own planes, without a word of which images it was drawn on. */
export function ballSegmentation(
  options: Options & { readonly isFractional?: boolean; readonly name?: string },
): GeneratedInstance {
  const isBinary = options.isFractional !== true;
  const { heights, pixels } = ballFrames(isBinary);
  return buildInstance('segmentation', base(options, isBinary ? 2 : 3), {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    Modality: 'SEG',
    InstanceNumber: 1,
    SeriesDescription: isBinary ? 'Boule' : 'Boule en parts',
    FrameOfReferenceUID: frameOfReference(options),
    ...{
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: SIDE,
      Columns: SIDE,
      NumberOfFrames: heights.length,
    },
    ...{ BitsAllocated: isBinary ? 1 : 8, BitsStored: isBinary ? 1 : 8, HighBit: isBinary ? 0 : 7, PixelRepresentation: 0 },
    '00620001': { vr: 'CS', value: isBinary ? 'BINARY' : 'FRACTIONAL' },
    ...(isBinary ? {} : { '00620010': { vr: 'CS', value: 'OCCUPANCY' }, '0062000E': { vr: 'US', value: 255 } }),
    // Red of the screen in L*, a* and b* (PS3.3 C.10.7.1.1).
    '00620002': { vr: 'SQ', value: [segment(1, options.name ?? 'Boule', [35_590, 53_740, 50_840])] },
    ...planesAt(heights),
    PixelData: pixels,
  });
}

/** A circle of 36 points where the ball is cut at a height. */
function contour(z: number): Dataset {
  const points = Array.from({ length: 36 }, (_, at) => (at * Math.PI) / 18).flatMap((angle) => [
    BALL.middle[0] + reach(z) * Math.cos(angle),
    BALL.middle[1] + reach(z) * Math.sin(angle),
    z,
  ]);
  return {
    '30060042': { vr: 'CS', value: 'CLOSED_PLANAR' },
    '30060046': { vr: 'IS', value: 36 },
    '30060050': { vr: 'DS', value: points.map((one) => one.toFixed(3)) },
  };
}

/** Contours of the ball, as a planning system has them (A.19): a circle of 36 points on every slice that it touches. */
export function ballStructures(options: Options & { readonly name?: string }): GeneratedInstance {
  const heights = Array.from({ length: SLICES }, (_, index) => index * SLICE).filter((z) => reach(z) > 0);
  return buildInstance('structures', base(options, 4), {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    Modality: 'RTSTRUCT',
    InstanceNumber: 1,
    SeriesDescription: 'Contours',
    '30060002': { vr: 'SH', value: 'Contours' },
    '30060020': {
      vr: 'SQ',
      value: [
        {
          '30060022': { vr: 'IS', value: 7 },
          '30060024': { vr: 'UI', value: frameOfReference(options) },
          '30060026': { vr: 'LO', value: options.name ?? 'PTV' },
          '30060036': { vr: 'CS', value: 'MANUAL' },
        },
      ],
    },
    '30060039': {
      vr: 'SQ',
      value: [
        {
          '3006002A': { vr: 'IS', value: [0, 255, 0] },
          '30060040': { vr: 'SQ', value: heights.map(contour) },
          '30060084': { vr: 'IS', value: 7 },
        },
      ],
    },
  });
}

/** Hundredths of a gray in the dose of the ball at a distance from its middle, mm: 60 Gy within, falling off by 2 Gy a millimetre. */
export const ballDoseAt = (distance: number): number => Math.max(0, Math.round(6000 - Math.max(0, distance - BALL.radius) * 200));

/** A dose around the ball (A.18), on a grid of its own: 4 mm wide, 5 mm apart. */
export function ballDose(options: Options): GeneratedInstance {
  const [side, spacing, step, frames] = [32, 4, 5, 13];
  const values = new Uint32Array(side * side * frames);
  for (let at = 0; at < values.length; at += 1) {
    const [i, j, k] = [at % side, Math.floor(at / side) % side, Math.floor(at / (side * side))];
    const [x, y, z] = BALL.middle;
    values[at] = ballDoseAt(Math.hypot(i * spacing - x, j * spacing - y, k * step - z));
  }
  return buildInstance('dose', base(options, 5), {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.2',
    Modality: 'RTDOSE',
    InstanceNumber: 1,
    SeriesDescription: 'Dose',
    FrameOfReferenceUID: frameOfReference(options),
    ...{ ImagePositionPatient: [0, 0, 0], ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [spacing, spacing] },
    ...{ SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', Rows: side, Columns: side, NumberOfFrames: frames },
    ...{ BitsAllocated: 32, BitsStored: 32, HighBit: 31, PixelRepresentation: 0 },
    '30040002': { vr: 'CS', value: 'GY' },
    '30040004': { vr: 'CS', value: 'PHYSICAL' },
    '3004000A': { vr: 'CS', value: 'PLAN' },
    '3004000C': { vr: 'DS', value: Array.from({ length: frames }, (_, index) => String(index * step)) },
    '3004000E': { vr: 'DS', value: '0.01' },
    PixelData: { vr: 'OW', value: new Uint8Array(values.buffer) },
  });
}
