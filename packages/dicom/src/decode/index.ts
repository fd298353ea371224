export { decodeFrame } from './decode.ts';
export type { DecoderName, Decoders, LosslessDecoder, WasmDecoder } from './decoders.ts';
export { plainFrame } from './plain.ts';
export { DECODER_FAILED } from './run-decoder.ts';
