import type { Dataset } from '../part10/dataset.ts';
import { SopClass } from '../part10/transfer-syntax.ts';
import { buildInstance, type GeneratedInstance } from './instance.ts';

export interface SmallPictureOptions {
  /** Names the study; pictures of one seed and `seriesNumber` are one series. */
  readonly seed: string;
  readonly seriesNumber?: number;
  /** Instance Number; default 1. */
  readonly number?: number;
  readonly columns: number;
  /** Samples of all frames, row after row, samples of a pixel together: cells as they are written, whatever Bits Stored says. */
  readonly cells: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;
  readonly frames?: number;
  readonly samplesPerPixel?: 1 | 3;
  readonly modality?: string;
  /** Bits Stored; default all of a cell. High Bit follows unless `dataset` says another. */
  readonly bitsStored?: number;
  readonly dataset?: Dataset;
}

const FLOATS = { Float32Array: ['FloatPixelData', 'OF'], Float64Array: ['DoubleFloatPixelData', 'OD'] } as const;

/** One image of a few pixels whose every attribute a test chooses: to hold a pipeline against values worked out by hand. */
export function smallPicture(options: SmallPictureOptions): GeneratedInstance {
  const { cells, columns, frames = 1, samplesPerPixel = 1, bitsStored = cells.BYTES_PER_ELEMENT * 8 } = options;
  const kind = cells.constructor.name;
  const isSigned = kind.startsWith('Int');
  const [tag, vr] = kind === 'Float32Array' || kind === 'Float64Array' ? FLOATS[kind] : (['PixelData', 'OW'] as const);
  const bytes = Uint8Array.from(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength));
  const isFloat = tag !== 'PixelData';
  return buildInstance(
    'picture',
    { seed: options.seed, seriesNumber: options.seriesNumber ?? 1, dataset: options.dataset ?? {} },
    {
      SOPClassUID: SopClass.secondaryCapture,
      Modality: options.modality ?? 'OT',
      InstanceNumber: options.number ?? 1,
      SamplesPerPixel: samplesPerPixel,
      PhotometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
      PlanarConfiguration: samplesPerPixel === 3 ? 0 : undefined,
      NumberOfFrames: frames > 1 ? frames : undefined,
      Rows: cells.length / samplesPerPixel / columns / frames,
      Columns: columns,
      BitsAllocated: cells.BYTES_PER_ELEMENT * 8,
      BitsStored: isFloat ? undefined : bitsStored,
      HighBit: isFloat ? undefined : bitsStored - 1,
      PixelRepresentation: isFloat ? undefined : isSigned ? 1 : 0,
      [tag]: { vr, value: bytes },
    },
  );
}
