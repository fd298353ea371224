import { EXPLICIT_VR_LITTLE_ENDIAN, type FrameFormat, IMPLICIT_VR_LITTLE_ENDIAN, TRANSFER_SYNTAXES } from '@negatoscope/dicom';

/** Transfer syntaxes that frames can be put in. */
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
export const JPEG_LS_LOSSLESS = '1.2.840.10008.1.2.4.80';
export const JPEG_2000_LOSSLESS = '1.2.840.10008.1.2.4.90';
export const HTJ2K_LOSSLESS = '1.2.840.10008.1.2.4.201';
/** HTJ2K with the lowest resolution first: every beginning of a stream is a picture (PS3.5 8.2.15, A.4.11). */
export const HTJ2K_RPCL = '1.2.840.10008.1.2.4.202';
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

const NATIVE: ReadonlySet<string> = new Set([IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN]);
/** Whether a dataset can be written in this transfer syntax with uncompressed pixels. */
export const isNativeTarget = (uid: string): boolean => NATIVE.has(uid);

/** What a frame is once it is decoded, as far as encoders care. */
export type Picture = Pick<
  FrameFormat,
  'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated' | 'bitsStored' | 'highBit' | 'pixelRepresentation' | 'isFloat'
> & { readonly photometricInterpretation: string };

const MONOCHROME = /^(MONOCHROME[12]|PALETTE COLOR)$/;

const isGray = ({ samplesPerPixel, photometricInterpretation: color }: Picture): boolean =>
  samplesPerPixel === 1 && MONOCHROME.test(color);
const isColor = ({ samplesPerPixel, photometricInterpretation: color }: Picture): boolean =>
  samplesPerPixel === 3 && (color === 'RGB' || color === 'YBR_FULL');

/** libjpeg's buffer is sized by the samples; below this number its tables alone may not fit. */
const MIN_JPEG_SAMPLES = 256;

/** JPEG 2000 (PS3.5 8.2.4): the encoder makes colour of 8 bits only, with the reversible transform, and no signed bytes. */
function jpeg2000(picture: Picture): string | undefined {
  const { bitsAllocated, pixelRepresentation, photometricInterpretation: color } = picture;
  if (isGray(picture)) return bitsAllocated === 8 && pixelRepresentation === 1 ? undefined : color;
  return isColor(picture) && color === 'RGB' && bitsAllocated === 8 && pixelRepresentation === 0 ? 'YBR_RCT' : undefined;
}

function jpegBaseline(picture: Picture): string | undefined {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, pixelRepresentation } = picture;
  if (bitsAllocated !== 8 || bitsStored !== 8 || highBit !== 7 || pixelRepresentation === 1) return undefined;
  if (rows * columns * samplesPerPixel < MIN_JPEG_SAMPLES) return undefined;
  if (isColor(picture)) return 'YBR_FULL_422';
  // The numbers of a palette have no order that loss would respect.
  return isGray(picture) && picture.photometricInterpretation !== 'PALETTE COLOR' ? picture.photometricInterpretation : undefined;
}

/**
 * Photometric Interpretation of a decoded frame once it is in an encapsulated transfer syntax (PS3.5 8.2); undefined when it can't be put
 * there: no encoder, single bits, floats, 32 bits but for RLE, colour spaces that the syntax doesn't have.
 */
export function encodedPhotometric(picture: Picture, transferSyntaxUid: string): string | undefined {
  const { bitsAllocated, samplesPerPixel, isFloat, photometricInterpretation: color } = picture;
  if (isFloat || bitsAllocated % 8 !== 0 || picture.bitsStored < 2) return undefined;
  const isPlain = isGray(picture) || isColor(picture);
  if (transferSyntaxUid === RLE_LOSSLESS) return isPlain && (samplesPerPixel * bitsAllocated) / 8 <= 15 ? color : undefined;
  if (bitsAllocated > 16) return undefined;
  switch (transferSyntaxUid) {
    case JPEG_LS_LOSSLESS:
      return isPlain ? color : undefined;
    case JPEG_2000_LOSSLESS:
    case HTJ2K_LOSSLESS:
    case HTJ2K_RPCL:
      return jpeg2000(picture);
    case JPEG_BASELINE:
      return jpegBaseline(picture);
    default:
      return undefined;
  }
}

/** Colour space of a stored frame once it is decoded, as its dataset says: what codecs transform comes as RGB. */
export function decodedPhotometric(stored: FrameFormat, transferSyntaxUid: string): string {
  const { photometricInterpretation: color, samplesPerPixel } = stored;
  if (samplesPerPixel !== 3) return color;
  const mediaType = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType ?? '';
  if (color === 'YBR_RCT' || color === 'YBR_ICT' || color === 'XYB') return 'RGB';
  const isLossless = /\.4\.(57|58|70)$/.test(transferSyntaxUid);
  if (mediaType === 'image/jpeg' && !isLossless) return 'RGB';
  return color === 'YBR_FULL_422' ? 'YBR_FULL' : color;
}
