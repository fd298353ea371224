import { type FrameFormat, PixelError, type Size } from '../pixels/frame-format.ts';
import type { WasmDecoder } from './decoders.ts';
import type { Decoded } from './fit.ts';

/** Why a frame failed when a codec's own state can no longer be trusted: the thread is given up with it. */
export const DECODER_FAILED = 'decoder failed';

export const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/**
 * A frame of the size that its stream has, where that may differ: tiles in the last column and row of a slide may be cut to what belongs to it, though
 * Rows and Columns say another size (PS3.3 C.8.12.4).
 */
export function asStreamed<F extends FrameFormat>(frame: F, { rows, columns }: Size): F {
  const { lastTile } = frame;
  const isCut =
    lastTile !== undefined &&
    (rows === frame.rows || rows === lastTile.rows) &&
    (columns === frame.columns || columns === lastTile.columns);
  return isCut ? { ...frame, rows, columns } : frame;
}

/** Runs one WebAssembly decoder; what it throws is a number or an object of its own, never a message worth keeping. */
export function runDecoder(decoder: WasmDecoder, bytes: Uint8Array, format: FrameFormat): Decoded & Size {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    const { rows, columns } = asStreamed(format, { rows: height, columns: width });
    const isAsked = width === columns && height === rows && componentCount === format.samplesPerPixel;
    if (!isAsked) throw new PixelError('decoder gave another size');
    // A view into the decoder's memory, gone with the decoder.
    const result = bytesOf(decoder.getDecodedBuffer().slice());
    return { bytes: result, isPlanar: componentCount > 1 && decoder.getInterleaveMode?.() === 0, rows, columns };
  } catch (error) {
    throw error instanceof PixelError ? error : new PixelError(DECODER_FAILED);
  } finally {
    decoder.delete();
  }
}
