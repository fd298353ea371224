import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { createPrng, seededUid } from '../prng.ts';
import { createCanvas, smooth } from './canvas.ts';
import { paintHead } from './head.ts';
import { HEAD } from './head-measures.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';
import { paintKnee } from './knee.ts';
import { type MrWeighting, signalTable, TIMES } from './mr-signal.ts';
import { storeWithNoise } from './noise.ts';

export type MrOrientation = 'axial' | 'sagittal' | 'coronal';

export interface MrOptions extends PhantomOptions {
  readonly anatomy?: 'brain' | 'knee';
  readonly weighting?: MrWeighting;
  readonly orientation?: MrOrientation;
  /** Default 24. */
  readonly slices?: number;
  /** Default 256, also for columns. */
  readonly rows?: number;
  readonly columns?: number;
}

type Vector = readonly [number, number, number];

/** Row and column directions of a plane and the direction in which its slices follow, in patient coordinates (LPS; PS3.3 C.7.6.2.1.1). */
const PLANES: Record<MrOrientation, { row: Vector; column: Vector; step: Vector; label: string }> = {
  axial: { row: [1, 0, 0], column: [0, 1, 0], step: [0, 0, -1], label: 'AX' },
  sagittal: { row: [0, 1, 0], column: [0, 0, -1], step: [1, 0, 0], label: 'SAG' },
  coronal: { row: [1, 0, 0], column: [0, 0, -1], step: [0, 1, 0], label: 'COR' },
};

/** Labels on a grid of 1 mm: x, then y, then depth. */
interface Labels {
  readonly values: Int16Array;
  readonly sizeX: number;
  readonly sizeY: number;
  readonly depth: number;
  /** Depth in millimetres of plane 0. */
  readonly top: number;
}

const labelCache = new Map<string, Labels>();

function labelsOf(anatomy: 'brain' | 'knee', options: MrOptions): Labels {
  const key = `${anatomy}/${options.seed}`;
  const known = labelCache.get(key);
  if (known) return known;
  const isBrain = anatomy === 'brain';
  const canvas = createCanvas({ columns: 180, rows: 230, spacing: 1 });
  const top = isBrain ? -14 : -90;
  const depth = isBrain ? 226 : 180;
  const values = new Int16Array(canvas.values.length * depth);
  for (let plane = 0; plane < depth; plane++) {
    if (isBrain) paintHead(canvas, top + plane, options.seed);
    else paintKnee(canvas, top + plane);
    values.set(canvas.values, plane * canvas.values.length);
  }
  const labels = { values, sizeX: canvas.columns, sizeY: canvas.rows, depth, top };
  // The series of one study follow each other; one volume of 19 MB is all that is kept.
  labelCache.clear();
  labelCache.set(key, labels);
  return labels;
}

function along(origin: Vector, direction: Vector, distance: number): Vector {
  return [origin[0] + direction[0] * distance, origin[1] + direction[1] * distance, origin[2] + direction[2] * distance];
}

interface Cut {
  readonly corner: Vector;
  readonly row: Vector;
  readonly column: Vector;
  readonly spacing: number;
  readonly rows: number;
  readonly columns: number;
}

/** Cuts a plane out of the labels and turns them into signal; z of the patient is minus the depth. */
function reformat(labels: Labels, cut: Cut, table: Int16Array): Int16Array {
  const out = new Int16Array(cut.rows * cut.columns);
  const { row, spacing } = cut;
  for (let r = 0; r < cut.rows; r++) {
    const [x0, y0, z0] = along(cut.corner, cut.column, r * spacing);
    for (let c = 0; c < cut.columns; c++) {
      const i = Math.round(x0 + row[0] * c * spacing + (labels.sizeX - 1) / 2);
      const j = Math.round(y0 + row[1] * c * spacing + (labels.sizeY - 1) / 2);
      const k = Math.round(-z0 - row[2] * c * spacing - labels.top);
      const isInside = i >= 0 && j >= 0 && k >= 0 && i < labels.sizeX && j < labels.sizeY && k < labels.depth;
      const label = isInside ? (labels.values[(k * labels.sizeY + j) * labels.sizeX + i] ?? HEAD.air) : HEAD.air;
      out[r * cut.columns + c] = table[label + 1024] ?? 30;
    }
  }
  return out;
}

/** A surface coil sees the near side better: signal fades by up to a tenth across the plane. */
function shade(values: Int16Array, rows: number, columns: number, tilt: number): void {
  for (let r = 0; r < rows; r++) {
    const gain = 1 + tilt * (r / rows - 0.5);
    for (let index = r * columns; index < (r + 1) * columns; index++) values[index] = (values[index] ?? 0) * gain;
  }
}

