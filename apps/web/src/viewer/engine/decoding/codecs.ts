import charlsWasm from '@cornerstonejs/codec-charls/decodewasm?url';
import charls from '@cornerstonejs/codec-charls/decodewasmjs';
import turboWasm from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import turbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import jxlWasm from '@cornerstonejs/codec-libjxl/decodewasm?url';
import jxl from '@cornerstonejs/codec-libjxl/decodewasmjs';
import openjpegWasm from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import openjphWasm from '@cornerstonejs/codec-openjph/wasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasmjs';
import { Decoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import type { DecoderName, Decoders, WasmDecoder } from '@negatoscope/dicom';

interface WasmOptions {
  locateFile(file: string): string;
  print(): void;
  printErr(): void;
}

type WasmModule = Readonly<Partial<Record<DecoderName, new () => WasmDecoder>>>;
export type WasmFactory = (options: WasmOptions) => Promise<WasmModule>;

const MODULES: Readonly<Record<DecoderName, readonly [factory: WasmFactory, wasm: string]>> = {
  JPEGDecoder: [turbo, turboWasm],
  JpegLSDecoder: [charls, charlsWasm],
  J2KDecoder: [openjpeg, openjpegWasm],
  HTJ2KDecoder: [openjph, openjphWasm],
  JpegXLDecoder: [jxl, jxlWasm],
};

async function inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const source = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const result = new Uint8Array(limit);
  let length = 0;
  const reader = source.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    if (length + step.value.length > limit) throw new RangeError('too long');
    result.set(step.value, length);
    length += step.value.length;
  }
  return result.subarray(0, length);
}

/** The module of a codec came without the decoder that is named. */
class DecoderMissing extends Error {}

/** The decoders of the server, loaded by a page: each module once, when a frame needs it. */
export function createDecoders(): Decoders {
  const loaded = new Map<DecoderName, Promise<WasmModule>>();
  const silent = (): void => undefined;
  const moduleOf = (name: DecoderName): Promise<WasmModule> => {
    const [factory, wasm] = MODULES[name];
    const known = loaded.get(name) ?? factory({ locateFile: () => wasm, print: silent, printErr: silent });
    loaded.set(name, known);
    // What could not be fetched may be there the next time.
    known.catch(() => loaded.delete(name));
    return known;
  };
  return {
    decoder: async (name) => {
      const Constructor = (await moduleOf(name))[name];
      if (Constructor === undefined) throw new DecoderMissing(name);
      return new Constructor();
    },
    lossless: () => ({
      decode: (buffer, offset, length, bytesPerSample) =>
        // Its types ask for an ArrayBuffer; no buffer here is a shared one.
        new Decoder().decode(buffer as ArrayBuffer, offset, length, bytesPerSample),
    }),
    inflate,
  };
}
