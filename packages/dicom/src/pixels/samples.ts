import type { DecodedFrame } from './frame-format.ts';

/** Cells of one sample each, as numbers of the machine; `sign` of the cell is not yet that of the stored value. */
export type Cells = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

const aligned = (bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> =>
  bytes.byteOffset % size === 0 && bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Uint8Array.from(bytes);

/** The cells of a decoded frame; machines are little endian as the bytes are. Integer cells of 32 bits come signed. */
export function cellsOf({ pixels, bitsAllocated, isFloat }: DecodedFrame): Cells {
  if (bitsAllocated === 8) return pixels;
  const { buffer, byteOffset, byteLength } = aligned(pixels, bitsAllocated / 8);
  if (bitsAllocated === 16) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  if (bitsAllocated === 64) return new Float64Array(buffer, byteOffset, byteLength / 8);
  return isFloat ? new Float32Array(buffer, byteOffset, byteLength / 4) : new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** How to cut the stored value out of its cell (PS3.5 8.1.1): bits outside of it may hold old overlays. */
export interface StoredBits {
  /** Bits below the value. */
  readonly shift: number;
  readonly bits: number;
  readonly isSigned: boolean;
}

export const storedBits = (frame: Pick<DecodedFrame, 'highBit' | 'bitsStored' | 'pixelRepresentation'>): StoredBits => ({
  shift: frame.highBit + 1 - frame.bitsStored,
  bits: frame.bitsStored,
  isSigned: frame.pixelRepresentation === 1,
});

/** The stored value in a cell of at most 32 bits. */
export function storedValue(cell: number, { shift, bits, isSigned }: StoredBits): number {
  const left = 32 - bits - shift;
  return isSigned ? (cell << left) >> (32 - bits) : (cell << left) >>> (32 - bits);
}
