export type { Dataset, ElementInput, ElementValue, EncapsulatedPixelData, ExplicitElement } from './part10/dataset.ts';
export { decodeRle, encodeRle, type RleShape } from './part10/rle.ts';
export type { Vr } from './part10/tags.ts';
export { SopClass, TransferSyntax } from './part10/transfer-syntax.ts';
export { type WriteOptions, writePart10 } from './part10/writer.ts';
export { type ChestXrayOptions, chestXray } from './phantom/chest-xray.ts';
export { type CtOptions, ctVolume } from './phantom/ct.ts';
export type { GeneratedInstance, PhantomOptions } from './phantom/instance.ts';
export { createPrng, type Prng, type Seed, seededUid } from './prng.ts';
