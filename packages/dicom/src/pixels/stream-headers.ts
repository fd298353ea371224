import { PixelError } from './frame-format.ts';

/** Size and precision that a compressed stream announces, read before any codec is called. */
export interface StreamHeader {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly isSigned: boolean;
  /** JPEG: the SOF marker's code (0xC0 to 0xCF, 0xF7 for JPEG-LS); 0 for JPEG 2000. */
  readonly process: number;
  /** JPEG: transform of the Adobe APP14 segment, or undefined; JPEG 2000: the multiple component transform of COD. */
  readonly colorTransform: number | undefined;
  /** JPEG: whether a JFIF segment is there, which means YCbCr. */
  readonly isJfif: boolean;
}

const isFrameHeader = (marker: number): boolean =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);

/** Reads the markers of JPEG (ITU-T T.81 B.2.2) or JPEG-LS (T.87 C.2.2) up to the frame header. Fails with PixelError. */
export function readJpegHeader(bytes: Uint8Array): StreamHeader {
  const u16 = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (u16(0) !== 0xffd8) throw new PixelError('no JPEG stream');
  let colorTransform: number | undefined;
  let isJfif = false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw new PixelError('JPEG marker expected');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = u16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw new PixelError('JPEG segment out of range');
    if (isFrameHeader(marker)) {
      if (length < 8) throw new PixelError('JPEG frame header too short');
      const [precision = 0, components = 0] = [bytes[at + 4], bytes[at + 9]];
      const size = { rows: u16(at + 5), columns: u16(at + 7), components, precision };
      return { ...size, isSigned: false, process: marker, colorTransform, isJfif };
    }
    if (marker === 0xee && length >= 14 && u16(at + 4) === 0x4164) colorTransform = bytes[at + 15];
    if (marker === 0xe0 && length >= 16 && u16(at + 4) === 0x4a46) isJfif = true;
    if (marker === 0xda || marker === 0xd9) break;
    at += 2 + length;
  }
  throw new PixelError('JPEG frame header missing');
}
