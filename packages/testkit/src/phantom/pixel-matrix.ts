import type { Dataset, ElementInput } from '../part10/dataset.ts';
import { encodeRle } from '../part10/rle.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { createPrng } from '../prng.ts';
import { buildInstance, type GeneratedInstance } from './instance.ts';

export type MatrixSyntax = 'explicit' | 'implicit' | 'bigEndian' | 'deflated' | 'rle';
export type MatrixPhotometric = 'MONOCHROME1' | 'MONOCHROME2' | 'RGB' | 'PALETTE COLOR' | 'YBR_FULL';

export interface PixelCase {
  readonly name: string;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly photometric: MatrixPhotometric;
  readonly planarConfiguration: 0 | 1;
  readonly frames: number;
  readonly syntax: MatrixSyntax;
  readonly rows: number;
  readonly columns: number;
  readonly instance: GeneratedInstance;
  /**
   * What a decoder gives for each frame: rows x columns samples in row order, colour samples by pixel (R G B or Y Cb Cr as stored, palette
   * indices as stored), sign applied, before any rescale, palette or colour conversion.
   */
  readonly expected: readonly (readonly number[])[];
}

type CaseShape = Omit<PixelCase, 'name' | 'instance' | 'expected'>;

const SYNTAX_UID: Record<MatrixSyntax, string> = {
  explicit: TransferSyntax.explicitVrLittleEndian,
  implicit: TransferSyntax.implicitVrLittleEndian,
  bigEndian: TransferSyntax.explicitVrBigEndian,
  deflated: TransferSyntax.deflatedExplicitVrLittleEndian,
  rle: TransferSyntax.rleLossless,
};

function samplesOf(shape: CaseShape): number {
  return shape.photometric === 'RGB' || shape.photometric === 'YBR_FULL' ? 3 : 1;
}

/** Values that touch both ends of the range, zero, and places between; runs too, so that RLE has something to pack. */
function expectedFrame(shape: CaseShape, name: string, frame: number): number[] {
  const prng = createPrng('matrix', name, frame);
  const low = shape.isSigned ? -(2 ** (shape.bitsStored - 1)) : 0;
  const high = shape.isSigned ? 2 ** (shape.bitsStored - 1) - 1 : 2 ** shape.bitsStored - 1;
  const count = shape.rows * shape.columns * samplesOf(shape);
  const values: number[] = [low, high, 0, high, low];
  while (values.length < count) {
    const value = prng.integer(low, high);
    const run = prng.next() < 0.3 ? prng.integer(2, 9) : 1;
    for (let index = 0; index < run && values.length < count; index++) values.push(value);
  }
  return values;
}

/** Stored little-endian bytes of one frame (PS3.5 8.1.1), by pixel or by plane; 1-bit frames are packed by the caller across frames. */
function frameBytes(shape: CaseShape, values: readonly number[]): Uint8Array {
  const size = shape.bitsAllocated / 8;
  const samples = samplesOf(shape);
  const pixels = shape.rows * shape.columns;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  const mask = 2 ** shape.bitsStored;
  values.forEach((value, index) => {
    const place = shape.planarConfiguration === 1 ? (index % samples) * pixels + Math.floor(index / samples) : index;
    const stored = value < 0 ? value + mask : value;
    if (size === 1) view.setUint8(place, stored);
    else if (size === 2) view.setUint16(place * 2, stored, true);
    else view.setUint32(place * 4, stored, true);
  });
  return bytes;
}

/** Bits of all frames in one stream, the first pixel in the least significant bit, frames not padded (PS3.5 8.1.1). */
function packBits(frames: readonly (readonly number[])[]): Uint8Array {
  const bits = frames.flat();
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  });
  return bytes;
}

function pixelElement(shape: CaseShape, expected: readonly (readonly number[])[]): ElementInput {
  if (shape.bitsAllocated === 1) return { vr: 'OB', value: packBits(expected) };
  const frames = expected.map((values) => frameBytes(shape, values));
  if (shape.syntax === 'rle') {
    const rle = { ...shape, samplesPerPixel: samplesOf(shape), bytesPerSample: shape.bitsAllocated / 8 };
    return { frames: frames.map((frame) => [encodeRle(frame, rle)]), offsetTable: 'basic' };
  }
  const bytes = new Uint8Array(Buffer.concat(frames));
  if (shape.bitsAllocated === 8) return { vr: shape.syntax === 'implicit' ? 'OW' : 'OB', value: bytes };
  // Samples of 32 bits are swapped as a whole in big endian, as the value of an OL would be, then labelled OW.
  return { vr: 'OW', value: shape.bitsAllocated === 32 && shape.syntax === 'bigEndian' ? swapHalves(bytes) : bytes };
}

/** Exchanges the 16-bit halves of 32-bit words, which with the writer's swap of each half reverses the whole word. */
function swapHalves(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + 3 < bytes.length; at += 4)
    out.set([bytes[at + 2] ?? 0, bytes[at + 3] ?? 0, bytes[at] ?? 0, bytes[at + 1] ?? 0], at);
  return out;
}

