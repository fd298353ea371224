import { type FrameFormat, PixelError } from '../pixels/frame-format.ts';
import { interleavePlanes, widenSamples } from '../pixels/layout.ts';
import type { StreamHeader } from '../pixels/stream-headers.ts';

/** What a codec gave. */
export interface Decoded {
  readonly bytes: Uint8Array;
  /** True when samples come one plane after the other. */
  readonly isPlanar?: boolean;
}

export function checkHeader(header: StreamHeader, format: FrameFormat): void {
  const isAsked =
    header.rows === format.rows && header.columns === format.columns && header.components === format.samplesPerPixel;
  if (!isAsked) throw new PixelError('stream has another size than the dataset');
  if (header.precision > format.bitsAllocated) throw new PixelError('stream has more bits than allocated');
}

/** Cells of the width that the dataset allocates, from samples as wide as the codec made them. */
export function fit(decoded: Decoded, header: StreamHeader, format: FrameFormat): Uint8Array {
  const { samplesPerPixel, pixelRepresentation } = format;
  const samples = format.rows * format.columns * samplesPerPixel;
  const width = decoded.bytes.length / samples;
  if (width !== 1 && width !== 2 && width !== 4) throw new PixelError('decoder gave another length');
  const bytes = decoded.isPlanar === true ? interleavePlanes(decoded.bytes, samplesPerPixel, width) : decoded.bytes;
  const target = Math.max(1, format.bitsAllocated / 8);
  if (target !== 1 && target !== 2 && target !== 4) throw new PixelError('bits allocated out of range');
  // What an unsigned stream holds is the cell's bits as they are, the sign at the high bit.
  const signBits = pixelRepresentation === 1 && header.isSigned ? width * 8 : 0;
  return width === target ? bytes : widenSamples(bytes, width, target, signBits);
}
