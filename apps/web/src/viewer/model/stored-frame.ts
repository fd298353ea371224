import { type DicomJson, readNumber, readString, TAG } from './dicom-json.ts';

/** Explicit VR little endian: what the server gives when it is asked to decode a frame. */
export const DECODED_SYNTAX = '1.2.840.10008.1.2.1';

/** Uncompressed syntaxes, where the length of a frame is known (PS3.5 A.1 to A.3, A.5). */
const NATIVE_SYNTAXES = new Set(['1.2.840.10008.1.2', DECODED_SYNTAX, '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99']);
const JPEG_SYNTAXES = new Set(['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51']);

export const isNative = (transferSyntaxUid: string): boolean => NATIVE_SYNTAXES.has(transferSyntaxUid);

export const isSingleBit = (dataset: DicomJson): boolean => readNumber(dataset, TAG.BitsAllocated) === 1;

const photometricOf = (dataset: DicomJson): string => readString(dataset, TAG.PhotometricInterpretation) ?? '';

/**
 * Whether the server's decoding may stand in for the browser's: a decoded frame keeps the attributes of a grey image, while those of
 * colour may change (JPEG and JPEG 2000 become RGB).
 */
export const canServerDecode = (dataset: DicomJson): boolean => /^MONOCHROME/.test(photometricOf(dataset));

/** Bytes of a frame as stored uncompressed. YBR_FULL_422 keeps one pair of chroma for two pixels (PS3.3 C.7.6.3.1.2). */
export function storedBytes(dataset: DicomJson): number {
  const pixels = (readNumber(dataset, TAG.Rows) ?? 0) * (readNumber(dataset, TAG.Columns) ?? 0);
  const bits = readNumber(dataset, TAG.BitsAllocated) ?? 8;
  const samples = photometricOf(dataset) === 'YBR_FULL_422' ? 2 : (readNumber(dataset, TAG.SamplesPerPixel) ?? 1);
  return Math.ceil((pixels * samples * bits) / 8);
}

/** `FF EE`, Adobe, transform 0: tells libjpeg that three components are RGB. */
const ADOBE_RGB = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

/** Whether a JPEG stream says anything about its colour space (APP0 JFIF or APP14 Adobe) before its first scan. */
function namesColour(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === 0xffe0 || marker === 0xffee) return true;
    if (marker === 0xffda || marker < 0xff01) return false;
  }
  return false;
}

/** A silent JPEG stream is taken for YCbCr by every decoder; where the dataset says RGB, the stream is made to say so too (PS3.5 8.2.1). */
function tellRgb(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || namesColour(bytes)) return bytes;
  const told = new Uint8Array(bytes.length + ADOBE_RGB.length);
  told.set(bytes.subarray(0, 2));
  told.set(ADOBE_RGB, 2);
  told.set(bytes.subarray(2), 2 + ADOBE_RGB.length);
  return told;
}

/** Pixels of one bit, the first in the lowest bit of a byte (PS3.5 8.1.1), as bytes of 0 and 1. */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1);
}

/** Native YBR_FULL_422, two luminances and their chroma (PS3.3 C.7.6.3.1.2), as RGB: the library takes three bytes a pixel for that. */
function rgbOf422(bytes: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray((bytes.length >> 2) * 6);
  for (let at = 0, to = 0; at + 3 < bytes.length; at += 4) {
    const [blue, red] = [(bytes[at + 2] ?? 0) - 128, (bytes[at + 3] ?? 0) - 128];
    for (const luminance of [bytes[at] ?? 0, bytes[at + 1] ?? 0]) {
      rgb[to++] = luminance + 1.402 * red;
      rgb[to++] = luminance - 0.344136 * blue - 0.714136 * red;
      rgb[to++] = luminance + 1.772 * blue;
    }
  }
  return new Uint8Array(rgb.buffer);
}

/** A frame's bytes as the library decodes them right. */
export function readyForLibrary(bytes: Uint8Array, transferSyntaxUid: string, dataset: DicomJson): Uint8Array {
  if (isNative(transferSyntaxUid) && photometricOf(dataset) === 'YBR_FULL_422') {
    return rgbOf422(bytes.subarray(0, storedBytes(dataset)));
  }
  if (isSingleBit(dataset) && isNative(transferSyntaxUid)) {
    return unpackBits(bytes, (readNumber(dataset, TAG.Rows) ?? 0) * (readNumber(dataset, TAG.Columns) ?? 0));
  }
  return JPEG_SYNTAXES.has(transferSyntaxUid) && photometricOf(dataset) === 'RGB' ? tellRgb(bytes) : bytes;
}
