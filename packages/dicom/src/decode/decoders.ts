/** What the decoders compiled to WebAssembly have in common; buffers they give are views into their memory. */
export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
  /** JPEG-LS only: 0 when the result is one plane after the other. */
  getInterleaveMode?(): number;
  delete(): void;
}

export type DecoderName = 'JPEGDecoder' | 'JpegLSDecoder' | 'J2KDecoder' | 'HTJ2KDecoder' | 'JpegXLDecoder';

export interface LosslessDecoder {
  decode(buffer: ArrayBufferLike, offset: number, length: number, bytesPerSample: number): ArrayBufferView;
}

/** The decoders that the machine brings: the server and the page load the same ones, each in its own way. */
export interface Decoders {
  /** A decoder of its own for each call; who asks deletes it. */
  decoder(name: DecoderName): Promise<WasmDecoder>;
  lossless(): LosslessDecoder;
  /** Inflates raw deflated bytes (RFC 1951). Rejects damaged ones and those that grow beyond `limit` bytes. */
  inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array>;
}
