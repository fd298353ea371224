import type { Dataset } from '../part10/dataset.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { buildInstance } from './instance.ts';
import { expectedFrame, pixelElement } from './matrix-pixels.ts';
import { type CaseShape, type MatrixSyntax, type PixelCase, samplesOf } from './pixel-case.ts';

const SYNTAX_UID: Record<MatrixSyntax, string> = {
  explicit: TransferSyntax.explicitVrLittleEndian,
  implicit: TransferSyntax.implicitVrLittleEndian,
  bigEndian: TransferSyntax.explicitVrBigEndian,
  deflated: TransferSyntax.deflatedExplicitVrLittleEndian,
  rle: TransferSyntax.rleLossless,
};

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
