export { DECODER_FAILED, decodeFrame } from './decode.ts';
export type { DecoderName, Decoders, LosslessDecoder, WasmDecoder } from './decoders.ts';
