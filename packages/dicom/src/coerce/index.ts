export { coercePart10 } from './coerce.ts';
export type { CoercedFile, CoercedPiece, CoerceOptions } from './types.ts';
