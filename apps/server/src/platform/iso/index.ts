export { isoImage, type MediumFile, whole } from './iso-image.ts';
