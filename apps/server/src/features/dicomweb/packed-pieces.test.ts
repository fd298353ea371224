import type { ReencodedPiece } from '@negatoscope/dicom';
import { expect, test } from 'vitest';
import { packedRuns, packPieces } from './packed-pieces.ts';

test('runs keep their order, lengths and places; new bytes stand one after the other and are one run where they meet', () => {
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
    { offset: 2 ** 40, length: 2 ** 33, swapWordBytes: 1 },
  ]);
});

test('a hundred thousand new pieces are one run', () => {
  const packed = packPieces(Array.from({ length: 100_000 }, (_, at) => ({ bytes: Uint8Array.of(at & 255) })));
  expect([...packedRuns(packed)]).toEqual([{ offset: undefined, length: 100_000, swapWordBytes: 1 }]);
  expect([packed.places.length, packed.bytes[99_999]]).toEqual([3, 99_999 & 255]);
});
