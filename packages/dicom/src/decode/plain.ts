import { checkFormat } from '../pixels/check-format.ts';
import type { DecodedFrame, EncodedFrame } from '../pixels/frame-format.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import { finished, MAX_FRAME_BYTES } from './finished.ts';
import { unpackNative } from './native.ts';

/** Whether its bytes are the decoded ones as they stand: whole samples, those of a pixel together, and none left out (PS3.5 8.1.2, PS3.3 C.7.6.3.1.2, C.7.6.3.1.3). */
function isPlain({ transferSyntaxUid, bitsAllocated, samplesPerPixel, planarConfiguration, ...frame }: EncodedFrame): boolean {
  if (TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== false || bitsAllocated === 1) return false;
  return samplesPerPixel === 1 || (planarConfiguration === 0 && !frame.photometricInterpretation.endsWith('_422'));
}

/**
 * A frame that is stored as it is decoded, so that it needs no thread of its own: its pixels are those bytes, not copied. Undefined for every other one, which is for
 * `decodeFrame`. Fails with PixelError as that does.
 */
export function plainFrame(frame: EncodedFrame): DecodedFrame | undefined {
  if (!isPlain(frame)) return undefined;
  checkFormat(frame, MAX_FRAME_BYTES);
  return finished(frame, unpackNative(frame));
}
