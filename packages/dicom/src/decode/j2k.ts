import type { DecodedFrame, EncodedFrame } from '../pixels/frame-format.ts';
import { readJ2kHeader } from '../pixels/j2k-header.ts';
import type { Decoders } from './decoders.ts';
import { checkHeader, fit } from './fit.ts';
import { asStreamed, runDecoder } from './run-decoder.ts';

const HTJ2K = /^1\.2\.840\.10008\.1\.2\.4\.20[123]$/;

/**
 * JPEG 2000 and HTJ2K (PS3.5 A.4.4): the component transform is undone by the codec, so RCT and ICT become RGB. A signed stream has signed samples, whatever
 * the dataset says; an unsigned one of signed values holds their bits, the sign at High Bit.
 */
export async function decodeJ2k(decoders: Decoders, stored: EncodedFrame): Promise<DecodedFrame> {
  const header = readJ2kHeader(stored.bytes);
  const frame = asStreamed(stored, header);
  checkHeader(header, frame);
  const decoder = await decoders.decoder(HTJ2K.test(frame.transferSyntaxUid) ? 'HTJ2KDecoder' : 'J2KDecoder');
  const pixelRepresentation = header.isSigned ? 1 : frame.pixelRepresentation;
  const pixels = fit(runDecoder(decoder, frame.bytes, frame), header, { ...frame, pixelRepresentation });
  const isTransformed = header.colorTransform === 1 || /^YBR_(RCT|ICT)$/.test(frame.photometricInterpretation);
  const decoded = { ...frame, pixels, pixelRepresentation };
  return header.components === 3 && isTransformed ? { ...decoded, photometricInterpretation: 'RGB' } : decoded;
}
