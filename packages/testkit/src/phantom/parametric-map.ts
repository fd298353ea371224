import type { Dataset } from '../part10/dataset.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';
import { BALL, base, frameOfReference, SIDE, SLICE, SLICES, SPACING } from './overlaid.ts';

export interface BallMapOptions extends Pick<PhantomOptions, 'seed' | 'dataset'> {
  /** Floats are stored as what they are; 16 bits as tenths, with a mapping to what they stand for. */
  readonly isFloat?: boolean;
  /** UCUM code of the values; default `mm`. */
  readonly unit?: string;
  /** Window of the stored values. */
  readonly window?: readonly [center: number, width: number];
}

const sq = (...value: Dataset[]) => ({ vr: 'SQ', value }) as const;

const distances = (): number[] =>
  Array.from({ length: SIDE * SIDE * SLICES }, (_, at) => {
    const [x, y] = [(at % SIDE) * SPACING, (Math.floor(at / SIDE) % SIDE) * SPACING];
    const z = Math.floor(at / (SIDE * SIDE)) * SLICE;
    return Math.hypot(x - BALL.middle[0], y - BALL.middle[1], z - BALL.middle[2]);
  });

/** Functional groups that all frames share (PS3.3 C.7.6.16.2.11). */
const sharedGroups = (slope: number, unit = 'mm', window?: BallMapOptions['window']): Dataset => ({
  '00209116': sq({ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }),
  '00289110': sq({ PixelSpacing: [SPACING, SPACING], SliceThickness: SLICE }),
  ...(window === undefined
    ? {}
    : {
        '00289132': sq({
          '00281050': { vr: 'DS', value: String(window[0]) },
          '00281051': { vr: 'DS', value: String(window[1]) },
          '00281056': { vr: 'CS', value: 'LINEAR_EXACT' },
        }),
      }),
  '00409096': sq({
    '00283003': { vr: 'LO', value: 'Distance' },
    '004008EA': sq({ CodeValue: unit, CodingSchemeDesignator: 'UCUM', CodeMeaning: unit }),
    '00409210': { vr: 'SH', value: 'D' },
    '00409224': { vr: 'FD', value: 0 },
    '00409225': { vr: 'FD', value: slope },
  }),
});

/** A map (PS3.3 A.75) over the slices of the ball: how far each pixel is from its middle, mm. The first pixel of a map of floats is no number. */
export function ballMap({ isFloat = true, unit, window, ...options }: BallMapOptions): GeneratedInstance {
  const values = distances();
  const floats = Float32Array.from(values);
  floats[0] = Number.NaN;
  const integers = Uint16Array.from(values, (one) => Math.round(one * 10));
  const slope = isFloat ? 1 : 0.1;
  const own = Array.from(
    { length: SLICES },
    (_, at): Dataset => ({ '00209113': sq({ ImagePositionPatient: [0, 0, at * SLICE] }) }),
  );
  return buildInstance(
    'map',
    { ...base(options, isFloat ? 6 : 7), dataset: { ...base(options, 6).dataset, ...options.dataset } },
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.30',
      Modality: 'OT',
      InstanceNumber: 1,
      SeriesDescription: 'Distance',
      FrameOfReferenceUID: frameOfReference(options),
      ...{ SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', Rows: SIDE, Columns: SIDE, NumberOfFrames: SLICES },
      BitsAllocated: isFloat ? 32 : 16,
      ...(isFloat ? {} : { BitsStored: 16, HighBit: 15, PixelRepresentation: 0 }),
      '00700080': { vr: 'CS', value: 'DISTANCE' },
      '20500020': { vr: 'CS', value: 'IDENTITY' },
      '52009229': sq(sharedGroups(slope, unit, window)),
      '52009230': sq(...own),
      ...(isFloat
        ? { FloatPixelData: { vr: 'OF', value: new Uint8Array(floats.buffer) } }
        : { PixelData: { vr: 'OW', value: new Uint8Array(integers.buffer) } }),
    },
  );
}
