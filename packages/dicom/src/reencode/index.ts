export type { ReencodedPiece, Replacements } from './dataset-writer.ts';
export {
  fragmentHeader,
  fragmentsEnd,
  pixelDataHeader,
  type ReencodedFile,
  type ReencodeOptions,
  reencodePart10,
} from './reencode.ts';