interface Geometry {
  readonly fieldMm: number;
  readonly centre: Vector;
  readonly extentMm: number;
}

function geometryOf(anatomy: 'brain' | 'knee', orientation: MrOrientation): Geometry {
  if (anatomy === 'knee') return { fieldMm: 170, centre: [0, 0, 0], extentMm: orientation === 'axial' ? 110 : 92 };
  if (orientation === 'axial') return { fieldMm: 230, centre: [0, 0, -70], extentMm: 132 };
  return { fieldMm: 236, centre: [0, 0, -96], extentMm: orientation === 'sagittal' ? 124 : 160 };
}

/** What all instances of a series say; `rows` and `columns` are those of the image. */
function seriesElements(options: MrOptions, size: { rows: number; columns: number }): Dataset {
  const { anatomy = 'brain', weighting = 'T2', orientation = 'axial' } = options;
  const isBrain = anatomy === 'brain';
  const times = TIMES[weighting];
  const name = nameOf(orientation, weighting);
  return {
    SOPClassUID: SopClass.mr,
    Modality: 'MR',
    ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'NORM'],
    FrameOfReferenceUID: seededUid(options.seed, anatomy, 'frame of reference'),
    BodyPartExamined: isBrain ? 'BRAIN' : 'KNEE',
    StudyDescription: isBrain ? 'IRM encéphalique' : 'IRM du genou',
    SeriesDescription: name,
    ProtocolName: name,
    ScanningSequence: times.sequence,
    SequenceVariant: 'SK',
    ScanOptions: weighting === 'PD' ? 'FS' : '',
    MRAcquisitionType: '2D',
    RepetitionTime: times.TR,
    EchoTime: times.TE,
    InversionTime: times.TI,
    EchoTrainLength: weighting === 'T1' ? 1 : 12,
    MagneticFieldStrength: 1.5,
    AcquisitionNumber: 1,
    PatientPosition: isBrain ? 'HFS' : 'FFS',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: size.rows,
    Columns: size.columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: 720,
    WindowWidth: 1500,
  };
}

const nameOf = (orientation: MrOrientation, weighting: MrWeighting): string =>
  `${PLANES[orientation].label} ${weighting}${weighting === 'PD' ? ' FS' : ''}`;

/** Where one slice lies. */
function sliceElements(corner: Vector, orientation: MrOrientation, gap: number, spacing: number): Dataset {
  const { row, column, step } = PLANES[orientation];
  return {
    SliceThickness: Number((gap * 0.85).toFixed(2)),
    SpacingBetweenSlices: gap,
    SliceLocation: Number((corner[0] * step[0] + corner[1] * step[1] + corner[2] * step[2]).toFixed(3)),
    ImagePositionPatient: corner.map((value) => Number(value.toFixed(4))),
    ImageOrientationPatient: [...row, ...column],
    PixelSpacing: [spacing, spacing],
  };
}

/**
 * Yields one MR series of the brain or the knee. Pixels: 16 bits allocated, 12 stored, unsigned, arbitrary units; square spacing in millimetres;
 * positions are those of the plane's own orientation. Source: PS3.3 A.4 and C.8.3.
 */
export function* mrSeries(options: MrOptions): Generator<GeneratedInstance> {
  const { anatomy = 'brain', weighting = 'T2', orientation = 'axial', slices = 24, rows = 256, columns = 256 } = options;
  const labels = labelsOf(anatomy, options);
  const table = signalTable(weighting);
  const { row, column, step, label } = PLANES[orientation];
  const { fieldMm, centre, extentMm } = geometryOf(anatomy, orientation);
  const spacing = fieldMm / Math.max(rows, columns);
  const gap = Number((extentMm / Math.max(1, slices - 1)).toFixed(3));
  const tilt = createPrng('coil', options.seed, orientation).between(-0.12, 0.12);
  const name = nameOf(orientation, weighting);
  for (let index = 0; index < slices; index++) {
    const middle = along(centre, step, (index - (slices - 1) / 2) * gap);
    const corner = along(along(middle, row, (-(columns - 1) / 2) * spacing), column, (-(rows - 1) / 2) * spacing);
    const values = reformat(labels, { corner, row, column, spacing, rows, columns }, table);
    smooth(values, columns, rows);
    shade(values, rows, columns, tilt);
    const stored = storeWithNoise(values, 24, { offset: 12, low: 0, high: 4095 }, options.seed, name, index);
    yield buildInstance(`mr-${anatomy}-${label.toLowerCase()}-${weighting.toLowerCase()}`, options, {
      ...seriesElements(options, { rows, columns }),
      InstanceNumber: index + 1,
      ...sliceElements(corner, orientation, gap, spacing),
      PixelData: sampleBytes(stored),
    });
  }
}
