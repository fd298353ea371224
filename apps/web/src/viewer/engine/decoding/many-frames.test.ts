import { createRequire } from 'node:module';
import { type Decoders, decodeFrame, type EncodedFrame, type WasmDecoder } from '@negatoscope/dicom';
import { expect, test } from 'vitest';

const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

interface Encoder {
  getDecodedBuffer(size: object): Uint8Array;
  setQuality(isLossless: boolean, step: number): void;
  setDecompositions(levels: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
interface Codec {
  readonly HTJ2KDecoder: new () => WasmDecoder;
  readonly HTJ2KEncoder: new () => Encoder;
}

/** The codec of the page's worker, as Node loads it. */
async function openCodec(): Promise<Codec> {
  const silent = (): void => undefined;
  return createRequire(import.meta.url)('@cornerstonejs/codec-openjph/wasmjs')({ print: silent, printErr: silent });
}

function encoded({ HTJ2KEncoder }: Codec, side: number): EncodedFrame {
  // As rough as an image of a patient: about half of its bytes are left.
  const cells = Uint16Array.from({ length: side * side }, (_, at) => 1000 + ((at * 2_654_435_761) >>> 24) + (at % side));
  const encoder = new HTJ2KEncoder();
  const size = { width: side, height: side, bitsPerSample: 16, componentCount: 1, isSigned: false, isUsingColorTransform: false };
  encoder.getDecodedBuffer(size).set(new Uint8Array(cells.buffer));
  encoder.setQuality(true, 0);
  encoder.setDecompositions(5);
  encoder.encode();
  const bytes = encoder.getEncodedBuffer().slice();
  encoder.delete();
  return {
    ...{ rows: side, columns: side, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, highBit: 15 },
    ...{ pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, isFloat: false },
    transferSyntaxUid: '1.2.840.10008.1.2.4.202',
    bytes,
  };
}

/** Decodes one frame after the other by one codec, as one worker does; gives the largest memory that the codec had, in MiB. */
async function heapAfter(side: number, count: number): Promise<number> {
  const codec = await openCodec();
  const frame = encoded(codec, side);
  let heap = 0;
  const decoders: Decoders = {
    decoder: async () => {
      const decoder = new codec.HTJ2KDecoder();
      return {
        getEncodedBuffer: (length) => decoder.getEncodedBuffer(length),
        decode: () => decoder.decode(),
        getDecodedBuffer: () => {
          const view = decoder.getDecodedBuffer();
          heap = Math.max(heap, view.buffer.byteLength);
          return view;
        },
        getFrameInfo: () => decoder.getFrameInfo(),
        delete: () => decoder.delete(),
      };
    },
    lossless: () => {
      throw new RangeError('not asked for');
    },
    inflate: () => Promise.reject(new RangeError('not asked for')),
  };
  for (let index = 0; index < count; index += 1) {
    const { pixels } = await decodeFrame(decoders, frame);
    if (pixels.length !== side * side * 2) throw new RangeError(`frame ${index + 1}`);
  }
  return heap / 1024 / 1024;
}

// A decoder that is not deleted costs 0.7 MB of 512 x 512 and 12 MB of 2048 x 2048: both numbers are past 200 MB then.
test.each<[side: number, count: number]>([
  [512, isLong ? 6_000 : 280],
  [2048, isLong ? 400 : 18],
])(
  'a worker decodes frames of %d pixels a side, %d of them, in less than 200 MB',
  async (side, count) => {
    expect(await heapAfter(side, count)).toBeLessThan(200);
  },
  600_000,
);
