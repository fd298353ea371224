export type { Volume } from './descriptor.ts';
export { type IsoImage, isoImage, type MediumFile, whole } from './iso-image.ts';
