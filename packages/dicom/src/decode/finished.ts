import { type DecodedFrame, decodedBytes, type EncodedFrame, PixelError } from '../pixels/frame-format.ts';
import { wholeTile } from '../pixels/whole-tile.ts';

/** A decoded frame may have this many bytes; more is refused before any memory is asked for. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** What a decoder gave, as the frame that was asked for: its own words without those of its encoding, its exact length, a cut tile filled up. Fails with PixelError. */
export function finished(frame: EncodedFrame, given: DecodedFrame): DecodedFrame {
  const whole = { ...frame, ...given, planarConfiguration: 0 as const };
  const { transferSyntaxUid: _syntax, bytes: _bytes, ...decoded } = whole;
  if (decoded.pixels.length !== decodedBytes(decoded)) throw new PixelError('decoder gave another length');
  return wholeTile(decoded, frame);
}
