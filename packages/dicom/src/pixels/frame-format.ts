/** How the samples of one frame are described (PS3.3 C.7.6.3), whatever its encoding. */
export interface FrameFormat {
  /** 1 to 65,535. */
  readonly rows: number;
  /** 1 to 65,535. */
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** 1, 8, 16, 32 or 64 (64 for float only). */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** Highest bit of a sample's cell; the stored value ends there. */
  readonly highBit: number;
  /** 0 unsigned, 1 two's complement. */
  readonly pixelRepresentation: 0 | 1;
  readonly photometricInterpretation: string;
  /** 0: samples of a pixel together; 1: one plane after the other. */
  readonly planarConfiguration: 0 | 1;
  /** True for Float and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25). */
  readonly isFloat: boolean;
  /** Size of the tiles in the last column and row of a slide whose size is no multiple of a tile's; writers may cut them there. */
  readonly lastTile?: Size;
}

/** In pixels. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** One frame as stored; uncompressed bytes are little endian and begin at a byte border. */
export interface EncodedFrame extends FrameFormat {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
}

/**
 * One frame decoded: little endian, samples of a pixel together, `rows * columns * samplesPerPixel * bitsAllocated / 8` bytes. One-bit pixels
 * take a byte each (0 or 1) and then `bitsAllocated` is 8 and `bitsStored` 1.
 */
export interface DecodedFrame extends FrameFormat {
  readonly pixels: Uint8Array;
}

/** The bytes are no frame of the announced format; `reason` is for logs and holds no values of the dataset. */
export class PixelError extends Error {
  readonly code = 'FRAME_UNREADABLE';

  constructor(reason: string) {
    super(reason);
    this.name = 'PixelError';
  }
}

/** Bytes of the decoded frame. */
export const decodedBytes = (format: FrameFormat): number =>
  format.rows * format.columns * format.samplesPerPixel * Math.max(1, format.bitsAllocated / 8);
