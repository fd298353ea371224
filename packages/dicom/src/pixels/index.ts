export { frameFormatOf } from './describe.ts';
export { checkFormat, type DecodedFrame, decodedBytes, type EncodedFrame, type FrameFormat, PixelError } from './frame-format.ts';
export { decodeJpegDct } from './jpeg-dct.ts';
export { expandChroma422, interleavePlanes, unpackBits, widenSamples } from './layout.ts';
export { decodeRle } from './rle.ts';
export { readJ2kHeader, readJpegHeader, type StreamHeader } from './stream-headers.ts';
