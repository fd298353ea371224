export { blackOf } from './black.ts';
export { canPaintNative, type DecidedPixels, type DecodedPixels } from './decided.ts';
export { masksWithin, type PixelMask } from './masks.ts';
export { type Painting, paintBlack } from './paint.ts';
