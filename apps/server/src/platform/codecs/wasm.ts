import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { DecoderName, Decoders, LosslessDecoder, WasmDecoder } from '@negatoscope/dicom';
import { inflate } from '../inflate/index.ts';

/** The frame that an encoder gets: samples of a pixel together, little endian, in the fewest bytes that hold `bitsPerSample`. */
export interface EncodedSize {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

/** What the encoders compiled to WebAssembly have in common. */
export interface WasmEncoder {
  getDecodedBuffer(size: EncodedSize): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array | Uint8ClampedArray;
  delete(): void;
}

interface JpegEncoder extends WasmEncoder {
  setProgressive(progressive: 0 | 1): void;
  setQuality(quality: number): void;
  setSubSampling(sampling: number): void;
}

interface JpegLsEncoder extends WasmEncoder {
  setNearLossless(near: number): void;
  setInterleaveMode(mode: number): void;
}

export interface Jpeg2000Encoder extends WasmEncoder {
  setQuality(isLossless: boolean, layersOrStep: number): void;
  setDecompositions(levels: number): void;
}

interface HtEncoder extends Jpeg2000Encoder {
  /** 2: RPCL. */
  setProgressionOrder(order: number): void;
  setTLMMarker(isWritten: boolean): void;
  setTilePartDivisionsAtResolutions(isDivided: boolean): void;
}

interface Encoders {
  readonly JPEGEncoder: JpegEncoder;
  readonly JpegLSEncoder: JpegLsEncoder;
  readonly J2KEncoder: Jpeg2000Encoder;
  readonly HTJ2KEncoder: HtEncoder;
}

type WasmModule = Readonly<Record<DecoderName, new () => WasmDecoder>> & {
  readonly [Name in keyof Encoders]: new () => Encoders[Name];
};
type Factory = (options: { print(): void; printErr(): void; readonly wasmBinary?: Uint8Array }) => Promise<WasmModule>;

export interface Codecs extends Decoders {
  encoder<Name extends keyof Encoders>(name: Name): Promise<Encoders[Name]>;
}

/** A new object each time: the modules make it their own. The codecs print a line a frame otherwise. */
const silent = () => ({ print: (): void => undefined, printErr: (): void => undefined });

/**
 * The memory of each decoder stays under this: growing further fails like a machine without memory. What the limits of a worker thread
 * count leaves WebAssembly out.
 */
const MAX_MEMORY_BYTES = 768 * 1024 * 1024;

interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

export function limitWasmMemory(): void {
  // Node's types leave WebAssembly to those of browsers.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } };
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function limited(this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength + pages * 65_536 > MAX_MEMORY_BYTES) throw new RangeError('out of memory for decoding');
    return grow.call(this, pages);
  };
}

const made = async (factory: Factory | Promise<Factory>): Promise<WasmModule> => (await factory)(silent());

/** The decoder of JPEG XL is an ECMAScript module that would fetch its WebAssembly as a page does: it is handed over instead. */
async function jpegXl(require: NodeJS.Require): Promise<Factory> {
  const { default: factory } = (await import(
    pathToFileURL(require.resolve('@cornerstonejs/codec-libjxl/decodewasmjs')).href
  )) as {
    readonly default: Factory;
  };
  const wasmBinary = await readFile(require.resolve('@cornerstonejs/codec-libjxl/decodewasm'));
  return (options) => factory({ ...options, wasmBinary });
}

/** Codecs, loaded on first use. `from` is a file of the server: the bundle of a worker run from sources lies elsewhere. */
export function createCodecs(from: string): Codecs {
  const require = createRequire(from);
  // The packages carry no types that fit Node; these are the parts used, checked by the tests.
  const load: Readonly<Record<DecoderName | keyof Encoders, () => Factory | Promise<Factory>>> = {
    JPEGEncoder: () => require('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs') as Factory,
    JpegLSEncoder: () => require('@cornerstonejs/codec-charls/wasmjs') as Factory,
    J2KEncoder: () => require('@cornerstonejs/codec-openjpeg/wasmjs') as Factory,
    HTJ2KEncoder: () => require('@cornerstonejs/codec-openjph/wasmjs') as Factory,
    JPEGDecoder: () => require('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs') as Factory,
    JpegLSDecoder: () => require('@cornerstonejs/codec-charls/decodewasmjs') as Factory,
    J2KDecoder: () => require('@cornerstonejs/codec-openjpeg/decodewasmjs') as Factory,
    HTJ2KDecoder: () => require('@cornerstonejs/codec-openjph/wasmjs') as Factory,
    JpegXLDecoder: () => jpegXl(require),
  };
  const modules = new Map<DecoderName | keyof Encoders, Promise<WasmModule>>();
  const moduleOf = (name: DecoderName | keyof Encoders): Promise<WasmModule> => {
    const pending = modules.get(name) ?? made(load[name]());
    modules.set(name, pending);
    return pending;
  };
  return {
    decoder: async (name) => new (await moduleOf(name))[name](),
    encoder: async <Name extends keyof Encoders>(name: Name) => {
      const constructors: { readonly [N in keyof Encoders]: new () => Encoders[N] } = await moduleOf(name);
      return new constructors[name]();
    },
    lossless: () => {
      const { Decoder } = require('@cornerstonejs/jpeg-lossless-decoder-js') as { Decoder: new () => LosslessDecoder };
      return new Decoder();
    },
    inflate: (bytes, maxOutputLength) => inflate(bytes, { maxBytes: maxOutputLength }),
  };
}