function paletteElements(): Dataset {
  const ramp = (scale: (index: number) => number): Uint8Array =>
    new Uint8Array(Uint16Array.from({ length: 256 }, (_, index) => scale(index) << 8).buffer);
  return {
    RedPaletteColorLookupTableDescriptor: [256, 0, 16],
    GreenPaletteColorLookupTableDescriptor: [256, 0, 16],
    BluePaletteColorLookupTableDescriptor: [256, 0, 16],
    RedPaletteColorLookupTableData: ramp((index) => index),
    GreenPaletteColorLookupTableData: ramp((index) => 255 - index),
    BluePaletteColorLookupTableData: ramp((index) => (index * 7) & 0xff),
  };
}

function sopClassOf(shape: CaseShape): string {
  if (shape.frames === 1) return SopClass.secondaryCapture;
  if (shape.bitsAllocated === 1) return SopClass.multiFrameSingleBitSecondaryCapture;
  if (samplesOf(shape) === 3 || shape.photometric === 'PALETTE COLOR') return SopClass.multiFrameTrueColorSecondaryCapture;
  return shape.bitsAllocated === 8
    ? SopClass.multiFrameGrayscaleByteSecondaryCapture
    : SopClass.multiFrameGrayscaleWordSecondaryCapture;
}

function makeCase(shape: CaseShape, number: number): PixelCase {
  const samples = samplesOf(shape);
  const colour = samples === 3 ? `-p${shape.planarConfiguration}` : '';
  const photometric = shape.photometric.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const name = `${photometric}-${shape.bitsAllocated}-${shape.bitsStored}${shape.isSigned ? 's' : 'u'}${colour}-${shape.frames}f-${shape.syntax}`;
  const expected = Array.from({ length: shape.frames }, (_, frame) => expectedFrame(shape, name, frame));
  const isPalette = shape.photometric === 'PALETTE COLOR';
  const options = { seed: 'matrix', seriesNumber: number, transferSyntaxUid: SYNTAX_UID[shape.syntax] };
  const built = buildInstance('matrix', options, {
    SOPClassUID: sopClassOf(shape),
    Modality: 'OT',
    ConversionType: 'WSD',
    SeriesDescription: name,
    InstanceNumber: 1,
    SamplesPerPixel: samples,
    PhotometricInterpretation: shape.photometric,
    PlanarConfiguration: samples === 3 ? shape.planarConfiguration : undefined,
    NumberOfFrames: shape.frames > 1 ? shape.frames : undefined,
    Rows: shape.rows,
    Columns: shape.columns,
    BitsAllocated: shape.bitsAllocated,
    BitsStored: shape.bitsStored,
    HighBit: shape.bitsStored - 1,
    PixelRepresentation: shape.isSigned ? 1 : 0,
    ...(isPalette ? paletteElements() : {}),
    PixelData: pixelElement(shape, expected),
  });
  return { ...shape, name, expected, instance: { ...built, fileName: `${name}.dcm` } };
}

const DEPTHS = [
  { bitsAllocated: 1, bitsStored: 1, signs: [false] },
  { bitsAllocated: 8, bitsStored: 8, signs: [false, true] },
  { bitsAllocated: 16, bitsStored: 12, signs: [false, true] },
  { bitsAllocated: 16, bitsStored: 16, signs: [false, true] },
  { bitsAllocated: 32, bitsStored: 32, signs: [false, true] },
] as const;
const SYNTAXES: readonly MatrixSyntax[] = ['explicit', 'implicit', 'bigEndian', 'deflated', 'rle'];

function* shapes(): Generator<CaseShape> {
  const size = { rows: 7, columns: 11 };
  for (const syntax of SYNTAXES) {
    for (const frames of [1, 3]) {
      for (const { bitsAllocated, bitsStored, signs } of DEPTHS) {
        // RLE packs whole bytes only.
        if (bitsAllocated === 1 && syntax === 'rle') continue;
        for (const isSigned of signs) {
          for (const photometric of ['MONOCHROME1', 'MONOCHROME2'] as const) {
            yield { bitsAllocated, bitsStored, isSigned, photometric, planarConfiguration: 0, frames, syntax, ...size };
          }
        }
      }
      const eight = { bitsAllocated: 8, bitsStored: 8, isSigned: false, frames, syntax, ...size } as const;
      yield { ...eight, photometric: 'PALETTE COLOR', planarConfiguration: 0 };
      for (const photometric of ['RGB', 'YBR_FULL'] as const) {
        for (const planarConfiguration of [0, 1] as const) yield { ...eight, photometric, planarConfiguration };
      }
    }
  }
}

/**
 * Yields small images over bits x sign x photometric interpretation x planar configuration x frames x transfer syntax, each with the samples that a
 * right decoder gives. 7 rows and 11 columns, so that odd sizes, padding and 1-bit frames that start inside a byte are met.
 */
export function* pixelMatrix(): Generator<PixelCase> {
  let number = 0;
  for (const shape of shapes()) yield makeCase(shape, ++number);
}
