export { coercePart10 } from './coerce.ts';
export { type Glimpse, glimpse, readGlimpse } from './glimpse.ts';
export type { CoercedFile, CoercedPiece, CoerceOptions } from './types.ts';
