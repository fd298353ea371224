import type { ReencodedPiece } from '@negatoscope/dicom';
import { expect, test } from 'vitest';
import { packedRuns, packPieces } from './packed-pieces.ts';

test('runs keep their order, lengths and places, and new bytes stand one after the other', () => {
  const pieces: ReencodedPiece[] = [
    { bytes: Uint8Array.of(1, 2) },
    { offset: 0, length: 7, swapWordBytes: 2 },
    { bytes: Uint8Array.of(3) },
    { bytes: new Uint8Array(0) },
    { offset: 2 ** 40, length: 2 ** 33, swapWordBytes: 1 },
  ];
  const packed = packPieces(pieces);
  expect([...packed.bytes]).toEqual([1, 2, 3]);
  expect(packed.sizeBytes).toBe(2 + 7 + 1 + 2 ** 33);
  expect([...packedRuns(packed)]).toEqual([
    { offset: undefined, length: 2, swapWordBytes: 1 },
    { offset: 0, length: 7, swapWordBytes: 2 },
    { offset: undefined, length: 1, swapWordBytes: 1 },
    { offset: undefined, length: 0, swapWordBytes: 1 },
    { offset: 2 ** 40, length: 2 ** 33, swapWordBytes: 1 },
  ]);
});
